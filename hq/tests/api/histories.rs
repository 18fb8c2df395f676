//! Histories that part, go on, come by another way or out of another time.

use hq::jobs::demo::members::member_id;
use hq::keys::Keys;
use ledger::fact::{Fact, Recovered};
use ledger::id::{Anchor, Epoch, Hash};
use serde_json::{Value, json};
use sync::protocol::export::{ExportHead, KIND, VERSION};
use sync::protocol::path;
use sync::protocol::push::{Prior, Verdict};

use crate::shop::Shop;
use crate::till::{Till, facts};

async fn till_with_sales(shop: &Shop, sales: usize) -> Till {
    let mut till = Till::enrol(shop, "S001", 1).await;
    (0..sales).for_each(|_| sell(&mut till, 10));
    till.push_from(shop, 1).await.ok();
    till
}

fn sell(till: &mut Till, earned: i64) {
    till.record(member_id(1).into(), facts::sale(Some(member_id(1)), earned, 0, None));
}

async fn points(shop: &Shop) -> i64 {
    shop.points(&member_id(1).to_string()).await
}

/// Kinds of the open cases that tell of histories, not of money.
async fn kinds_of_cases(shop: &Shop) -> Vec<String> {
    let told = ["rollback", "clone_suspect", "missing_events", "log_turned_back", "redecided"];
    let cases = shop.get("/v1/read/cases?state=open").await;
    let cases = cases.as_array().or_else(|| cases["cases"].as_array()).cloned().unwrap();
    let kinds = cases.iter().map(|case| case["kind"].as_str().unwrap().to_owned());
    let mut kinds: Vec<String> = kinds.filter(|kind| told.contains(&kind.as_str())).collect();
    kinds.sort();
    kinds
}

async fn ask(till: &Till, shop: &Shop, path: &str, body: Value) -> Value {
    till.post(shop, path, body.to_string().into_bytes()).await.ok()
}

/// Wraps what was cut off into the stream that the till writes now.
fn recover(till: &mut Till, loose: Vec<ledger::event::EventLine>, from: Epoch, first_seq: u64) {
    for (orig_seq, line) in (first_seq..).zip(loose) {
        let fact = Fact::Recovered(Recovered {
            orig_epoch: from,
            orig_seq,
            orig_hash: line.hash,
            orig_line: line.line,
        });
        till.record(member_id(1).into(), fact);
    }
}

#[tokio::test]
async fn hello_says_for_every_stream_what_was_received_and_how_it_hashes_where_the_till_ends() {
    let shop = Shop::open();
    let till = till_with_sales(&shop, 5).await;
    let welcome = till.hello(&shop, 3, till.lines[2].hash, json!([])).await;
    let stream = &welcome["streams"][0];
    assert_eq!((&stream["received"], &stream["hash_at_held"]), (&json!(5), &json!(till.lines[2].hash)));
    assert_eq!(stream["hash_at_received"], json!(till.lines[4].hash));
    assert_eq!(welcome["limits"]["start_delay_ms"], 0);
    let beyond = till.hello(&shop, 9, till.lines[4].hash, json!([])).await;
    assert_eq!(beyond["streams"][0].get("hash_at_held"), None);
}

#[tokio::test]
async fn the_fork_is_found_by_asking_for_hashes_and_every_branch_gets_an_epoch_of_its_own() {
    let shop = Shop::open();
    let till = till_with_sales(&shop, 4).await;
    let asked = json!({"epoch": till.epoch, "seqs": [2, 4, 7]});
    let answer = ask(&till, &shop, path::HASHES, asked).await;
    let want = json!([[2, till.lines[1].hash], [4, till.lines[3].hash]]);
    assert_eq!((&answer["received"], &answer["hashes"]), (&json!(4), &want));
    let many = json!({"epoch": till.epoch, "seqs": (1..=65).collect::<Vec<u64>>()});
    till.post(&shop, path::HASHES, many.to_string().into_bytes()).await.refused(400, "malformed");
    let branch = json!({"epoch": till.epoch, "seq": 2, "hash": till.lines[1].hash});
    let first = ask(&till, &shop, path::BRANCH, branch.clone()).await;
    // A push between the two does not give the first one's number back.
    till.push_from(&shop, 1).await.ok();
    let second = ask(&till, &shop, path::BRANCH, branch).await;
    assert_eq!((&first["epoch"], &second["epoch"]), (&json!(Epoch(2)), &json!(Epoch(3))));
}

#[tokio::test]
async fn two_branches_of_one_till_are_decided_once_each_and_people_hear_of_it() {
    let shop = Shop::open();
    let mut till = till_with_sales(&shop, 2).await;
    let before = points(&shop).await;
    let mut clone = till.copy();
    sell(&mut till, 1);
    sell(&mut clone, 200);
    till.push_from(&shop, 3).await.ok();
    assert_eq!(clone.push_from(&shop, 3).await.refused(409, "fork")["seq"], 3);
    let old = clone.epoch;
    let loose = clone.branch(Epoch(2), 2);
    recover(&mut clone, loose, old, 3);
    clone.push_from(&shop, 1).await.ok();
    // Recovered once more, by whatever accident: still once.
    let again = clone.lines[0].clone();
    let Fact::Recovered(inner) = ledger::event::Event::parse(&again.line).unwrap().fact else { panic!() };
    clone.record(member_id(1).into(), Fact::Recovered(inner));
    clone.push_from(&shop, 2).await.ok();
    assert_eq!(points(&shop).await, before + 201);
    assert_eq!(kinds_of_cases(&shop).await, ["rollback"]);
    sell(&mut till, 1);
    till.push_from(&shop, 4).await.ok();
    assert_eq!(kinds_of_cases(&shop).await, ["clone_suspect", "rollback"], "both branches live");
    shop.balanced().await;
}

#[tokio::test]
async fn a_branch_must_name_the_place_where_it_left() {
    let shop = Shop::open();
    let mut till = till_with_sales(&shop, 2).await;
    let _ = till.branch(Epoch(1 << 63 | 77), 2);
    sell(&mut till, 5);
    let parent = till.parent.take();
    assert_eq!(till.push_from(&shop, 1).await.refused(409, "fork")["seq"], 1);
    till.parent = parent;
    till.push_from(&shop, 1).await.ok();
    assert!(kinds_of_cases(&shop).await.is_empty(), "nothing is missing and nothing too many");
}

#[tokio::test]
async fn a_branch_after_events_that_nobody_sent_is_a_case_of_missing_events() {
    let shop = Shop::open();
    let mut till = till_with_sales(&shop, 2).await;
    sell(&mut till, 5);
    let _ = till.branch(Epoch(1 << 63 | 78), 3);
    sell(&mut till, 6);
    till.push_from(&shop, 1).await.ok();
    assert_eq!(kinds_of_cases(&shop).await, ["missing_events"]);
}

#[tokio::test]
async fn two_machines_that_say_hello_in_turn_are_suspected_and_a_restarted_one_is_not() {
    let shop = Shop::open();
    let till = till_with_sales(&shop, 1).await;
    let hello = |boot: &str| {
        json!({
            "proto": 1, "app_version": "0.1.0", "log_epoch": till.log_epoch, "generation": 1, "boot": boot,
            "streams": [{"epoch": till.epoch, "max_seq": 1, "hash_at_max": till.lines[0].hash}],
            "cursors": [], "t_wall": ledger::time::Timestamp(0),
        })
    };
    for boot in ["00000000000000a1", "00000000000000a1", "00000000000000a2", "00000000000000a3"] {
        ask(&till, &shop, path::HELLO, hello(boot)).await;
    }
    assert!(kinds_of_cases(&shop).await.is_empty());
    ask(&till, &shop, path::HELLO, hello("00000000000000a2")).await;
    assert_eq!(kinds_of_cases(&shop).await, ["clone_suspect"]);
}

#[tokio::test]
async fn an_old_program_is_asked_to_update_and_its_facts_are_taken() {
    let shop = Shop::open();
    let mut till = till_with_sales(&shop, 1).await;
    let hello = json!({
        "proto": 1, "app_version": "0.0.9", "log_epoch": till.log_epoch, "generation": 1,
        "streams": [], "cursors": [], "t_wall": ledger::time::Timestamp(0),
    });
    let welcome = ask(&till, &shop, path::HELLO, hello).await;
    assert_eq!(welcome["actions"], json!([{"do": "upgrade"}]));
    sell(&mut till, 1);
    till.push_from(&shop, 2).await.ok();
}

#[tokio::test]
async fn a_sibling_uploads_for_a_dead_till_and_a_stranger_does_not() {
    let shop = Shop::open();
    let mut dead = Till::enrol(&shop, "S001", 1).await;
    sell(&mut dead, 30);
    let before = points(&shop).await;
    let sibling = Till::enrol(&shop, "S001", 2).await;
    let stranger = Till::enrol(&shop, "S002", 1).await;
    let relayed = |by: &Till| dead.body(1, |head| head.relay_by = Some(by.id));
    sibling.post(&shop, path::PUSH, dead.body(1, |_| {})).await.refused(401, "unauthorised");
    stranger.post(&shop, path::PUSH, relayed(&stranger)).await.refused(401, "unauthorised");
    stranger.post(&shop, path::PUSH, relayed(&sibling)).await.refused(401, "unauthorised");
    let forged = dead.body(1, |head| {
        head.relay_by = Some(sibling.id);
        head.chain_sig = sync::protocol::signature::sign(&sibling.key, "anything");
    });
    sibling.post(&shop, path::PUSH, forged).await.refused(401, "unauthorised");
    let ack = sibling.post(&shop, path::PUSH, relayed(&sibling)).await.ok();
    assert_eq!(ack["received_through"], 1);
    // The dead till comes back and sends it too.
    dead.push_from(&shop, 1).await.ok();
    assert_eq!(points(&shop).await, before + 30);
}

#[tokio::test]
async fn a_till_that_knows_more_than_headquarters_ever_wrote_gives_the_log_another_name_once() {
    let shop = Shop::open();
    let mut till = till_with_sales(&shop, 1).await;
    let old = shop.app.log_epoch();
    let lost = json!([{"shard": 0, "lsn": 9_999, "chain": Hash::of(b"what the backup does not hold")}]);
    let welcome = till.hello(&shop, 1, till.lines[0].hash, lost.clone()).await;
    assert_eq!(welcome["actions"], json!([{"do": "rebootstrap"}]));
    let fresh = welcome["log_epoch"].as_str().unwrap().to_owned();
    assert!(fresh != *old && *fresh == *shop.app.log_epoch());
    assert_eq!(kinds_of_cases(&shop).await, ["log_turned_back"]);
    // Another till still on the old name: it loads anew, the name stays.
    let again = till.hello(&shop, 1, till.lines[0].hash, lost).await;
    assert_eq!(
        (&again["actions"], again["log_epoch"].as_str()),
        (&json!([{"do": "rebootstrap"}]), Some(&*fresh))
    );
    sell(&mut till, 3);
    till.push_from(&shop, 2).await.refused(409, "log_epoch");
    till.log_epoch = fresh;
    till.push_from(&shop, 2).await.ok();
}

#[tokio::test]
async fn what_is_decided_otherwise_after_a_restore_is_a_case() {
    let shop = Shop::open();
    let mut till = Till::enrol(&shop, "S001", 1).await;
    let anchor = Anchor::terminal(till.id);
    (0..2).for_each(|_| drop(till.record(anchor, facts::sale(None, 0, 0, None))));
    let prior = |seq, verdict, code: &str| Prior { seq, verdict, code: code.to_owned() };
    let body = till.body(1, |head| {
        head.prior =
            vec![prior(1, Verdict::Applied, "ok"), prior(2, Verdict::AppliedWithException, "overdraft")];
    });
    till.post(&shop, path::PUSH, body).await.ok();
    assert_eq!(kinds_of_cases(&shop).await, ["redecided"]);
}

/// The file that a till with these events writes.
fn file(shop: &Shop, till: &Till, pushes: &[String]) -> Vec<u8> {
    let packed = zstd::encode_all(pushes.concat().as_bytes(), 3).unwrap();
    let key: [u8; 32] = sync::protocol::signature::decode(&till.seal).unwrap().try_into().unwrap();
    let sealed = crypto_box::PublicKey::from(key).seal(&mut crypto_box::aead::OsRng, &packed).unwrap();
    let head = ExportHead {
        suanpan: KIND.to_owned(),
        v: VERSION,
        terminal: till.id,
        store: "S001".into(),
        made_at: shop.app.now(),
        events: 0,
    };
    let mut bytes = serde_json::to_vec(&head).unwrap();
    bytes.push(b'\n');
    bytes.extend(sealed);
    bytes
}

fn import(shop: &Shop, file: &[u8]) -> Result<hq::import::Imported, String> {
    let keys = Keys::load(&*shop.store.read().unwrap()).unwrap();
    hq::import::import(&*shop.store, &keys, shop.app.now(), file).map_err(|no| no.detail().to_owned())
}

#[tokio::test]
async fn a_carried_file_is_taken_once_also_when_headquarters_has_half_of_it() {
    let shop = Shop::open();
    let mut till = till_with_sales(&shop, 2).await;
    let before = points(&shop).await;
    (0..4).for_each(|_| sell(&mut till, 10));
    let carried = file(&shop, &till, &[till.plain(3, |head| head.log_epoch = till.log_epoch.clone())]);
    // Half of it went over the line meanwhile.
    let mut half = till.copy();
    half.lines.truncate(4);
    half.push_from(&shop, 3).await.ok();
    let done = import(&shop, &carried).unwrap();
    assert_eq!((done.events, done.taken, done.known, done.refused.len()), (4, 2, 2, 0));
    assert_eq!(done.verdicts.values().sum::<u64>(), 2);
    let again = import(&shop, &carried).unwrap();
    assert_eq!((again.taken, again.known), (0, 4));
    assert_eq!(points(&shop).await, before + 40);
    shop.balanced().await;
}

#[tokio::test]
async fn a_carried_file_with_a_hole_a_forgery_or_damage_says_so_and_changes_nothing() {
    let shop = Shop::open();
    let mut till = till_with_sales(&shop, 2).await;
    let before = points(&shop).await;
    (0..4).for_each(|_| sell(&mut till, 10));
    let hole = import(&shop, &file(&shop, &till, &[till.plain(5, |_| {})])).unwrap();
    assert_eq!((hole.taken, hole.refused.len()), (0, 1));
    assert!(hole.refused[0].why.starts_with("gap"), "{:?}", hole.refused);
    let forged = till.plain(3, |head| head.chain_sig = "AAAA".to_owned());
    assert_eq!(import(&shop, &file(&shop, &till, &[forged])).unwrap().refused.len(), 1);
    let mut damaged = file(&shop, &till, &[till.plain(3, |_| {})]);
    let end = damaged.len() - 1;
    damaged[end] ^= 1;
    assert!(import(&shop, &damaged).unwrap_err().contains("sealed to another"));
    assert!(import(&shop, b"no file of ours").unwrap_err().contains("no export file"));
    assert_eq!(points(&shop).await, before);
}

#[tokio::test]
async fn events_of_a_person_less_stream_wait_for_nobody() {
    let shop = Shop::open();
    let mut till = Till::enrol(&shop, "S001", 1).await;
    till.record_raw(&format!(
        "{{\"kind\":\"of_the_future\",\"prev\":\"{}\"}}",
        ledger::event::genesis(till.stream())
    ));
    till.record_raw("not even JSON");
    till.record(Anchor::terminal(till.id), facts::sale(None, 0, 0, None));
    let ack = till.push_from(&shop, 1).await.ok();
    let codes: Vec<&str> =
        ack["outcomes"].as_array().unwrap().iter().map(|o| o["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["unknown_kind", "undecodable", "ok"]);
    assert_eq!((&ack["received_through"], &ack["decided_through"]), (&json!(3), &json!(0)));
}
