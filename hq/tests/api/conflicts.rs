//! Conflicts between tills, end to end.

use hq::jobs::demo::members::member_id;
use ledger::fact::Fact;
use ledger::id::{Anchor, MemberId};
use serde_json::{Value, json};
use sync::protocol::path;
use sync::protocol::push::SealedPii;
use sync::protocol::signature::encode;

use crate::shop::Shop;
use crate::till::{Till, facts};

fn heroine() -> MemberId {
    member_id(1)
}

#[track_caller]
fn outcome(ack: &Value, at: usize) -> (&str, &str) {
    let outcome = &ack["outcomes"][at];
    (outcome["verdict"].as_str().unwrap(), outcome["code"].as_str().unwrap())
}

#[tokio::test]
async fn one_coupon_at_two_tills_has_one_winner_and_one_case() {
    let shop = Shop::open();
    let (mut a, mut b) = (Till::enrol(&shop, "S001", 1).await, Till::enrol(&shop, "S002", 1).await);
    let member = shop.get(&format!("/v1/read/members/{}", heroine())).await;
    let coupon = member["coupons"][0]["id"].as_str().unwrap().parse().unwrap();
    a.record(heroine().into(), facts::sale(Some(heroine()), 85, 0, Some(coupon)));
    b.record(heroine().into(), facts::sale(Some(heroine()), 85, 0, Some(coupon)));
    assert_eq!(outcome(&a.push_from(&shop, 1).await.ok(), 0), ("applied", "ok"));
    let second = b.push_from(&shop, 1).await.ok();
    assert_eq!(outcome(&second, 0), ("applied_with_exception", "coupon_reuse"));
    let cases = shop.get("/v1/read/cases?state=open").await;
    assert_eq!(cases[0]["id"], second["outcomes"][0]["case"]);
    assert_eq!(cases[0]["amount"], 1500);
    assert_eq!((&cases[0]["receipt_no"], &cases[0]["other"]), (&json!("01-261121-0001"), &Value::Null));
    assert_eq!(cases[0]["member_name_masked"], "王*梅");
    assert_eq!(shop.points(&heroine().to_string()).await, 1260 + 170);
    shop.balanced().await;
}

#[tokio::test]
async fn points_spent_at_two_tills_stop_at_zero_and_a_person_answers_once() {
    let shop = Shop::open();
    let (mut a, mut b) = (Till::enrol(&shop, "S001", 1).await, Till::enrol(&shop, "S001", 2).await);
    for till in [&mut a, &mut b] {
        till.record(heroine().into(), facts::sale(Some(heroine()), 0, 1000, None));
    }
    assert_eq!(outcome(&a.push_from(&shop, 1).await.ok(), 0), ("applied", "ok"));
    let ack = b.push_from(&shop, 1).await.ok();
    assert_eq!(outcome(&ack, 0), ("applied_with_exception", "overdraft"));
    assert_eq!(shop.points(&heroine().to_string()).await, 0);
    let case = shop.get("/v1/console/cases?state=open").await[0].clone();
    assert_eq!((&case["amount"], &case["choices"][0]), (&json!(740), &json!("write_off")));
    let path = format!("/v1/console/cases/{}/resolve", case["id"].as_str().unwrap());
    let wrong = shop.post(&path, json!({"version": 1, "choice": "merge"})).await;
    wrong.refused(400, "choice");
    shop.post(&path, json!({"version": 1, "choice": "member_owes"})).await.ok();
    let late = shop.post(&path, json!({"version": 1, "choice": "write_off"})).await;
    late.refused(409, "case_closed");
    assert_eq!(shop.points(&heroine().to_string()).await, -740);
    shop.balanced().await;
}

#[tokio::test]
async fn one_key_takes_the_proposed_answer_of_a_case_that_somebody_looks_after() {
    let shop = Shop::open();
    let mut till = Till::enrol(&shop, "S001", 1).await;
    till.record(heroine().into(), facts::sale(Some(heroine()), 0, 2000, None));
    till.push_from(&shop, 1).await.ok();
    let row = shop.get("/v1/read/cases?state=open").await[0].clone();
    assert_eq!((&row["owner"], &row["proposal"]), (&json!("headquarters"), &json!("member_owes")));
    assert_eq!((&row["stake_points"], &row["stake_fen"]), (&json!(740), &json!(0)));
    let path = |what: &str| format!("/v1/console/cases/{}/{what}", row["id"].as_str().unwrap());
    shop.post(&path("owner"), json!({"owner": "nobody"})).await.refused(400, "malformed");
    shop.post(&path("owner"), json!({"owner": "admin"})).await.ok();
    assert_eq!(shop.get("/v1/read/cases?state=open").await[0]["owner"], "admin");
    let done = shop.post(&path("accept"), json!({"version": 1})).await.ok();
    assert_eq!(done["choice"], "member_owes");
    shop.post(&path("accept"), json!({"version": 1})).await.refused(409, "case_closed");
    shop.post(&path("owner"), json!({"owner": null})).await.refused(409, "case_closed");
    assert_eq!(shop.points(&heroine().to_string()).await, -740);
    shop.balanced().await;
}

#[tokio::test]
async fn a_refund_that_overtakes_its_sale_is_decided_when_the_sale_comes() {
    let shop = Shop::open();
    let (mut a, mut b) = (Till::enrol(&shop, "S001", 1).await, Till::enrol(&shop, "S001", 2).await);
    let sold = a.record(heroine().into(), facts::sale(Some(heroine()), 100, 0, None));
    b.record(heroine().into(), facts::refund(&sold));
    b.record(Anchor::terminal(b.id), facts::sale(None, 0, 0, None));
    let early = b.push_from(&shop, 1).await.ok();
    assert_eq!((outcome(&early, 0), outcome(&early, 1)), (("parked", "unknown_ref"), ("applied", "ok")));
    assert_eq!((&early["received_through"], &early["decided_through"]), (&json!(2), &json!(0)));
    a.push_from(&shop, 1).await.ok();
    let asked = json!({"epoch": b.epoch, "from_seq": 1}).to_string();
    let known = b.post(&shop, path::VERDICTS, asked.into_bytes()).await.ok();
    assert_eq!(outcome(&known, 0), ("applied", "ok"));
    assert_eq!((&known["decided_through"], &known["complete"]), (&json!(2), &json!(true)));
    assert_eq!(shop.points(&heroine().to_string()).await, 1260);
    b.record(heroine().into(), facts::refund(&sold));
    let again = b.push_from(&shop, 3).await.ok();
    assert_eq!(outcome(&again, 0), ("applied_with_exception", "over_refund"));
    assert_eq!(shop.points(&heroine().to_string()).await, 1260);
    shop.balanced().await;
}

#[tokio::test]
async fn a_joining_members_number_is_kept_at_headquarters_only() {
    let shop = Shop::open();
    let mut till = Till::enrol(&shop, "S001", 1).await;
    let (member, phone) = (MemberId::from([9; 16]), "+8619900009999");
    till.record(member.into(), facts::join(member, shop.app.keys.phone_hash(phone)));
    let public: [u8; 32] = sync::protocol::signature::decode(&till.seal).unwrap().try_into().unwrap();
    let plain = json!({"phone": phone, "name": "韩梅梅"}).to_string();
    let sealed = crypto_box::PublicKey::from_bytes(public)
        .seal(&mut crypto_box::aead::OsRng, plain.as_bytes())
        .unwrap();
    let pii = vec![SealedPii { seq: 1, sealed: encode(&sealed) }];
    let ack = till.post(&shop, path::PUSH, till.push_body(1, pii)).await.ok();
    assert_eq!(outcome(&ack, 0), ("applied", "ok"));
    let found = shop.get("/v1/console/members?query=9999").await;
    assert_eq!(found[0]["name_masked"], "韩*梅");
    assert!(!found.to_string().contains("19900009999"), "the console shows masks");
    let log = till.post(&shop, path::PULL, pull_all(&till)).await;
    let lines = log.lines();
    let text = format!("{lines:?}");
    assert!(text.contains("韩梅梅") && !text.contains("19900009999"), "the name comes beside the entries");
}

#[tokio::test]
async fn a_merged_members_card_is_in_the_snapshot_with_whom_it_finds() {
    let shop = Shop::open();
    let mut till = Till::enrol(&shop, "S001", 1).await;
    let (first, second) = (MemberId::from([9; 16]), MemberId::from([10; 16]));
    let phone = shop.app.keys.phone_hash("+8619900009999");
    till.record(first.into(), facts::join(first, phone));
    let Fact::MemberNew(mut again) = facts::join(second, phone) else { panic!("a join joins") };
    again.card_no = ledger::member::card_no(900_002);
    till.record(second.into(), Fact::MemberNew(again));
    assert_eq!(outcome(&till.push_from(&shop, 1).await.ok(), 1), ("applied", "same_phone"));
    let lines = till.get(&shop, path::SNAPSHOT).await.lines();
    let at = |what: &dyn Fn(&Value) -> bool| lines.iter().position(what).unwrap();
    let row = at(&|line| line["member"]["card_no"] == json!(ledger::member::card_no(900_002)));
    let alias = at(&|line| *line == json!({"row": "a", "from": second, "to": first}));
    assert!(row < alias);
    assert_eq!(lines[0]["members"], 21, "two joins are one member");
    assert_eq!(lines[lines.len() - 1]["rows"].as_u64().unwrap() as usize, lines.len() - 2);
}

pub fn pull_all(till: &Till) -> Vec<u8> {
    let cursors: Vec<Value> =
        (0..256).map(|shard| json!({"shard": shard, "lsn": 0, "chain": "0".repeat(64)})).collect();
    json!({"log_epoch": till.log_epoch, "cursors": cursors, "entries_max": 5000}).to_string().into_bytes()
}
