//! The line over real sockets: nobody but HQ is taken for HQ.

use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::thread::spawn;

use ed25519_dalek::SigningKey;
use ledger::id::{Epoch, Hash, TerminalId};
use ledger::time::Timestamp;
use sync::client::transport::Piece;
use sync::client::{EnrolError, HqClock, HttpTransport, Identity, Transport, Wall, enrol};
use sync::engine::Fault;
use sync::protocol::problem::ProblemCode;
use sync::protocol::push::VerdictsRequest;
use sync::protocol::signature;

use super::shop::NOW;

const TIME: &str = "suanpan-time: 2026-11-22T06:00:00.000Z\r\n";
const VERDICTS: &str =
    r#"{"received_through":1,"decided_through":1,"stable_through":0,"outcomes":[],"complete":true}"#;
const HEADS: &str =
    r#"{"hq_time":"2026-11-22T06:00:00.000Z","log_epoch":"l","version":4,"config_version":1,"heads":[]}"#;

/// Answers each connection with the next of `answers`, then closes it. The requests come out.
pub fn responder(answers: Vec<Vec<u8>>) -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (seen, requests) = channel();
    spawn(move || {
        for answer in answers {
            let Ok((mut stream, _)) = listener.accept() else { return };
            let request = read_request(&mut stream);
            // The test may have ended, or the client hung up: neither is this thread's concern.
            let _ = seen.send(request);
            let _ = stream.write_all(&answer);
        }
    });
    (url, requests)
}

/// Head and body, as far as `content-length` says.
pub fn read_request(stream: &mut impl std::io::Read) -> String {
    let (mut bytes, mut piece) = (Vec::new(), [0u8; 4096]);
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|l| l.strip_prefix("content-length: "))
                .map_or(0, |n| n.parse().unwrap());
            if body.len() >= length {
                return text;
            }
        }
        match stream.read(&mut piece) {
            Ok(0) | Err(_) => return text,
            Ok(n) => bytes.extend_from_slice(&piece[..n]),
        }
    }
}

pub fn answer(status: &str, headers: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
        .into_bytes()
}

pub fn line(url: &str, pin: Option<sync::client::Pin>) -> HttpTransport {
    let identity = Identity { terminal: TerminalId(1), key: SigningKey::from_bytes(&[5; 32]) };
    HttpTransport::new(url, pin, identity, HqClock::new(Wall::new(|| NOW), None)).unwrap()
}

const ASK: VerdictsRequest = VerdictsRequest { epoch: Epoch(1), from_seq: 1 };

async fn fault_of(bytes: Vec<u8>) -> Fault {
    let (url, _requests) = responder(vec![bytes]);
    line(&url, None).verdicts(&ASK).await.expect_err("no answer of HQ")
}

#[tokio::test]
async fn a_portal_is_not_taken_for_hq() {
    let page = "<html>请登录</html>";
    for (what, bytes) in [
        ("a login page", answer("200 OK", "content-type: text/html\r\n", page)),
        (
            "a login page with HQ's header",
            answer("200 OK", &format!("content-type: text/html\r\n{TIME}"), page),
        ),
        ("JSON of somebody else", answer("200 OK", "content-type: application/json\r\n", VERDICTS)),
        ("a redirect", answer("302 Found", "location: http://portal.invalid/\r\n", "")),
        ("a proxy's error", answer("502 Bad Gateway", "", "<html>bad gateway</html>")),
        ("text with HQ's header", answer("200 OK", TIME, "ok")),
    ] {
        assert_eq!(fault_of(bytes).await, Fault::NotHq, "{what}");
    }
}

#[tokio::test]
async fn a_body_that_breaks_off_is_no_answer() {
    let mut cut = answer("200 OK", TIME, VERDICTS);
    cut.truncate(cut.len() - 5);
    assert_eq!(fault_of(cut).await, Fault::Truncated);
    assert_eq!(fault_of(answer("200 OK", TIME, &VERDICTS[..40])).await, Fault::Truncated);
}

#[tokio::test]
async fn a_body_without_end_is_given_up() {
    let body = format!("{{\"x\":\"{}\"}}", "a".repeat(9 << 20));
    assert_eq!(fault_of(answer("200 OK", TIME, &body)).await, Fault::Truncated);
}

#[tokio::test]
async fn nobody_there_is_unreachable() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    assert_eq!(line(&format!("http://{free}"), None).verdicts(&ASK).await, Err(Fault::Unreachable));
}

#[tokio::test(start_paused = true)]
async fn a_server_that_never_answers_times_out() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let held = spawn(move || listener.accept());
    let outcome = line(&url, None).verdicts(&ASK).await;
    assert_eq!(outcome, Err(Fault::TimedOut));
    drop(TcpStream::connect(url.trim_start_matches("http://")));
    drop(held.join());
}

#[tokio::test]
async fn what_hq_refuses_is_said_by_hq() {
    let problem = r#"{"code":"gap","retryable":true,"detail":"","seq":7}"#;
    let Fault::Refused(problem) = fault_of(answer("409 Conflict", TIME, problem)).await else {
        panic!("refused by HQ")
    };
    assert_eq!((problem.code, problem.seq), (ProblemCode::Gap, Some(7)));
}

#[tokio::test]
async fn an_answer_sets_hqs_clock_and_the_request_was_signed() {
    let (url, requests) = responder(vec![answer("200 OK", TIME, VERDICTS)]);
    let line = line(&url, None);
    assert_eq!(line.verdicts(&ASK).await.unwrap().received_through, 1);
    let hq_time: Timestamp = "2026-11-22T06:00:00Z".parse().unwrap();
    assert_eq!(line.clock().now(), hq_time);
    let request = requests.recv().unwrap();
    let header = |name: &str| {
        let found = request.lines().find_map(|l| l.strip_prefix(&format!("{name}: ")));
        found.unwrap_or_else(|| panic!("{name} in {request}")).to_owned()
    };
    let body = request.split_once("\r\n\r\n").unwrap().1;
    let text = signature::request_text(
        "POST",
        "/v1/sync/verdicts",
        &header("suanpan-time"),
        &header("suanpan-nonce"),
        body.as_bytes(),
    );
    let public = SigningKey::from_bytes(&[5; 32]).verifying_key().to_bytes();
    assert!(signature::verify(&public, &text, &header("suanpan-signature")));
    assert_eq!(header("suanpan-terminal"), "1");
}

#[tokio::test]
async fn the_feed_streams_and_falls_back_to_polls() {
    let stream = format!(
        "HTTP/1.1 200 OK\r\n{TIME}content-type: text/event-stream\r\nconnection: close\r\n\r\nevent: heads\ndata: {HEADS}\n\nevent: heads\ndata: {HEADS}\n\n"
    );
    let broken = answer("200 OK", &format!("{TIME}content-type: text/event-stream\r\n"), ": nothing\n\n");
    let poll = answer("200 OK", TIME, HEADS);
    let (url, requests) = responder(vec![stream.into_bytes(), broken, poll]);
    let line = line(&url, None);
    assert_eq!(line.heads(0).await.unwrap().version, 4);
    assert_eq!(line.heads(4).await.unwrap().version, 4);
    assert_eq!(line.heads(4).await, Err(Fault::Truncated), "the stream ended");
    assert_eq!(line.heads(4).await, Err(Fault::Truncated), "and the next one too");
    assert_eq!(line.heads(4).await.unwrap().version, 4);
    let paths: Vec<String> =
        requests.iter().take(3).map(|r| r.split(' ').nth(1).unwrap().to_owned()).collect();
    assert_eq!(paths, ["/v1/feed", "/v1/feed", "/v1/pull?wait=5&after=4"]);
}

/// The answer of a pack whose one segment has these bytes, of which `bytes` are promised.
fn pack_of(segment: &[u8], bytes: usize) -> Vec<u8> {
    let body = format!(
        r#"{{"log_epoch":"l","hq_time":"2026-11-22T06:00:00.000Z","pins":[],"members":1,"coupons":0,
        "segments":[{{"blake3":"{}","bytes":{bytes},"rows":1}}]}}"#,
        Hash::of(segment)
    );
    answer("200 OK", TIME, &body)
}

/// Says that `whole` comes and breaks off after `sent`.
fn broken(status: &str, whole: &str, sent: usize) -> Vec<u8> {
    let mut bytes = answer(status, TIME, whole);
    bytes.truncate(bytes.len() - whole.len() + sent);
    bytes
}

#[tokio::test]
async fn a_segment_that_broke_off_goes_on_from_the_byte_it_broke_at() {
    let segment = "0123456789";
    let (url, requests) = responder(vec![
        pack_of(segment.as_bytes(), segment.len()),
        broken("200 OK", segment, 4),
        broken("206 Partial Content", &segment[4..], 3),
        answer("206 Partial Content", TIME, &segment[7..]),
    ]);
    let (sink, mut pieces) = tokio::sync::mpsc::channel(8);
    assert_eq!(line(&url, None).snapshot(sink).await, Ok(()));
    assert!(matches!(pieces.recv().await, Some(Piece::Lines(head)) if head[0].contains("log_epoch")));
    assert_eq!(pieces.recv().await, Some(Piece::Segment(segment.into())));
    assert_eq!(pieces.recv().await, Some(Piece::Lines(vec![r#"{"row":"end","rows":1}"#.to_owned()])));
    let asked: Vec<String> = requests.iter().take(4).collect();
    let range = |n: usize| asked[n].lines().find_map(|line| line.strip_prefix("range: ")).map(str::to_owned);
    assert_eq!([range(1), range(2), range(3)], [None, Some("bytes=4-".into()), Some("bytes=7-".into())]);
}

#[tokio::test]
async fn a_part_of_the_filter_is_gone_on_with_and_proved_like_any_segment() {
    let part = "0123456789";
    let pack = |name: Hash| {
        let body = format!(
            r#"{{"log_epoch":"l","hq_time":"2026-11-22T06:00:00.000Z","pins":[],"members":0,"coupons":0,
            "segments":[],"existence":[{{"blake3":"{name}","bytes":10,"rows":1}}]}}"#
        );
        answer("200 OK", TIME, &body)
    };
    let (url, requests) = responder(vec![
        pack(Hash::of(part.as_bytes())),
        broken("200 OK", part, 4),
        answer("206 Partial Content", TIME, &part[4..]),
    ]);
    let (sink, mut pieces) = tokio::sync::mpsc::channel(8);
    assert_eq!(line(&url, None).snapshot(sink).await, Ok(()));
    assert!(matches!(pieces.recv().await, Some(Piece::Lines(_))));
    assert_eq!(pieces.recv().await, Some(Piece::Existence(part.into())));
    assert_eq!(pieces.recv().await, Some(Piece::Lines(vec![r#"{"row":"end","rows":0}"#.to_owned()])));
    assert!(requests.iter().nth(2).is_some_and(|asked| asked.contains("range: bytes=4-")));
    let (url, _requests) = responder(vec![pack(Hash::of(b"another")), answer("200 OK", TIME, part)]);
    let (sink, _pieces) = tokio::sync::mpsc::channel(8);
    assert_eq!(line(&url, None).snapshot(sink).await, Err(Fault::Truncated));
}

#[tokio::test]
async fn a_segment_that_is_another_than_the_pack_names_is_not_taken() {
    let (url, _requests) = responder(vec![pack_of(b"0123456789", 10), answer("200 OK", TIME, "012345678X")]);
    let (sink, _pieces) = tokio::sync::mpsc::channel(8);
    assert_eq!(line(&url, None).snapshot(sink).await, Err(Fault::Truncated));
    let (url, _requests) = responder(vec![pack_of(b"0123456789", 4), answer("200 OK", TIME, "0123456789")]);
    let (sink, _pieces) = tokio::sync::mpsc::channel(8);
    assert!(line(&url, None).snapshot(sink).await.is_err(), "more than was promised");
}

#[tokio::test]
async fn an_address_or_code_that_cannot_be_is_refused_before_anything_is_sent() {
    let key = SigningKey::from_bytes(&[5; 32]);
    let clock = HqClock::new(Wall::new(|| NOW), None);
    let attempt = async |url: &str, code: &str| enrol(url, code, &key, "0.1.0", &clock).await.unwrap_err();
    assert!(matches!(attempt("https://hq.invalid", "ABCD").await, EnrolError::CodeForm));
    let code = "ABCD-EFGH-0000-0000";
    assert!(matches!(attempt("http://192.0.2.1", code).await, EnrolError::Address(_)));
    assert!(matches!(attempt("hq", code).await, EnrolError::Address(_)));
    assert!(matches!(attempt("http://127.0.0.1:1", "ABCD-EFGH-0000-0001").await, EnrolError::OtherServer));
}
