//! Whatever is sent to headquarters gets a named answer, costs bounded memory, and keeps nobody else out.

use std::cell::RefCell;
use std::io::Read as _;

use axum::body::Body;
use axum::http::Request;
use hq::import::import;
use hq::jobs::demo::members::member_id;
use ledger::id::Anchor;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use sync::protocol::path;
use tokio::runtime::Runtime;

use crate::shop::{Answer, Shop};
use crate::till::{Slip, Till, enrol_request, facts};

/// A shop with a till, and the runtime that both live in.
struct Place {
    runtime: Runtime,
    shop: Shop,
    till: RefCell<Till>,
}

impl Place {
    fn open() -> Place {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (shop, till) = runtime.block_on(async {
            let shop = Shop::open();
            let till = Till::enrol(&shop, "S001", 1).await;
            (shop, till)
        });
        Place { runtime, shop, till: RefCell::new(till) }
    }

    /// Any signed body at any path.
    fn post(&self, path: &str, body: Vec<u8>) -> Answer {
        self.runtime.block_on(self.till.borrow().post(&self.shop, path, body))
    }

    /// Pushes the last line of the till's history; one that was not taken is no part of it.
    fn push_last(&self) -> Answer {
        let first = self.till.borrow().lines.len() as u64;
        let body = self.till.borrow().push_body(first, Vec::new());
        let answer = self.post(path::PUSH, body);
        if !answer.status.is_success() {
            self.till.borrow_mut().lines.pop();
        }
        answer
    }

    /// An honest sale still counts, and the books are even.
    fn still_works(&self) {
        let buyer = member_id(1);
        let before = self.runtime.block_on(self.shop.points(&buyer.to_string()));
        self.till.borrow_mut().record(buyer.into(), facts::sale(Some(buyer), 7, 0, None));
        let answer = self.push_last().ok();
        assert_eq!(answer["outcomes"][0]["code"], "ok", "{answer}");
        assert_eq!(self.runtime.block_on(self.shop.points(&buyer.to_string())), before + 7);
        self.runtime.block_on(self.shop.balanced());
    }
}

fn run<S: Strategy>(cases: u32, strategy: S, check: impl Fn(S::Value)) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let checked = TestRunner::new(config).run(&strategy, |value| {
        check(value);
        Ok(())
    });
    if let Err(found) = checked {
        panic!("{found}");
    }
}

/// Success, or a problem with a name that is not headquarters' own fault.
#[track_caller]
fn named(answer: &Answer) {
    if answer.status.is_success() {
        return;
    }
    let code = answer.json()["code"].as_str().unwrap_or_default().to_owned();
    assert!(!code.is_empty() && code != "internal", "{}: {}", answer.status, answer.text());
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        prop_oneof![Just(0), Just(u64::MAX), Just(1 << 63), Just(1 << 53)].prop_map(Value::from),
        Just(Value::from(i64::MIN)),
        "\\PC{0,12}".prop_map(Value::from),
        Just(Value::from("9999-12-31T23:59:59Z")),
        Just(Value::from("0000000000000001")),
        Just(Value::from(member_id(1).to_string())),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z_]{1,8}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn leaves(value: &Value) -> usize {
    match value {
        Value::Array(all) => all.iter().map(leaves).sum::<usize>() + 1,
        Value::Object(all) => all.values().map(leaves).sum::<usize>() + 1,
        _ => 1,
    }
}

fn put(value: &mut Value, at: &mut usize, other: &Value) -> bool {
    if *at == 0 {
        *value = other.clone();
        return true;
    }
    *at -= 1;
    match value {
        Value::Array(all) => all.iter_mut().any(|inner| put(inner, at, other)),
        Value::Object(all) => all.values_mut().any(|inner| put(inner, at, other)),
        _ => false,
    }
}

/// Something else in place of one value of many.
fn bent(mut value: Value, at: usize, other: &Value) -> Value {
    let mut at = at % leaves(&value);
    put(&mut value, &mut at, other);
    value
}

/// A right question for every path that takes one.
fn questions(till: &Till) -> Vec<(&'static str, Value)> {
    let (id, hash) = (member_id(1), "00".repeat(32));
    let cursor = json!({"shard": 3, "lsn": 1, "chain": hash});
    let sum = json!({"shard": 3, "lsn": 1, "chain": hash, "sum": "0".repeat(32)});
    let (log, epoch) = (&till.log_epoch, &till.epoch);
    vec![
        (
            path::HELLO,
            json!({"proto": 1, "app_version": "0.1.0", "log_epoch": "another", "generation": 1,
                "streams": [{"epoch": epoch, "max_seq": 1, "hash_at_max": hash, "low_seq": 1}],
                "cursors": [cursor], "t_wall": "2026-11-21T06:02:00Z"}),
        ),
        (path::HASHES, json!({"epoch": epoch, "seqs": [1, 2]})),
        (path::BRANCH, json!({"epoch": epoch, "seq": 1, "hash": hash})),
        (path::PULL, json!({"log_epoch": log, "cursors": [cursor], "entries_max": 10})),
        (path::VERDICTS, json!({"epoch": epoch, "from_seq": 1})),
        (
            path::AUTHORIZE,
            json!({"auth_id": id, "ttl_s": 120, "reason": "sale",
                "spend": {"member": id, "points": 10, "stored_fen": 0, "coupons": [id]}}),
        ),
        (path::RELEASE, json!({"auth_id": id})),
        (path::TRANSFER, json!({"auth_id": id, "from": id, "to": member_id(2), "points": 1})),
        (path::LOOKUP, json!({"card": "8600000000017"})),
        (path::LOOKUP, json!({"qr": "MB2.AAAA.BBBB"})),
        (path::LOOKUP, json!({"receipt": "SP1:1:0000000000000001:1:00000000"})),
        (path::DIGEST, json!({"ask": "compare", "log_epoch": log, "shards": [sum]})),
        (path::DIGEST, json!({"ask": "rows", "log_epoch": log, "shards": [3]})),
        (path::DIGEST, json!({"ask": "repaired", "shards": [{"shard": 3, "lsn": 1, "rows": 1}]})),
    ]
}

#[test]
fn every_bent_question_gets_a_named_answer() {
    let place = Place::open();
    let questions = questions(&place.till.borrow());
    run(
        500,
        (0..questions.len(), any::<usize>(), any_json(), any::<bool>()),
        |(which, at, other, packed)| {
            let (path, question) = &questions[which];
            let text = bent(question.clone(), at, &other).to_string().into_bytes();
            let body = if packed { zstd::encode_all(&text[..], 1).unwrap() } else { text };
            named(&place.post(path, body));
        },
    );
    place.still_works();
}

#[test]
fn bytes_that_are_nothing_get_a_named_answer() {
    let place = Place::open();
    let paths = questions(&place.till.borrow()).into_iter().map(|(path, _)| path);
    let paths: Vec<&str> = paths.chain([path::PUSH]).collect();
    run(
        300,
        (0..paths.len(), prop::collection::vec(any::<u8>(), 0..64), any::<bool>()),
        |(at, bytes, zstd)| {
            let magic: &[u8] = if zstd { &[0x28, 0xb5, 0x2f, 0xfd] } else { &[] };
            named(&place.post(paths[at], [magic, &bytes].concat()));
            let enrol = Request::post(path::ENROL).body(Body::from(bytes)).unwrap();
            named(&place.runtime.block_on(place.shop.ask(enrol)));
        },
    );
    place.still_works();
}

#[test]
fn any_line_in_its_place_is_received_and_judged_or_named() {
    let place = Place::open();
    let buyer = member_id(1);
    run(150, (any::<usize>(), any_json(), any::<u8>()), |(at, other, how)| {
        let mut till = place.till.borrow_mut();
        till.record(buyer.into(), facts::sale(Some(buyer), 5, 3, None));
        let honest = till.lines.pop().unwrap().line;
        let value: Value = serde_json::from_str(&honest).unwrap();
        let line = match how % 4 {
            0 => other.to_string(),
            1 => honest.chars().take(at % (honest.chars().count() + 1)).collect(),
            _ => bent(value, at, &other).to_string(),
        };
        till.record_raw(&line.replace('\n', " "));
        drop(till);
        named(&place.push_last());
    });
    place.still_works();
}

#[test]
fn every_bent_head_of_a_push_gets_a_named_answer() {
    let place = Place::open();
    place.still_works();
    run(200, (any::<usize>(), any_json()), |(at, other)| {
        let plain = place.till.borrow().plain(1, |_| {});
        let (head, lines) = plain.split_once('\n').unwrap();
        let head = bent(serde_json::from_str(head).unwrap(), at, &other);
        named(&place.post(path::PUSH, format!("{head}\n{lines}").into_bytes()));
    });
    place.still_works();
}

#[test]
fn bombs_depths_and_masses_are_refused_by_name() {
    let place = Place::open();
    let bomb = zstd::encode_all(std::io::repeat(b' ').take(256 << 20), 3).unwrap();
    let deep = "[".repeat(200_000).into_bytes();
    let mass = vec![b' '; 17 << 20];
    for path in [path::HELLO, path::PUSH, path::PULL, path::AUTHORIZE, path::LOOKUP, path::DIGEST] {
        place.post(path, bomb.clone()).refused(413, "too_large");
        place.post(path, deep.clone()).refused(400, "malformed");
        place.post(path, mass.clone()).refused(413, "too_large");
    }
    place.till.borrow_mut().record_raw(&"{\"a\":".repeat(50_000));
    named(&place.push_last());
    place.still_works();
}

#[test]
fn an_event_of_a_later_schema_waits_and_those_behind_it_do_not() {
    let place = Place::open();
    place.till.borrow_mut().record(Anchor::from(member_id(1)), facts::sale(None, 0, 0, None));
    let line = place.till.borrow_mut().lines.pop().unwrap().line;
    let mut later: Value = serde_json::from_str(&line).unwrap();
    (later["kind"], later["body"]) = (json!("teleport"), json!({"where": "moon"}));
    place.till.borrow_mut().record_raw(&later.to_string());
    let answer = place.push_last().ok();
    assert_eq!(answer["outcomes"][0]["verdict"], "parked", "{answer}");
    place.still_works();
}

#[test]
fn strangers_the_revoked_and_used_codes_are_named() {
    let place = Place::open();
    let paths: Vec<&str> = questions(&place.till.borrow()).into_iter().map(|(path, _)| path).collect();
    let mut stranger = place.runtime.block_on(Till::enrol(&place.shop, "S001", 2));
    let code = place.shop.code("S001", 3, [9; 5]);
    let enrol = || place.runtime.block_on(place.shop.ask(enrol_request(&code, &stranger.key)));
    enrol().ok();
    enrol().refused(403, "enrol_code");
    let own = stranger.id;
    for path in &paths {
        stranger.id = place.till.borrow().id;
        let request = stranger.signed("POST", path, b"{}".to_vec(), &Slip::now(&place.shop));
        place.runtime.block_on(place.shop.ask(request)).refused(401, "unauthorised");
    }
    stranger.id = own;
    let tx = place.shop.store.write().unwrap();
    let row = tx.terminal(own).unwrap().unwrap();
    let revoked_at = Some(place.shop.app.now());
    tx.put_terminal(&hq::store::model::TerminalRow { revoked_at, ..row }).unwrap();
    tx.commit().unwrap();
    for path in &paths {
        place.runtime.block_on(stranger.post(&place.shop, path, b"{}".to_vec())).refused(403, "fenced");
    }
    place.still_works();
}

#[test]
fn a_file_that_is_no_export_is_named() {
    let place = Place::open();
    let head = json!({"suanpan": "events", "v": 1, "terminal": 1, "store": "S001",
        "made_at": "2026-11-21T06:02:00Z", "events": 1});
    let app = &place.shop.app;
    run(
        200,
        (any::<usize>(), any_json(), prop::collection::vec(any::<u8>(), 0..120)),
        |(at, other, rest)| {
            let bent = bent(head.clone(), at, &other).to_string().into_bytes();
            for file in [&rest[..], &[&bent[..], b"\n", &rest[..]].concat()] {
                let refused = import(&*place.shop.store, &app.keys, app.now(), file);
                assert!(refused.is_err(), "it was taken: {file:?}");
            }
        },
    );
    place.still_works();
}
