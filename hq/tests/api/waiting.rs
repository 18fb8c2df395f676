//! What waits for something that does not come.

use hq::jobs::demo::members::member_id;
use hq::jobs::parked;
use ledger::time::HOUR_MS;
use serde_json::{Value, json};

use crate::shop::Shop;
use crate::till::{Till, facts};

async fn after_hours(shop: &Shop, hours: i64) -> Vec<Value> {
    let (store, now) = (shop.store.clone(), shop.app.now().plus_ms(hours * HOUR_MS + 1));
    tokio::task::spawn_blocking(move || parked::tick(&*store, now)).await.unwrap().unwrap();
    let open = shop.get("/v1/read/cases?state=open").await;
    let ours = |case: &&Value| case["kind"] != json!("id_collision");
    open.as_array().unwrap().iter().filter(ours).cloned().collect()
}

#[tokio::test]
async fn what_waits_for_a_day_is_a_case_until_it_is_decided() {
    let shop = Shop::open();
    let (mut a, mut b) = (Till::enrol(&shop, "S001", 1).await, Till::enrol(&shop, "S001", 2).await);
    let sold = a.record(member_id(1).into(), facts::sale(Some(member_id(1)), 100, 0, None));
    b.record(member_id(1).into(), facts::refund(&sold));
    b.push_from(&shop, 1).await.ok();
    assert_eq!(after_hours(&shop, 23).await, Vec::<Value>::new());
    let cases = after_hours(&shop, 24).await;
    assert_eq!(cases.len(), 1, "{cases:?}");
    let case = &cases[0];
    assert_eq!((&case["kind"], &case["owner"]), (&json!("parked_too_long"), &json!("store")));
    assert_eq!((&case["proposal"], &case["amount"]), (&json!("acknowledge"), &json!(0)));
    assert!(case["age_ms"].is_i64() && case["detail"].as_str().unwrap().contains("waits for"), "{case}");
    assert_eq!(after_hours(&shop, 25).await.len(), 1, "one case, however often one looks");
    a.push_from(&shop, 1).await.ok();
    assert_eq!(after_hours(&shop, 26).await, Vec::<Value>::new(), "the sale came, nothing waits");
}

#[tokio::test]
async fn a_refund_whose_sale_never_comes_and_that_nothing_proves_is_set_aside_after_three_days() {
    let shop = Shop::open();
    let (mut a, mut b) = (Till::enrol(&shop, "S001", 1).await, Till::enrol(&shop, "S001", 2).await);
    let sold = a.record(member_id(1).into(), facts::sale(Some(member_id(1)), 100, 0, None));
    b.record(member_id(1).into(), facts::refund(&sold));
    b.push_from(&shop, 1).await.ok();
    after_hours(&shop, 71).await;
    let cases = after_hours(&shop, 72).await;
    let kinds: Vec<&Value> = cases.iter().map(|case| &case["kind"]).collect();
    assert_eq!(kinds, ["unproven_refund"], "and nothing waits any more");
    let event = shop.get(&format!("/v1/read/events/{}/{}/1", b.id, b.epoch)).await;
    assert_eq!((&event["verdict"], &event["waits_for"]), (&json!("quarantined"), &Value::Null));
    shop.balanced().await;
}
