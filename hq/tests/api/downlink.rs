//! Snapshot, pull, feed and configuration: a till from nothing, then by what changed.

use std::time::Duration;

use futures_util::StreamExt as _;
use hq::jobs::demo::members::member_id;
use hq::routes::routes;
use ledger::id::Hash;
use serde_json::{Value, json};
use sync::protocol::entry::chain;
use sync::protocol::path;
use tower::ServiceExt as _;

use crate::conflicts::pull_all;
use crate::shop::Shop;
use crate::till::{Slip, Till, facts};

#[tokio::test]
async fn a_snapshot_holds_every_member_and_the_feed_goes_on_from_its_pins() {
    let shop = Shop::open();
    let mut till = Till::enrol(&shop, "S001", 1).await;
    let lines = till.get(&shop, path::SNAPSHOT).await.lines();
    let (head, last) = (&lines[0], &lines[lines.len() - 1]);
    assert_eq!((&head["members"], &last["row"]), (&json!(20), &json!("end")));
    assert_eq!(last["rows"].as_u64().unwrap() as usize, lines.len() - 2);
    let buyer = member_id(1);
    let row = lines.iter().find(|line| line["member"]["id"] == json!(buyer)).unwrap();
    assert_eq!((&row["points"], &row["quota"]), (&json!(1260), &json!(630)));

    till.record(buyer.into(), facts::sale(Some(buyer), 40, 0, None));
    till.push_from(&shop, 1).await.ok();
    let asked = json!({"log_epoch": till.log_epoch, "cursors": head["pins"], "entries_max": 100});
    let page = till.post(&shop, path::PULL, asked.to_string().into_bytes()).await.lines();
    assert_eq!((&page[0]["frames"], &page[0]["more"], page.len()), (&json!(1), &json!(false), 3));
    let posts: Vec<&Value> =
        page[2]["effects"].as_array().unwrap().iter().filter(|e| e["effect"] == "post").collect();
    assert!(posts.iter().any(|post| post["balance_after"] == 1300), "{posts:?}");
}

#[tokio::test]
async fn every_line_of_the_log_continues_the_chain_that_its_frame_names() {
    let shop = Shop::open();
    let mut till = Till::enrol(&shop, "S001", 1).await;
    for _ in 0..3 {
        till.record(member_id(1).into(), facts::sale(Some(member_id(1)), 1, 0, None));
    }
    till.push_from(&shop, 1).await.ok();
    let answer = till.post(&shop, path::PULL, pull_all(&till)).await;
    let text = String::from_utf8(zstd::decode_all(&answer.body[..]).unwrap()).unwrap();
    let mut lines = text.lines().skip(1);
    let mut frames = 0;
    while let Some(frame) = lines.next() {
        let frame: Value = serde_json::from_str(frame).unwrap();
        let count = usize::try_from(frame["count"].as_u64().unwrap()).unwrap();
        let end = (0..count).fold(Hash::ZERO, |before, _| chain(&before, lines.next().unwrap()));
        assert_eq!(frame["to_chain"], json!(end));
        let cursor = json!([{"shard": frame["shard"], "lsn": frame["to_lsn"], "chain": end}]);
        let welcome = till.hello(&shop, 3, till.lines[2].hash, cursor).await;
        assert_eq!(welcome["actions"], json!([]));
        frames += 1;
    }
    assert!(frames > 1);
    let lost = json!([{"shard": 0, "lsn": 9_999, "chain": Hash::of(b"another past")}]);
    let welcome = till.hello(&shop, 3, till.lines[2].hash, lost).await;
    assert_eq!(welcome["actions"], json!([{"do": "rebootstrap"}]));
}

#[tokio::test]
async fn a_waiting_poll_is_woken_by_another_tills_sale() {
    let shop = Shop::open();
    let (a, mut b) = (Till::enrol(&shop, "S001", 1).await, Till::enrol(&shop, "S002", 1).await);
    let now = a.get(&shop, "/v1/pull?wait=0&after=0").await.ok();
    let version = now["version"].as_u64().unwrap();
    assert_eq!(now["heads"].as_array().unwrap().len(), 256);
    b.record(member_id(1).into(), facts::sale(Some(member_id(1)), 5, 0, None));
    let path = format!("/v1/pull?wait=25&after={version}");
    let both = async { tokio::join!(a.get(&shop, &path), b.push_from(&shop, 1)) };
    let (woken, pushed) = tokio::time::timeout(Duration::from_secs(10), both).await.unwrap();
    pushed.ok();
    assert!(woken.ok()["version"].as_u64().unwrap() > version);
}

#[tokio::test]
async fn a_till_that_only_listens_is_not_silent() {
    let shop = Shop::open();
    let (idle, mut busy) = (Till::enrol(&shop, "S001", 1).await, Till::enrol(&shop, "S002", 1).await);
    let request = idle.signed("GET", path::FEED, Vec::new(), &Slip::now(&shop));
    let response = routes(shop.app.clone()).oneshot(request).await.unwrap();
    let mut stream = response.into_body().into_data_stream();
    stream.next().await.unwrap().unwrap();
    let long_ago = shop.app.now().plus_ms(-3_600_000);
    shop.app.contact(idle.id, long_ago);
    busy.record(member_id(1).into(), facts::sale(Some(member_id(1)), 5, 0, None));
    busy.push_from(&shop, 1).await.ok();
    stream.next().await.unwrap().unwrap();
    let silent_ms = shop.get("/v1/console/tills").await[0]["silent_ms"].as_i64().unwrap();
    assert!(silent_ms < 60_000, "{silent_ms}");
}

#[tokio::test]
async fn the_configuration_comes_once_per_version() {
    let shop = Shop::open();
    let till = Till::enrol(&shop, "S001", 1).await;
    let config = till.get(&shop, path::CONFIG).await;
    assert!(config.headers.contains_key("suanpan-time"));
    let config = config.ok();
    assert_eq!(config["store"]["id"], "S001");
    assert!(config["items"].as_array().unwrap().len() > 220);
    assert_eq!(config["staff"].as_array().unwrap().len(), 3);
    let have = format!("{}?have={}", path::CONFIG, config["version"]);
    assert_eq!(till.get(&shop, &have).await.status.as_u16(), 304);
}
