//! Rules for scanned codes: tried by the tills' own eyes, saved by one, refused with a sentence, carried to the
//! tills, and had back.

use serde_json::{Value, json};

use crate::shop::{Answer, Shop};
use crate::till::Till;

const PATH: &str = "/v1/console/scan-rules";
/// A scale's label: 16.80 yuan, or 1680 grams.
const LABEL: &str = "2000101016809";
const WECHAT: &str = "134567890123456789";

fn by_weight() -> Value {
    json!({"scale": [{"prefixes": [20, 29], "layout": "weight13"}]})
}

async fn save(shop: &Shop, store: Option<&str>, edited: u32, body: Value) -> Answer {
    shop.post(PATH, json!({"store": store, "edited": edited, "body": body})).await
}

async fn tried(shop: &Shop, rules: Value, code: &str, screen: &str) -> Value {
    shop.post(&format!("{PATH}/try"), json!({"rules": rules, "code": code, "screen": screen})).await.ok()
}

/// Layout of the first scale rule that a till of the store gets; None when it is left to the till.
async fn carried(shop: &Shop, till: &Till) -> Option<String> {
    let config = till.get(shop, "/v1/sync/config?have=0").await.ok();
    config["store"]["scan_rules"]["scale"][0]["layout"].as_str().map(str::to_owned)
}

#[tokio::test]
async fn saved_rules_travel_with_the_configuration_and_earlier_ones_can_be_had_back() {
    let shop = Shop::open();
    let (first, second) = (Till::enrol(&shop, "S001", 1).await, Till::enrol(&shop, "S002", 1).await);
    assert_eq!(carried(&shop, &first).await, None);
    let listed = shop.get(PATH).await;
    assert_eq!(listed["standard"]["scale"][0]["layout"], "amount13");
    assert_eq!((&listed["chain"], &listed["stores"][0]["kept"]), (&Value::Null, &Value::Null));
    assert_eq!(save(&shop, None, 0, by_weight()).await.ok()["version"], 1);
    let own = json!({"scale": [{"prefixes": [21, 21], "layout": "weight_amount18", "amount_unit_fen": 10}]});
    save(&shop, Some("S001"), 0, own.clone()).await.ok();
    assert_eq!(carried(&shop, &first).await.as_deref(), Some("weight_amount18"));
    assert_eq!(carried(&shop, &second).await.as_deref(), Some("weight13"));
    let followed = save(&shop, Some("S001"), 1, Value::Null).await.ok();
    assert_eq!(carried(&shop, &first).await.as_deref(), Some("weight13"));
    let earlier = followed["earlier"][0]["body"].clone();
    assert_eq!(earlier, own);
    save(&shop, Some("S001"), 2, earlier).await.ok();
    assert_eq!(carried(&shop, &first).await.as_deref(), Some("weight_amount18"));
}

#[tokio::test]
async fn what_came_with_a_stores_import_counts_until_somebody_decides() {
    let shop = Shop::open();
    let till = Till::enrol(&shop, "S001", 1).await;
    let tx = shop.store.write().unwrap();
    let mut row = tx.store(&"S001".into()).unwrap().unwrap();
    row.scan_rules = Some(by_weight());
    tx.put_store(&row).unwrap();
    tx.commit().unwrap();
    let chain = json!({"scale": [{"prefixes": [20, 29], "layout": "amount_weight18"}]});
    save(&shop, None, 0, chain).await.ok();
    assert_eq!(carried(&shop, &till).await.as_deref(), Some("weight13"));
    let stores = shop.get(PATH).await["stores"].clone();
    assert_eq!(stores[0]["imported"], by_weight());
    save(&shop, Some("S001"), 0, Value::Null).await.ok();
    assert_eq!(carried(&shop, &till).await.as_deref(), Some("amount_weight18"));
}

#[tokio::test]
async fn who_comes_second_and_what_is_wrong_is_told_and_nothing_is_kept() {
    let shop = Shop::open();
    save(&shop, None, 0, by_weight()).await.ok();
    save(&shop, None, 0, by_weight()).await.refused(409, "version_changed");
    save(&shop, Some("S999"), 0, by_weight()).await.refused(404, "not_found");
    let phones = json!({"cards": [{"prefix": "138", "length": 11}]});
    let wrong = save(&shop, None, 1, phones).await.refused(422, "bad_scan_rules");
    assert!(wrong["detail"].as_str().unwrap().starts_with("第 1 条会员卡规则:"), "{wrong}");
    save(&shop, None, 1, json!({"scales": []})).await.refused(422, "bad_scan_rules");
    assert_eq!(shop.get(PATH).await["chain"]["version"], 1);
}

#[tokio::test]
async fn a_code_is_taken_for_what_a_till_with_these_rules_takes_it_for_and_secrets_stay_covered() {
    let shop = Shop::open();
    let price = tried(&shop, json!({}), LABEL, "selling").await;
    assert_eq!((&price["kind"], &price["amount_fen"]), (&json!("scale_label"), &json!(1680)));
    assert_eq!((&price["plu"], &price["check_digit"]), (&json!("00101"), &json!(true)));
    let weight = tried(&shop, by_weight(), LABEL, "selling").await;
    assert_eq!((&weight["weight_g"], &weight["amount_fen"]), (&json!(1680), &Value::Null));
    let card = tried(&shop, json!({"cards": [{"prefix": "99", "length": 8}]}), "99001234", "selling").await;
    assert_eq!((&card["kind"], &card["reason"]), (&json!("member"), &json!("会员卡号,按本店的卡号规则")));
    for screen in ["selling", "paying"] {
        let secret = tried(&shop, json!({}), WECHAT, screen).await;
        assert_eq!((&secret["kind"], &secret["shown"]), (&json!("payment"), &json!("…6789")));
    }
    let unsound = json!({"scale": [{"prefixes": [29, 20], "layout": "amount13"}]});
    assert!(tried(&shop, unsound, LABEL, "selling").await["trouble"].is_string());
    let path = format!("{PATH}/try");
    let long = json!({"rules": {}, "code": "1".repeat(513), "screen": "selling"});
    shop.post(&path, long).await.refused(422, "bad_scan_rules");
    let misspelt = json!({"rules": {"scales": []}, "code": LABEL, "screen": "selling"});
    shop.post(&path, misspelt).await.refused(422, "bad_scan_rules");
}
