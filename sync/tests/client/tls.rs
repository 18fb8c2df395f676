//! TLS with HQ's own certificate: the pinned one, or none.

use std::io::Write as _;
use std::net::TcpListener;
use std::sync::Arc;
use std::thread::spawn;

use ed25519_dalek::SigningKey;
use ledger::id::Epoch;
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use sync::client::{EnrolError, HqClock, Pin, Transport, Wall, enrol};
use sync::engine::Fault;
use sync::protocol::push::VerdictsRequest;

use super::http::{answer, line, read_request};
use super::shop::NOW;

const TIME: &str = "suanpan-time: 2026-11-22T06:00:00.000Z\r\n";

/// A TLS server that gives every request the same answer.
fn server(body: &'static str) -> (String, Pin) {
    let made = rcgen::generate_simple_self_signed(vec!["suanpan-hq".to_owned()]).unwrap();
    let der = made.cert.der().clone();
    let pin = Pin::of(&der);
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![der], key)
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let config = Arc::new(config);
    spawn(move || {
        while let Ok((stream, _)) = listener.accept() {
            let mut tls = StreamOwned::new(ServerConnection::new(Arc::clone(&config)).unwrap(), stream);
            if !read_request(&mut tls).is_empty() {
                // A client that hangs up here has what it wanted.
                let _ = tls.write_all(&answer("200 OK", TIME, body));
                tls.conn.send_close_notify();
                let _ = tls.flush();
            }
        }
    });
    (url, pin)
}

const VERDICTS: &str =
    r#"{"received_through":1,"decided_through":1,"stable_through":0,"outcomes":[],"complete":true}"#;
const ENROLLED: &str = r#"{"terminal":4,"store":"S001","till_no":1,"epoch":"0000000000000001",
    "hq_keys":{"sign":[],"seal":"","lookup":""},"log_epoch":"l"}"#;

#[tokio::test]
async fn only_the_pinned_certificate_gets_a_request() {
    let (url, pin) = server(VERDICTS);
    let ask = VerdictsRequest { epoch: Epoch(1), from_seq: 1 };
    assert!(line(&url, Some(pin)).verdicts(&ask).await.is_ok());
    assert_eq!(line(&url, Some(Pin([1; 32]))).verdicts(&ask).await, Err(Fault::NotHq));
    assert_eq!(line(&url, None).verdicts(&ask).await, Err(Fault::NotHq));
}

#[tokio::test]
async fn enrolment_meets_the_server_that_the_code_names_and_no_other() {
    let (url, pin) = server(ENROLLED);
    let key = SigningKey::from_bytes(&[5; 32]);
    let clock = HqClock::new(Wall::new(|| NOW), None);
    let code = |bits: [u8; 5]| {
        let number = bits.iter().fold(0u64, |n, b| n << 8 | u64::from(*b));
        let letters = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        let tail: String =
            (0..8).rev().map(|n| char::from(letters[(number >> (5 * n) & 31) as usize])).collect();
        format!("ABCD-EFGH-{}-{}", &tail[..4], &tail[4..])
    };
    let enrolled = enrol(&url, &code(pin.first_bits()), &key, "0.1.0", &clock).await.unwrap();
    assert_eq!((enrolled.pin, enrolled.answer.terminal.0), (Some(pin), 4));
    let other = enrol(&url, &code([1, 2, 3, 4, 5]), &key, "0.1.0", &clock).await.unwrap_err();
    assert!(matches!(other, EnrolError::OtherServer), "{other}");
}
