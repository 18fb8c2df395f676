//! Lost, repeated, forged and broken requests.

use axum::body::Body;
use axum::http::Request;
use ed25519_dalek::SigningKey;
use hq::jobs::demo::members::member_id;
use ledger::event::EventLine;
use ledger::id::{Anchor, Hash};
use serde_json::json;
use sync::protocol::left_out::leave_out;
use sync::protocol::path;

use crate::shop::Shop;
use crate::till::{Slip, Till, enrol_request, facts};

#[tokio::test]
async fn a_push_whose_answer_was_lost_is_answered_the_same_and_counts_once() {
    let shop = Shop::open();
    let mut till = Till::enrol(&shop, "S001", 1).await;
    let buyer = member_id(1);
    till.record(buyer.into(), facts::sale(Some(buyer), 100, 1300, None));
    // The answer is dropped: as if HQ had died after its commit.
    let first = till.push_from(&shop, 1).await.ok();
    let again = till.push_from(&shop, 1).await.ok();
    assert_eq!(first, again);
    assert_eq!(again["outcomes"][0]["code"], "overdraft");
    assert_eq!(shop.points(&buyer.to_string()).await, 100);
    till.record(buyer.into(), facts::sale(Some(buyer), 50, 0, None));
    let overlapping = till.push_from(&shop, 1).await.ok();
    assert_eq!(
        (&overlapping["received_through"], overlapping["outcomes"].as_array().unwrap().len()),
        (&json!(2), 2)
    );
    assert_eq!(shop.points(&buyer.to_string()).await, 150);
    shop.balanced().await;
}

#[tokio::test]
async fn a_push_without_the_hashes_that_follow_from_it_is_kept_as_it_was_written() {
    let shop = Shop::open();
    let mut till = Till::enrol(&shop, "S001", 1).await;
    let buyer = member_id(1);
    for _ in 0..3 {
        till.record(buyer.into(), facts::sale(Some(buyer), 10, 0, None));
    }
    let before = shop.points(&buyer.to_string()).await;
    let lines: Vec<String> = till.lines.iter().map(|line| line.line.clone()).collect();
    let short = leave_out(&lines).expect("no line has an empty prev of its own");
    let body = |said: bool| {
        let head = till.plain(1, |head| head.prev_left_out = said);
        let head = head.lines().next().unwrap().to_owned();
        let lines = std::iter::once(head).chain(short.iter().map(|line| line.to_string()));
        (lines.collect::<Vec<_>>().join("\n") + "\n").into_bytes()
    };
    till.post(&shop, path::PUSH, body(false)).await.refused(401, "unauthorised");
    let ack = till.post(&shop, path::PUSH, body(true)).await.ok();
    assert_eq!((&ack["received_through"], &ack["hash"]), (&json!(3), &json!(till.lines[2].hash)));
    assert_eq!(till.push_from(&shop, 1).await.ok(), ack, "it is the same push, whole");
    assert_eq!(shop.points(&buyer.to_string()).await, before + 30);
}

#[tokio::test]
async fn a_gap_and_a_fork_are_named_and_nothing_is_kept() {
    let shop = Shop::open();
    let mut till = Till::enrol(&shop, "S001", 1).await;
    let anchor = Anchor::terminal(till.id);
    for _ in 0..3 {
        till.record(anchor, facts::sale(None, 0, 0, None));
    }
    assert_eq!(till.push_from(&shop, 2).await.refused(409, "gap")["seq"], 0);
    till.push_from(&shop, 1).await.ok();
    let mut clone = Till {
        key: till.key.clone(),
        lines: till.lines[..1].to_vec(),
        ..Till::enrol(&shop, "S001", 9).await
    };
    (clone.id, clone.epoch) = (till.id, till.epoch);
    clone.record(anchor, facts::sale(None, 0, 0, None));
    clone.lines[1] = EventLine { line: "{}".into(), hash: Hash::of(b"{}") };
    assert_eq!(clone.push_from(&shop, 1).await.refused(409, "fork")["seq"], 2);
    let welcome = till.hello(&shop, 2, clone.lines[1].hash, json!([])).await;
    let known = welcome["streams"].as_array().unwrap();
    assert_eq!((known.len(), &known[0]["received"]), (1, &json!(3)));
    assert_eq!(known[0]["hash_at_held"], json!(till.lines[1].hash), "the clone sees that it differs");
}

#[tokio::test]
async fn lines_that_cannot_be_read_are_kept_for_a_person_and_block_nobody() {
    let shop = Shop::open();
    let mut till = Till::enrol(&shop, "S001", 1).await;
    let anchor = Anchor::terminal(till.id);
    till.record_raw("<html>please sign in</html>");
    till.record_raw("{\"kind\":\"sale\"}");
    till.record_raw("{\"kind\":\"time_travel\",\"body\":{}}");
    till.record(anchor, facts::sale(None, 0, 0, None));
    let ack = till.push_from(&shop, 1).await.ok();
    let codes: Vec<_> =
        ack["outcomes"].as_array().unwrap().iter().map(|o| o["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["undecodable", "undecodable", "unknown_kind", "ok"]);
    assert_eq!((&ack["received_through"], &ack["decided_through"]), (&json!(4), &json!(2)));
    assert_eq!(shop.get("/v1/read/cases?state=open").await.as_array().unwrap().len(), 2);
    let kept = shop.get(&format!("/v1/read/events/{}/{}/1", till.id, till.epoch)).await;
    assert_eq!(kept["line"], "<html>please sign in</html>");
}

#[tokio::test]
async fn only_the_tills_own_fresh_signature_opens() {
    let shop = Shop::open();
    let till = Till::enrol(&shop, "S001", 1).await;
    let have = format!("{}?have=0", path::CONFIG);
    let slip = Slip::now(&shop);
    assert!(shop.ask(till.signed("GET", &have, Vec::new(), &slip)).await.status.is_success());
    shop.ask(till.signed("GET", &have, Vec::new(), &slip)).await.refused(401, "unauthorised");
    let other = Till { key: SigningKey::from_bytes(&[250; 32]), ..Till::enrol(&shop, "S001", 2).await };
    other.get(&shop, &have).await.refused(401, "unauthorised");
    let old = Slip { time: shop.app.now().plus_ms(-6 * 60_000), ..Slip::now(&shop) };
    let refused = shop.ask(till.signed("GET", &have, Vec::new(), &old)).await.refused(401, "clock");
    assert!(refused["hq_time"].is_string());
    let mut moved = till.signed("GET", &have, Vec::new(), &Slip::now(&shop));
    *moved.uri_mut() = path::SNAPSHOT.parse().unwrap();
    shop.ask(moved).await.refused(401, "unauthorised");
    let bare = Request::get(path::CONFIG).body(Body::empty()).unwrap();
    shop.ask(bare).await.refused(401, "unauthorised");
}

#[tokio::test]
async fn a_code_works_once_and_another_tills_events_are_not_taken() {
    let shop = Shop::open();
    let (code, key) = (shop.code("S001", 1, [77; 5]), SigningKey::from_bytes(&[77; 32]));
    shop.ask(enrol_request(&code.to_lowercase(), &key)).await.ok();
    shop.ask(enrol_request(&code, &key)).await.refused(403, "enrol_code");
    shop.ask(enrol_request("AAAA-BBBB-0000-0000", &key)).await.refused(403, "enrol_code");
    let (mut a, b) = (Till::enrol(&shop, "S001", 2).await, Till::enrol(&shop, "S001", 3).await);
    a.record(Anchor::terminal(a.id), facts::sale(None, 0, 0, None));
    b.post(&shop, path::PUSH, a.push_body(1, Vec::new())).await.refused(401, "unauthorised");
}

#[tokio::test]
async fn broken_and_oversized_bodies_are_refused_without_harm() {
    let shop = Shop::open();
    let mut till = Till::enrol(&shop, "S001", 1).await;
    till.record(Anchor::terminal(till.id), facts::sale(None, 0, 0, None));
    for body in
        [&b""[..], b"{", b"<html></html>", b"\xff\xfe\n\n", b"null\nnull", &[0x28, 0xb5, 0x2f, 0xfd, 1]]
    {
        for path in [path::PUSH, path::HELLO, path::PULL, path::VERDICTS] {
            till.post(&shop, path, body.to_vec()).await.refused(400, "malformed");
        }
    }
    let bomb = zstd::encode_all(&vec![b' '; 65 * 1024 * 1024][..], 3).unwrap();
    till.post(&shop, path::PUSH, bomb).await.refused(413, "too_large");
    let long = vec![b' '; 17 * 1024 * 1024];
    till.post(&shop, path::PUSH, long).await.refused(413, "too_large");
    let stranger = Till { log_epoch: "another".into(), ..till };
    stranger.push_from(&shop, 1).await.refused(409, "log_epoch");
}
