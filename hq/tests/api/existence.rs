//! The existence filter of tills that hold their store's members: all of the chain are in it, and whoever joins
//! later comes with the pull.

use axum::http::StatusCode;
use axum::http::header::RANGE;
use ledger::existence::{Filter, Key, may_hold};
use ledger::id::{Hash, MemberId};
use ledger::time::Timestamp;
use serde_json::{Value, json};
use sync::protocol::existence::Part;
use sync::protocol::pack::Pack;
use sync::protocol::path;
use sync::protocol::snapshot::MemberRow;

use crate::interest::{partial, pull, snapshot};
use crate::shop::Shop;
use crate::till::{Slip, Till, facts};

const PHONE: &str = "+8619900009999";

async fn pack(shop: &Shop, till: &Till) -> Pack {
    serde_json::from_value(till.get(shop, path::PACK).await.ok()).unwrap()
}

fn rows(lines: &[Value]) -> Vec<MemberRow> {
    let rows = lines.iter().filter(|line| line["row"] == "m");
    rows.map(|line| serde_json::from_value(line["member"].clone()).unwrap()).collect()
}

fn somebody(n: u8) -> MemberId {
    MemberId::new(Timestamp(1_795_000_000_000), [n; 10])
}

#[tokio::test]
async fn a_stores_till_learns_of_every_member_of_the_chain_that_it_is_one() {
    let shop = Shop::open();
    let everybody = Till::enrol(&shop, "S001", 2).await;
    let till = partial(&shop).await;
    assert!(pack(&shop, &everybody).await.existence.is_empty(), "who holds all members needs no filter");
    let told = pack(&shop, &till).await;
    let [segment] = told.existence[..] else { panic!("a small chain has one part: {:?}", told.existence) };
    let packed = till.get(&shop, &segment.path()).await.body;
    assert_eq!((Hash::of(&packed), packed.len() as u64), (segment.blake3, segment.bytes));
    let plain = zstd::decode_all(&packed[..]).unwrap();
    let part = Part::parse(&plain).unwrap();
    let all = rows(&snapshot(&shop, &everybody).await);
    assert_eq!((part.first, part.pages, part.keys), (0, part.end(), 2 * all.len() as u64));
    assert_eq!(segment.rows, u64::from(part.pages));
    assert!(all.len() > rows(&snapshot(&shop, &till).await).len());
    let page_bytes = part.bits.len() / part.pages as usize;
    let held =
        |key: Key| may_hold(&part.bits[key.page(part.pages) as usize * page_bytes..][..page_bytes], key);
    assert!(all.iter().flat_map(|row| shop.app.keys.existence(row)).all(held));
    let strangers =
        (0..2_000).filter(|n| held(Key::phone(&Hash::of(format!("nobody {n}").as_bytes())))).count();
    assert!(strangers < 60, "{strangers} of 2000");

    let mut request = till.signed("GET", &segment.path(), Vec::new(), &Slip::now(&shop));
    request.headers_mut().insert(RANGE, "bytes=20-".parse().unwrap());
    let rest = shop.ask(request).await;
    assert_eq!((rest.status, &rest.body[..]), (StatusCode::PARTIAL_CONTENT, &packed[20..]));
}

#[tokio::test]
async fn whoever_joins_elsewhere_is_told_with_the_entry_that_is_left_out() {
    let shop = Shop::open();
    let mut other = Till::enrol(&shop, "S002", 1).await;
    let till = partial(&shop).await;
    let mut cursors = snapshot(&shop, &till).await[0]["pins"].clone();
    let mut all = cursors.clone();
    let member = somebody(7);
    let mut fact = facts::join(member, shop.app.keys.phone_hash(PHONE));
    if let ledger::fact::Fact::MemberNew(join) = &mut fact {
        join.home_store = "S002".into();
    }
    other.record(member.into(), fact);
    other.push_from(&shop, 1).await.ok();
    let (frames, effects) = pull(&shop, &till, &mut cursors).await;
    assert!(effects.is_empty(), "the entry concerns nobody here: {effects:?}");
    let row = rows(&snapshot(&shop, &other).await).into_iter().find(|row| row.id == member).unwrap();
    let keys = shop.app.keys.existence(&row);
    assert!(keys.iter().all(|key| !Filter::with_room_for(0).may_hold(*key)));
    assert_eq!(frames.iter().find_map(|frame| frame.get("existence")), Some(&json!(keys)));
    let (whole, _) = pull(&shop, &other, &mut all).await;
    assert!(
        whole.iter().all(|frame| frame.get("existence").is_none()),
        "who holds all members needs no keys"
    );

    other.record(member.into(), facts::sale(Some(member), 40, 0, None));
    other.push_from(&shop, 2).await.ok();
    let (frames, _) = pull(&shop, &till, &mut cursors).await;
    assert!(frames.iter().all(|frame| frame.get("existence").is_none()), "a sale makes nobody: {frames:?}");
}

#[tokio::test]
async fn who_was_erased_is_in_no_filter_and_in_no_pull() {
    let shop = Shop::open();
    let mut other = Till::enrol(&shop, "S002", 1).await;
    let till = partial(&shop).await;
    let before = snapshot(&shop, &till).await[0]["pins"].clone();
    let member = somebody(9);
    other.record(member.into(), facts::join(member, shop.app.keys.phone_hash(PHONE)));
    other.push_from(&shop, 1).await.ok();
    let keys = |pack: &Pack| pack.existence[0].blake3;
    let with = pack(&shop, &till).await;
    shop.post("/v1/console/orders", json!({"order": "erase", "member": member})).await.ok();
    assert_ne!(keys(&pack(&shop, &till).await), keys(&with));
    till.get(&shop, &with.existence[0].path()).await.refused(404, "not_found");
    let (frames, _) = pull(&shop, &till, &mut before.clone()).await;
    assert!(frames.iter().all(|frame| frame.get("existence").is_none()), "{frames:?}");
}
