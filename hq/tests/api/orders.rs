//! What operators order, over HTTP: done once, told to the tills, refused by name.

use hq::jobs::demo::members::member_id;
use ledger::fact::Fact;
use ledger::id::{Anchor, MemberId};
use serde_json::{Value, json};
use sync::protocol::path;
use sync::protocol::push::SealedPii;

use crate::interest;
use crate::shop::{Answer, Shop};
use crate::till::{Till, facts};

async fn order(shop: &Shop, body: Value) -> Answer {
    shop.post("/v1/console/orders", body).await
}

async fn state(shop: &Shop, member: MemberId) -> String {
    shop.get(&format!("/v1/read/members/{member}")).await["state"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_order_is_written_into_the_log_and_done_once() {
    let shop = Shop::open();
    let (first, second) = (member_id(1), member_id(2));
    let before = shop.points(&first.to_string()).await + shop.points(&second.to_string()).await;
    let body = json!({"order": "merge", "from": second, "to": first});
    let done = order(&shop, body.clone()).await.ok();
    assert!(!done["entries"].as_array().unwrap().is_empty());
    assert_eq!(shop.points(&second.to_string()).await, before);
    assert_eq!(order(&shop, body).await.ok()["entries"], json!([]));
    order(&shop, json!({"order": "unmerge", "member": second})).await.ok();
    order(&shop, json!({"order": "unmerge", "member": second})).await.refused(409, "not_merged");
    order(&shop, json!({"order": "block", "member": first, "why": "lost card"})).await.ok();
    assert_eq!(state(&shop, first).await, "blocked");
    order(&shop, json!({"order": "unblock", "member": first})).await.ok();
    assert_eq!(state(&shop, first).await, "active");
    let nobody = MemberId::from([9; 16]);
    order(&shop, json!({"order": "erase", "member": nobody})).await.refused(404, "unknown_member");
    shop.balanced().await;
}

#[tokio::test]
async fn an_erased_member_leaves_an_id_and_no_name() {
    let shop = Shop::open();
    let list = shop.folder.path().join("erasures.jsonl");
    shop.app.erasures.set(list.clone()).unwrap();
    let mut till = Till::enrol(&shop, "S001", 1).await;
    let (member, phone) = (MemberId::from([9; 16]), "+8619900009999");
    let hash = shop.app.keys.phone_hash(phone);
    till.record(member.into(), facts::join(member, hash));
    till.record(member.into(), facts::sale(Some(member), 30, 0, None));
    till.push_from(&shop, 1).await.ok();
    order(&shop, json!({"order": "erase", "member": member})).await.ok();
    assert_eq!(state(&shop, member).await, "erased");
    assert!(shop.get("/v1/console/members?query=9999").await.as_array().unwrap().is_empty());
    assert!(std::fs::read_to_string(&list).unwrap().contains(&member.to_string()));
    till.record(member.into(), facts::sale(Some(member), 40, 0, None));
    let later = till.push_from(&shop, 3).await.ok();
    assert_eq!(later["outcomes"][0]["verdict"], "applied");
    assert_eq!(shop.points(&member.to_string()).await, 0);
    let again = MemberId::from([10; 16]);
    let Fact::MemberNew(mut join) = facts::join(again, hash) else { panic!("a join joins") };
    join.card_no = ledger::member::card_no(900_002);
    till.record(again.into(), Fact::MemberNew(join));
    let joined = till.push_from(&shop, 4).await.ok();
    assert_eq!(joined["outcomes"][0]["code"], "ok", "the number is free again");
    shop.balanced().await;
}

#[tokio::test]
async fn a_restored_headquarters_forgets_again_before_it_serves() {
    let shop = Shop::open();
    let list = shop.folder.path().join("erasures.jsonl");
    let now = shop.app.now();
    hq::orders::forgotten::note(&list, member_id(3), now).unwrap();
    hq::orders::forgotten::note(&list, MemberId::from([9; 16]), now).unwrap();
    let again = |_| hq::orders::erasures::carry_out_again(&*shop.store, now, &list).unwrap();
    assert_eq!([1, 2].map(again), [1, 0]);
    assert_eq!(state(&shop, member_id(3)).await, "erased");
}

#[tokio::test]
async fn a_till_that_moves_leaves_what_it_did_where_it_did_it() {
    let shop = Shop::open();
    let mut till = Till::enrol(&shop, "S001", 1).await;
    till.record(Anchor::terminal(till.id), facts::sale(None, 0, 0, None));
    till.push_from(&shop, 1).await.ok();
    till.record(Anchor::terminal(till.id), facts::sale(None, 0, 0, None));
    let moved = json!({"order": "reassign", "terminal": till.id, "store": "S002", "till_no": 7});
    order(&shop, moved).await.ok();
    till.push_from(&shop, 2).await.ok();
    let epoch = ledger::id::Epoch(till.epoch.0 + 1);
    let mut after = Till { epoch, lines: Vec::new(), ..till };
    after.record(Anchor::terminal(after.id), facts::sale(None, 0, 0, None));
    after.push_from(&shop, 1).await.ok();
    let sales = shop.get("/v1/console/sales").await;
    let mut stores: Vec<&str> =
        sales.as_array().unwrap().iter().map(|sale| sale["store"].as_str().unwrap()).collect();
    stores.sort_unstable();
    assert_eq!(stores, ["S001", "S001", "S002"]);
    // A sibling of before may hold what the till told it there.
    let sibling = Till::enrol(&shop, "S001", 2).await;
    let counted = interest::snapshot(&shop, &sibling).await[0]["counted"].clone();
    let through = |terminal: u32, epoch: ledger::id::Epoch| {
        let mut streams = counted.as_array().unwrap().iter();
        let told = streams.find(|told| told["terminal"] == terminal && told["epoch"] == json!(epoch));
        told.map(|told| told["through"].clone())
    };
    assert_eq!(through(after.id.0, ledger::id::Epoch::FIRST), Some(json!(2)), "{counted}");
    assert_eq!(through(sibling.id.0, ledger::id::Epoch::FIRST), Some(json!(0)), "of which nothing came yet");
}

#[tokio::test]
async fn a_till_that_moves_lets_whom_it_met_enter_where_it_stands_and_its_siblings_hear_its_verdicts() {
    let shop = Shop::open();
    let sibling = interest::partial(&shop).await;
    let mut till = Till::enrol(&shop, "S001", 2).await;
    let there = Till::enrol(&shop, "S002", 1).await;
    let hold = |id| json!({"order": "hold", "terminal": id, "members": "store"});
    order(&shop, hold(there.id)).await.ok();
    let (mut here, mut elsewhere) = (
        interest::snapshot(&shop, &sibling).await[0]["pins"].clone(),
        interest::snapshot(&shop, &there).await[0]["pins"].clone(),
    );
    let buyer = hq::jobs::demo::members::member_id(1);
    till.record(buyer.into(), facts::sale(Some(buyer), 40, 0, None));
    order(&shop, json!({"order": "leave", "store": "S001", "member": buyer})).await.ok();
    let moved = json!({"order": "reassign", "terminal": till.id, "store": "S002", "till_no": 7});
    order(&shop, moved).await.ok();
    till.push_from(&shop, 1).await.ok();
    order(&shop, json!({"order": "leave", "store": "S001", "member": buyer})).await.ok();
    let entered = |effects: &[Value], store: &str| {
        effects.iter().filter(|told| told["effect"] == "enter" && told["store"] == store).count()
    };
    let (_, effects) = interest::pull_of(&shop, &there, "S002", &mut elsewhere).await;
    assert_eq!(entered(&effects, "S002"), 1);
    let (_, effects) = interest::pull(&shop, &sibling, &mut here).await;
    let posted = effects.iter().any(|told| told["effect"] == "post" && told["delta"] == 40);
    assert!(posted, "the sale of before is heard where it happened, though the member has left: {effects:?}");
}

#[tokio::test]
async fn a_revoked_till_is_shut_out() {
    let shop = Shop::open();
    let mut till = Till::enrol(&shop, "S001", 1).await;
    order(&shop, json!({"order": "revoke_terminal", "terminal": till.id})).await.ok();
    till.record(Anchor::terminal(till.id), facts::sale(None, 0, 0, None));
    let body = till.push_body(1, Vec::<SealedPii>::new());
    till.post(&shop, path::PUSH, body).await.refused(403, "fenced");
}
