//! A person who asked to be forgotten is in no line and in no row, and every log still holds together.

use hq::jobs::move_database::census;
use hq::store::tables::{Cell, TABLES};
use ledger::fact::{Fact, MemberEdit};
use ledger::id::{Anchor, MemberId};
use ledger::profile::{FieldEdit, ProfileField};
use serde_json::{Value, json};
use sync::protocol::entry::{Person, chain};
use sync::protocol::path;
use sync::protocol::pull::Frame;
use sync::protocol::push::SealedPii;
use sync::protocol::signature::{decode, encode};

use crate::conflicts::pull_all;
use crate::shop::Shop;
use crate::till::{Till, facts};

const PHONE: &str = "+8619900009999";
const NAME: &str = "韩梅梅";
/// What she is called after she married.
const LATER_NAME: &str = "李韩梅";

fn sealed(till: &Till, seq: u64, name: &str) -> SealedPii {
    let public: [u8; 32] = decode(&till.seal).unwrap().try_into().unwrap();
    let plain = json!({"phone": PHONE, "name": name}).to_string();
    let public = crypto_box::PublicKey::from_bytes(public);
    let blob = public.seal(&mut crypto_box::aead::OsRng, plain.as_bytes()).unwrap();
    SealedPii { seq, sealed: encode(&blob) }
}

/// Joins, buys, changes her name, is blocked and unblocked.
async fn a_life(shop: &Shop, till: &mut Till, member: MemberId) {
    till.record(member.into(), facts::join(member, shop.app.keys.phone_hash(PHONE)));
    till.record(member.into(), facts::sale(Some(member), 30, 0, None));
    let edit = FieldEdit {
        field: ProfileField::Name,
        basis_ver: 0,
        value: ledger::member::mask_name(LATER_NAME),
        proven: false,
    };
    let wish = MemberEdit { member_id: member, staff: "1001".into(), edits: vec![edit] };
    till.record(member.into(), Fact::MemberEdit(wish));
    let pii = vec![sealed(till, 1, NAME), sealed(till, 3, LATER_NAME)];
    till.post(shop, path::PUSH, till.push_body(1, pii)).await.ok();
    for order in ["block", "unblock"] {
        let body = json!({"order": order, "member": member, "why": "lost card"});
        shop.post("/v1/console/orders", body).await.ok();
    }
}

/// Every frame from the beginning, with its lines; each continues the chain.
async fn frames(shop: &Shop, till: &Till) -> Vec<(Frame, Vec<String>)> {
    let answer = till.post(shop, path::PULL, pull_all(till)).await;
    let plain = String::from_utf8(zstd::decode_all(&answer.body[..]).unwrap()).unwrap();
    let mut lines = plain.lines().skip(1);
    let mut frames = Vec::new();
    while let Some(head) = lines.next() {
        let frame: Frame = serde_json::from_str(head).unwrap();
        let entries: Vec<String> = lines.by_ref().take(frame.count as usize).map(str::to_owned).collect();
        let end = entries.iter().fold(ledger::id::Hash::ZERO, |before, line| chain(&before, line));
        assert_eq!(end, frame.to_chain);
        frames.push((frame, entries));
    }
    frames
}

fn persons(frames: &[(Frame, Vec<String>)], member: MemberId) -> Vec<&Person> {
    let shard = Anchor::from(member).shard();
    let here = frames.iter().filter(|(frame, _)| frame.shard == shard);
    here.flat_map(|(frame, _)| &frame.persons).filter(|person| person.phone_mask == "199****9999").collect()
}

/// Every cell of every table as text, with its table; what tills sent is told by [`sent`].
fn cells(shop: &Shop, tables: impl Fn(&str) -> bool) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let tx = shop.store.read().unwrap();
    for table in TABLES.iter().filter(|table| tables(table.name)) {
        tx.dump(table, &mut |row| {
            for cell in row {
                let text = match cell {
                    Cell::Text(text) => text,
                    Cell::Bytes(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
                    _ => continue,
                };
                all.push((table.name.to_owned(), text));
            }
            Ok(())
        })
        .unwrap();
    }
    all
}

fn found(cells: &[(String, String)], word: &str) -> Vec<String> {
    cells.iter().filter(|(_, text)| text.contains(word)).map(|(table, _)| table.clone()).collect()
}

#[tokio::test]
async fn an_erased_member_is_in_no_line_of_the_log_and_the_chain_still_holds() {
    let shop = Shop::open();
    let mut till = Till::enrol(&shop, "S001", 1).await;
    let member = MemberId::from([9; 16]);
    a_life(&shop, &mut till, member).await;
    let before = frames(&shop, &till).await;
    let told = persons(&before, member);
    assert!(told.iter().any(|person| person.name == NAME) && told.iter().any(|p| p.name == LATER_NAME));
    let lines =
        |frames: &[(Frame, Vec<String>)]| frames.iter().flat_map(|(_, l)| l.clone()).collect::<Vec<_>>();
    let card = ledger::member::card_no(900_001);
    for word in [NAME, LATER_NAME, "199****9999", &card] {
        assert!(!lines(&before).iter().any(|line| line.contains(word)), "{word} is in the log");
    }
    shop.post("/v1/console/orders", json!({"order": "erase", "member": member})).await.ok();
    let after = frames(&shop, &till).await;
    assert!(persons(&after, member).is_empty(), "nobody tells who it was");
    let (before, after) = (lines(&before), lines(&after));
    assert!(after.len() > before.len() && before.iter().all(|line| after.contains(line)), "no line changed");
    census(&*shop.store.read().unwrap()).unwrap();
}

#[tokio::test]
async fn an_erased_member_is_in_no_table_but_in_what_the_till_wrote_itself() {
    let shop = Shop::open();
    let mut till = Till::enrol(&shop, "S001", 1).await;
    let member = MemberId::from([9; 16]);
    a_life(&shop, &mut till, member).await;
    let everything = cells(&shop, |_| true);
    assert!(!found(&everything, NAME).is_empty(), "the search finds what is there");
    shop.post("/v1/console/orders", json!({"order": "erase", "member": member})).await.ok();
    let everything = cells(&shop, |_| true);
    for word in [NAME, LATER_NAME, PHONE] {
        assert_eq!(found(&everything, word), Vec::<String>::new(), "{word}");
    }
    // The event of the join names its card and masks, and its line cannot be changed.
    let ours = cells(&shop, |table| table != "inbox");
    let hash = shop.app.keys.phone_hash(PHONE).to_string();
    for word in ["199****9999", "韩*梅", &ledger::member::card_no(900_001), &hash] {
        assert_eq!(found(&ours, word), Vec::<String>::new(), "{word}");
    }
    let _: Value = shop.get("/v1/read/trial-balance").await;
    shop.balanced().await;
}
