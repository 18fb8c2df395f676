//! What people at headquarters can do.

use axum::body::Body;
use axum::http::Request;
use hq::jobs::demo::members::member_id;
use hq::jobs::nightly::night;
use ledger::id::Anchor;
use serde_json::{Value, json};

use crate::shop::{Answer, Shop};
use crate::till::{Till, facts};

async fn sign_in(shop: &Shop, body: Value) -> Answer {
    shop.ask(Request::post("/v1/console/sign-in").body(Body::from(body.to_string())).unwrap()).await
}

#[tokio::test]
async fn the_first_password_works_once_and_must_be_exchanged() {
    let shop = Shop::open();
    let first = shop.password.clone();
    sign_in(&shop, json!({"password": "guess"})).await.refused(401, "wrong_password");
    sign_in(&shop, json!({"password": first})).await.refused(403, "new_password");
    let weak = json!({"password": first, "new_password": "short"});
    sign_in(&shop, weak).await.refused(400, "weak_password");
    let good = json!({"password": first, "new_password": "a longer password"});
    let session = sign_in(&shop, good).await.ok();
    sign_in(&shop, json!({"password": first})).await.refused(401, "wrong_password");
    sign_in(&shop, json!({"password": "a longer password"})).await.ok();
    let bearer = format!("Bearer {}", session["token"].as_str().unwrap());
    let request = Request::get("/v1/console/overview").header("authorization", bearer);
    let overview = shop.ask(request.body(Body::empty()).unwrap()).await.ok();
    assert_eq!(overview["members"], 20);
    let bare = Request::get("/v1/console/overview").body(Body::empty()).unwrap();
    shop.ask(bare).await.refused(401, "sign_in");
}

#[tokio::test]
async fn a_members_number_is_explained_by_its_entries() {
    let shop = Shop::open();
    let mut till = Till::enrol(&shop, "S001", 1).await;
    let buyer = member_id(1);
    till.record(buyer.into(), facts::sale(Some(buyer), 90, 200, None));
    till.push_from(&shop, 1).await.ok();
    let member = shop.get(&format!("/v1/console/members/{buyer}")).await;
    let entries: Vec<_> = member["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| {
            (
                e["reason"].as_str().unwrap(),
                e["delta"].as_i64().unwrap(),
                e["balance_after"].as_i64().unwrap(),
            )
        })
        .collect();
    assert_eq!(entries, [("earn", 90, 1150), ("redeem", -200, 1060), ("opening", 1260, 1260)]);
    assert_eq!((&member["points"], &member["name_masked"]), (&json!(1150), &json!("王*梅")));
    let receipts: Vec<_> = (0..3).map(|at| member["entries"][at]["receipt_no"].as_str()).collect();
    assert_eq!(receipts, [Some("01-261121-0001"), Some("01-261121-0001"), None]);
    let sale = &shop.get("/v1/console/sales").await[0];
    assert_eq!(sale["member_name_masked"], "王*梅");
    let by_card = shop.get(&format!("/v1/console/members?query={}", ledger::member::card_no(1))).await;
    assert_eq!(by_card[0]["id"], json!(buyer));
}

#[tokio::test]
async fn a_till_that_holds_more_than_it_sent_shows_its_lag() {
    let shop = Shop::open();
    let mut till = Till::enrol(&shop, "S001", 1).await;
    for _ in 0..3 {
        till.record(Anchor::terminal(till.id), facts::sale(None, 0, 0, None));
    }
    till.hello(&shop, 3, till.lines[2].hash, json!([])).await;
    let row = shop.get("/v1/console/tills").await[0].clone();
    assert_eq!((&row["received"], &row["unreceived"], &row["store"]), (&json!(0), &json!(3), &json!("S001")));
    till.push_from(&shop, 1).await.ok();
    let row = shop.get("/v1/console/tills").await[0].clone();
    assert_eq!((&row["received"], &row["unreceived"]), (&json!(3), &json!(0)));
    let sales = shop.get("/v1/console/sales?limit=2").await;
    assert_eq!((sales.as_array().unwrap().len(), &sales[0]["verdict"]), (2, &json!("applied")));
    let day = shop.get("/v1/read/stores/S001/days/2026-11-21").await;
    assert_eq!((&day["state"], &day["total_fen"]), (&json!("missing"), &json!(30_000)));
}

#[tokio::test]
async fn a_night_shows_who_is_missing_and_closes_no_book() {
    let shop = Shop::open();
    let mut till = Till::enrol(&shop, "S001", 1).await;
    till.record(Anchor::terminal(till.id), facts::sale(None, 0, 0, None));
    till.push_from(&shop, 1).await.ok();
    let told = shop.get("/v1/console/nights/2026-11-21").await;
    assert_eq!(told["closed"], json!(false));
    let store = &told["night"]["stores"][0];
    assert_eq!((&store["store"], &store["state"]), (&json!("S001"), &json!("missing")));
    assert_eq!((&store["till_total_fen"], &store["hq_total_fen"]), (&Value::Null, &json!(10_000)));
    assert_eq!(told["night"]["summary"], "2026-11-21: 1 stores, 0 agreed, 0 differ, 1 missing");
    night::run(&*shop.store, shop.app.now(), "2026-11-21".parse().unwrap()).unwrap();
    let newest = shop.get("/v1/console/nights/newest").await;
    assert_eq!((&newest["closed"], &newest["night"]["date"]), (&json!(true), &json!("2026-11-21")));
    let odd = Request::get("/v1/console/nights/tomorrow");
    let odd = odd.header("authorization", format!("Bearer {}", shop.token)).body(Body::empty());
    shop.ask(odd.unwrap()).await.refused(400, "malformed");
}
