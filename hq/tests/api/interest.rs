//! A till that holds its store's members: what its pack and its pulls hold, who enters and who leaves.

use std::collections::BTreeSet;

use hq::auth::code;
use hq::interest::{self, Holding};
use hq::jobs::demo::members::member_id;
use ledger::id::MemberId;
use serde_json::{Value, json};
use sync::protocol::path;

use crate::shop::Shop;
use crate::till::{Till, facts};

/// A till of S001 that holds the members of S001.
pub async fn partial(shop: &Shop) -> Till {
    let till = Till::enrol(shop, "S001", 1).await;
    shop.post("/v1/console/orders", json!({"order": "hold", "terminal": till.id, "members": "store"}))
        .await
        .ok();
    till
}

pub async fn snapshot(shop: &Shop, till: &Till) -> Vec<Value> {
    till.get(shop, path::SNAPSHOT).await.lines()
}

fn members(lines: &[Value]) -> BTreeSet<MemberId> {
    let rows = lines.iter().filter(|line| line["row"] == "m");
    rows.map(|line| serde_json::from_value(line["member"]["id"].clone()).unwrap()).collect()
}

/// Somebody whose home is the other store.
fn stranger(all: &[Value]) -> MemberId {
    let row = all.iter().find(|line| line["row"] == "m" && line["member"]["home_store"] == "S002").unwrap();
    serde_json::from_value(row["member"]["id"].clone()).unwrap()
}

/// What follows the cursors, which then stand behind it: frames, and their effects.
pub async fn pull(shop: &Shop, till: &Till, cursors: &mut Value) -> (Vec<Value>, Vec<Value>) {
    pull_of(shop, till, "S001", cursors).await
}

/// The same for a till of `store`, which holds all members or those of its store.
pub async fn pull_of(shop: &Shop, till: &Till, store: &str, cursors: &mut Value) -> (Vec<Value>, Vec<Value>) {
    let mut asked = json!({"log_epoch": till.log_epoch, "cursors": cursors, "entries_max": 1000});
    if snapshot(shop, till).await[0]["members_of"] == store {
        asked["members_of"] = json!(store);
        let unsaid = json!({"log_epoch": till.log_epoch, "cursors": [], "entries_max": 1});
        till.post(shop, path::PULL, unsaid.to_string().into_bytes()).await.refused(409, "log_epoch");
    }
    let lines = till.post(shop, path::PULL, asked.to_string().into_bytes()).await.lines();
    let (frames, entries): (Vec<Value>, Vec<Value>) =
        lines[1..].iter().cloned().partition(|line| line.get("to_lsn").is_some());
    for frame in &frames {
        let cursors = cursors.as_array_mut().unwrap();
        let cursor = cursors.iter_mut().find(|cursor| cursor["shard"] == frame["shard"]).unwrap();
        *cursor = json!({"shard": frame["shard"], "lsn": frame["to_lsn"], "chain": frame["to_chain"]});
    }
    let effects = entries.iter().flat_map(|entry| entry["effects"].as_array().unwrap().clone());
    (frames, effects.collect())
}

fn named<'a>(effects: &'a [Value], effect: &str) -> Vec<&'a Value> {
    effects.iter().filter(|told| told["effect"] == effect).collect()
}

async fn hello(shop: &Shop, till: &Till, members_of: Value, cursors: &Value) -> Value {
    let hello = json!({
        "proto": 1, "app_version": "0.1.0", "log_epoch": till.log_epoch, "generation": 1, "streams": [],
        "cursors": cursors, "members_of": members_of, "t_wall": "2026-11-21T06:02:00Z",
    });
    till.post(shop, path::HELLO, hello.to_string().into_bytes()).await.ok()["actions"].clone()
}

#[tokio::test]
async fn a_till_of_its_stores_members_begins_with_them_and_nobody_else() {
    let shop = Shop::open();
    let other = Till::enrol(&shop, "S001", 2).await;
    let till = partial(&shop).await;
    let (all, some) = (snapshot(&shop, &other).await, snapshot(&shop, &till).await);
    let home = |line: &&Value| line["member"]["home_store"] == "S001";
    let homes: Vec<Value> = all.iter().filter(|line| line["row"] == "m").filter(home).cloned().collect();
    assert_eq!(members(&some), members(&homes));
    assert!(members(&some).len() < members(&all).len());
    assert_eq!((&some[0]["members_of"], all[0].get("members_of")), (&json!("S001"), None));
    assert_eq!(some[0]["members"], json!(homes.len()));
    assert_eq!(some.last().unwrap()["rows"], json!(some.len() - 2));
    let pack = till.get(&shop, path::PACK).await.ok();
    assert_eq!((&pack["members_of"], &pack["members"]), (&json!("S001"), &json!(homes.len())));
}

#[tokio::test]
async fn what_concerns_nobody_here_is_left_out_and_the_cursor_still_stands_in_the_log() {
    let shop = Shop::open();
    let mut other = Till::enrol(&shop, "S002", 1).await;
    let till = partial(&shop).await;
    let stranger = stranger(&snapshot(&shop, &other).await);
    let mut cursors = snapshot(&shop, &till).await[0]["pins"].clone();
    let mut all = cursors.clone();
    other.record(stranger.into(), facts::sale(Some(stranger), 40, 0, None));
    other.push_from(&shop, 1).await.ok();
    let (frames, effects) = pull(&shop, &till, &mut cursors).await;
    assert_eq!((frames.len(), effects.len(), &frames[0]["count"]), (1, 0, &json!(0)));
    assert_eq!(frames[0]["left_out"].as_array().unwrap().len(), 1);
    assert_eq!(frames[0]["left_out"][0]["to_chain"], frames[0]["to_chain"]);
    assert_eq!(hello(&shop, &till, json!("S001"), &cursors).await, json!([]));
    let (whole, told) = pull(&shop, &other, &mut all).await;
    assert!(whole[0].get("left_out").is_none() && !told.is_empty(), "a till of all members hears all");
    assert_eq!(all, cursors, "both stand at the same place of the same log");
}

#[tokio::test]
async fn a_member_who_was_looked_up_or_bought_here_enters_and_one_who_left_is_not_heard_of() {
    let shop = Shop::open();
    let mut other = Till::enrol(&shop, "S002", 1).await;
    let mut till = partial(&shop).await;
    let all = snapshot(&shop, &other).await;
    let stranger = stranger(&all);
    let card = all.iter().find(|line| line["member"]["id"] == json!(stranger)).unwrap()["member"].clone();
    let mut cursors = snapshot(&shop, &till).await[0]["pins"].clone();
    let ask = json!({"card": card["card_no"]}).to_string().into_bytes();
    assert_eq!(till.post(&shop, path::LOOKUP, ask.clone()).await.ok()["found"], "member");
    let (_, effects) = pull(&shop, &till, &mut cursors).await;
    let entered = named(&effects, "enter");
    assert_eq!((entered.len(), &entered[0]["row"]["id"]), (1, &json!(stranger)));
    till.post(&shop, path::LOOKUP, ask).await.ok();
    assert!(pull(&shop, &till, &mut cursors).await.0.is_empty(), "once is enough");

    other.record(stranger.into(), facts::sale(Some(stranger), 40, 0, None));
    other.push_from(&shop, 1).await.ok();
    assert_eq!(named(&pull(&shop, &till, &mut cursors).await.1, "post").len(), 2);

    let leave = json!({"order": "leave", "store": "S001", "member": stranger});
    let wrote = |done: Value| done["entries"].as_array().map(Vec::len);
    assert_eq!(wrote(shop.post("/v1/console/orders", leave.clone()).await.ok()), Some(1));
    assert_eq!(wrote(shop.post("/v1/console/orders", leave).await.ok()), Some(0), "once is enough");
    assert_eq!(named(&pull(&shop, &till, &mut cursors).await.1, "leave").len(), 1);
    other.record(stranger.into(), facts::sale(Some(stranger), 2, 0, None));
    other.push_from(&shop, 2).await.ok();
    let (frames, effects) = pull(&shop, &till, &mut cursors).await;
    assert_eq!((frames.len(), effects.len()), (1, 0));

    till.record(stranger.into(), facts::sale(Some(stranger), 5, 0, None));
    till.push_from(&shop, 1).await.ok();
    let (_, effects) = pull(&shop, &till, &mut cursors).await;
    assert_eq!(named(&effects, "enter").len(), 1, "a sale here brings the member back");
    assert!(members(&snapshot(&shop, &till).await).contains(&stranger));
}

#[tokio::test]
async fn a_till_that_is_to_hold_other_members_than_it_does_loads_anew() {
    let shop = Shop::open();
    let till = partial(&shop).await;
    let cursors = snapshot(&shop, &till).await[0]["pins"].clone();
    let anew = json!([{"do": "rebootstrap"}]);
    assert_eq!(hello(&shop, &till, Value::Null, &cursors).await, anew, "it holds all");
    assert_eq!(hello(&shop, &till, json!("S002"), &cursors).await, anew, "it moved");
    assert_eq!(hello(&shop, &till, json!("S001"), &cursors).await, json!([]));
}

#[tokio::test]
async fn a_code_says_what_its_till_will_hold() {
    let shop = Shop::open();
    let text = shop.code("S001", 3, [9; 5]);
    let tx = shop.store.write().unwrap();
    interest::want(&*tx, &code::hash(&text).unwrap(), Holding::Store).unwrap();
    tx.commit().unwrap();
    let key = ed25519_dalek::SigningKey::from_bytes(&[9; 32]);
    let answer = shop.ask(crate::till::enrol_request(&text, &key)).await.ok();
    let till = Till::of(&answer, key);
    assert_eq!(snapshot(&shop, &till).await[0]["members_of"], "S001");
}

/// Somebody of S001 becomes another name of somebody of S002: both, the name first.
async fn merge(shop: &Shop) -> (MemberId, MemberId) {
    let other = Till::enrol(shop, "S002", 1).await;
    let (from, to) = (member_id(1), stranger(&snapshot(shop, &other).await));
    shop.post("/v1/console/orders", json!({"order": "merge", "from": from, "to": to})).await.ok();
    (from, to)
}

#[tokio::test]
async fn one_who_becomes_another_member_is_told_anew_to_the_store_that_knew_either() {
    let shop = Shop::open();
    let till = partial(&shop).await;
    let mut cursors = snapshot(&shop, &till).await[0]["pins"].clone();
    let (from, to) = merge(&shop).await;
    let (_, effects) = pull(&shop, &till, &mut cursors).await;
    let entered = named(&effects, "enter");
    assert_eq!((entered.len(), &entered[0]["row"]["id"]), (1, &json!(to)));
    assert_eq!(entered[0]["names"][0]["id"], json!(from));
    assert!(entered[0]["points"].as_i64().unwrap() >= 1260);
    let rows = members(&snapshot(&shop, &till).await);
    assert!(rows.contains(&from) && rows.contains(&to));
    shop.post("/v1/console/orders", json!({"order": "unmerge", "member": from})).await.ok();
    let (_, effects) = pull(&shop, &till, &mut cursors).await;
    assert_eq!(named(&effects, "enter").len(), 2, "both are told");
}

#[tokio::test]
async fn who_leaves_under_one_name_leaves_under_all() {
    let shop = Shop::open();
    let till = partial(&shop).await;
    let (from, to) = merge(&shop).await;
    shop.post("/v1/console/orders", json!({"order": "leave", "store": "S001", "member": from})).await.ok();
    let rows = members(&snapshot(&shop, &till).await);
    assert!(!rows.contains(&from) && !rows.contains(&to));
}

#[tokio::test]
async fn a_comparison_of_other_members_than_the_till_is_to_hold_is_refused_and_not_judged() {
    let shop = Shop::open();
    let till = Till::enrol(&shop, "S001", 1).await;
    let pins = snapshot(&shop, &till).await[0]["pins"].clone();
    let sums = |pins: &Value| -> Vec<Value> {
        let each = pins.as_array().unwrap().iter().cloned();
        each.map(|mut at| {
            at["sum"] = json!("0".repeat(32));
            at
        })
        .collect()
    };
    let ask = |members_of: Value| {
        json!({"ask": "compare", "log_epoch": till.log_epoch, "members_of": members_of, "shards": sums(&pins)})
            .to_string()
            .into_bytes()
    };
    let differs = till.post(&shop, path::DIGEST, ask(Value::Null)).await.ok()["differ"].clone();
    assert!(!differs.as_array().unwrap().is_empty(), "sums of nothing differ");
    let hold = json!({"order": "hold", "terminal": till.id, "members": "store"});
    shop.post("/v1/console/orders", hold).await.ok();
    till.post(&shop, path::DIGEST, ask(Value::Null)).await.refused(409, "log_epoch");
    let fewer = till.post(&shop, path::DIGEST, ask(json!("S001"))).await.ok()["differ"].clone();
    assert!(fewer.as_array().unwrap().len() <= differs.as_array().unwrap().len());
}

#[tokio::test]
async fn an_erasure_is_told_where_the_member_was_heard_of_and_nowhere_else() {
    let shop = Shop::open();
    let other = Till::enrol(&shop, "S002", 1).await;
    let till = partial(&shop).await;
    let stranger = stranger(&snapshot(&shop, &other).await);
    let mut cursors = snapshot(&shop, &till).await[0]["pins"].clone();
    for (member, told) in [(stranger, 0), (member_id(1), 1)] {
        shop.post("/v1/console/orders", json!({"order": "erase", "member": member})).await.ok();
        let (frames, effects) = pull(&shop, &till, &mut cursors).await;
        assert_eq!((frames.len(), named(&effects, "erase").len()), (1, told), "{member}");
    }
    let ask = json!({"card": "8600000000017"}).to_string().into_bytes();
    till.post(&shop, path::LOOKUP, ask).await.ok();
    let (_, effects) = pull(&shop, &till, &mut cursors).await;
    assert!(named(&effects, "enter").is_empty(), "who was erased enters nowhere");
    let rows = snapshot(&shop, &till).await;
    let erased = rows.iter().find(|line| line["member"]["id"] == json!(member_id(1)));
    assert!(erased.is_none_or(|row| row["member"]["card_no"] == ""), "{erased:?}");
}

#[tokio::test]
async fn another_log_epoch_loads_the_stores_members_again() {
    let shop = Shop::open();
    let other = Till::enrol(&shop, "S002", 1).await;
    let till = partial(&shop).await;
    let stranger = stranger(&snapshot(&shop, &other).await);
    let mut sold = Till::enrol(&shop, "S001", 3).await;
    sold.record(stranger.into(), facts::sale(Some(stranger), 40, 0, None));
    sold.push_from(&shop, 1).await.ok();
    let before = Till { log_epoch: "another".into(), ..till };
    let anew = json!([{"do": "rebootstrap"}]);
    assert_eq!(hello(&shop, &before, json!("S001"), &json!([])).await, anew);
    let rows = snapshot(&shop, &before).await;
    assert_eq!(rows[0]["members_of"], "S001");
    assert!(members(&rows).contains(&stranger), "who bought at the store is still of interest to it");
}
