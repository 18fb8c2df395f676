//! One signed request to HQ and its answer: every request signed, every answer doubted.
//!
//! An answer counts as HQ's only when it carries HQ's time and the body that was asked for: captive
//! portals and proxies answer 200 too.

use std::error::Error as _;
use std::fmt;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use ed25519_dalek::SigningKey;
use ledger::id::TerminalId;
use ledger::time::Timestamp;
use reqwest::{Method, Response, StatusCode, Url};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::engine::Fault;
use crate::protocol::problem::Problem;
use crate::protocol::signature;

use super::clock::HqClock;
use super::lines::{json, unpack};
use super::pin::{Expected, Pin, tls};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Longest silence within an answer.
const READ_TIMEOUT: Duration = Duration::from_secs(20);
pub(super) const SHORT_TIMEOUT: Duration = Duration::from_secs(15);
const SHORT_BYTES_MAX: u64 = 8 << 20;

/// Who speaks. The key never reaches a log.
#[derive(Clone)]
pub struct Identity {
    pub terminal: TerminalId,
    pub key: SigningKey,
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Identity(terminal {})", self.terminal)
    }
}

/// HQ's address cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AddressError {
    #[error("{0:?} is not an address of a headquarters")]
    NotAnAddress(String),
    /// Plain HTTP shows every sale to the network.
    #[error("plain http is for this machine only; use https")]
    PlainHttp,
    #[error("the TLS library does not start: {0}")]
    Tls(String),
}

/// One request before it is signed.
pub(super) struct Call<'a> {
    pub method: Method,
    /// Path with query, as signed.
    pub path: &'a str,
    pub body: Vec<u8>,
    pub packed: bool,
    /// The answer is wanted from this byte on.
    pub from_byte: u64,
    /// None for streams, which end when they fall silent.
    pub timeout: Option<Duration>,
}

impl<'a> Call<'a> {
    pub fn get(path: &'a str, timeout: Option<Duration>) -> Self {
        Call { method: Method::GET, path, body: Vec::new(), packed: false, from_byte: 0, timeout }
    }

    pub fn post(path: &'a str, body: &impl Serialize) -> Result<Self, Fault> {
        let body = serde_json::to_vec(body).map_err(|e| Fault::Local(e.to_string()))?;
        Ok(Call {
            method: Method::POST,
            path,
            body,
            packed: false,
            from_byte: 0,
            timeout: Some(SHORT_TIMEOUT),
        })
    }
}

/// HQ's address, whom it must be, and who asks.
#[derive(Debug)]
pub(super) struct Wire {
    base: Url,
    pin: Option<Pin>,
    identity: Identity,
    pub clock: HqClock,
    client: RwLock<reqwest::Client>,
}

impl Wire {
    /// # Errors
    /// When the address cannot be used.
    pub fn new(
        url: &str,
        pin: Option<Pin>,
        identity: Identity,
        clock: HqClock,
    ) -> Result<Self, AddressError> {
        let base = base_url(url)?;
        let client = client(&base, pin.map(Expected::Exactly))?;
        Ok(Self { base, pin, identity, clock, client: RwLock::new(client) })
    }

    /// Leaves all connections; the next request makes a new one.
    pub fn reset(&self) {
        let Ok(fresh) = client(&self.base, self.pin.map(Expected::Exactly)) else { return };
        *self.client.write().unwrap_or_else(PoisonError::into_inner) = fresh;
    }

    /// Sends one signed request. `Ok` is HQ's own answer with a status of success, or 304.
    pub async fn send(&self, call: Call<'_>) -> Result<Response, Fault> {
        let time = self.clock.now().to_string();
        let nonce = nonce().map_err(|e| Fault::Local(e.to_string()))?;
        let text = signature::request_text(call.method.as_str(), call.path, &time, &nonce, &call.body);
        let url = self.base.join(call.path).map_err(|e| Fault::Local(e.to_string()))?;
        let client = self.client.read().unwrap_or_else(PoisonError::into_inner).clone();
        let mut request = client
            .request(call.method, url)
            .header(signature::TERMINAL_HEADER, self.identity.terminal.to_string())
            .header(signature::TIME_HEADER, time)
            .header(signature::NONCE_HEADER, nonce)
            .header(signature::SIGNATURE_HEADER, signature::sign(&self.identity.key, &text));
        if !call.body.is_empty() {
            request = request.header("content-type", "application/json").body(call.body);
        }
        if call.packed {
            request = request.header("content-encoding", "zstd");
        }
        if call.from_byte > 0 {
            request = request.header("range", format!("bytes={}-", call.from_byte));
        }
        if let Some(timeout) = call.timeout {
            request = request.timeout(timeout);
        }
        let sent = self.clock.wall();
        let response = request.send().await.map_err(|e| fault(&e))?;
        heard(&self.clock, sent, &response)?;
        accept(response).await
    }

    /// The answer of a short request, read.
    pub async fn ask<T: DeserializeOwned>(&self, call: Call<'_>) -> Result<T, Fault> {
        let response = self.send(call).await?;
        json(&unpack(bytes(response, SHORT_BYTES_MAX).await?, SHORT_BYTES_MAX)?)
    }

    /// For the feed's fallback.
    pub async fn ask_get<T: DeserializeOwned>(&self, path: &str, timeout: Duration) -> Result<T, Fault> {
        self.ask(Call::get(path, Some(timeout))).await
    }
}

/// An address that may be used at all: https, or http on this machine.
pub(super) fn base_url(url: &str) -> Result<Url, AddressError> {
    let not_an_address = || AddressError::NotAnAddress(url.to_owned());
    let base = Url::parse(url.trim()).map_err(|_| not_an_address())?;
    let loopback = match base.host_str() {
        Some("localhost" | "[::1]") => true,
        Some(host) => host.parse::<std::net::Ipv4Addr>().is_ok_and(|ip| ip.is_loopback()),
        None => return Err(not_an_address()),
    };
    match base.scheme() {
        "https" => Ok(base),
        "http" if loopback => Ok(base),
        "http" => Err(AddressError::PlainHttp),
        _ => Err(not_an_address()),
    }
}

pub(super) fn client(base: &Url, expected: Option<Expected>) -> Result<reqwest::Client, AddressError> {
    let secure = base.scheme() == "https";
    // Without a pin no certificate fits: an https address that was never enrolled reaches nothing.
    let expected = expected.unwrap_or(Expected::Exactly(Pin([0; 32])));
    let tls = tls(expected).map_err(|e| AddressError::Tls(e.to_string()))?;
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .https_only(secure)
        // One connection each for the feed and the rest: a stuck one holds up nothing else.
        .http1_only()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(CONNECT_TIMEOUT)
        .read_timeout(READ_TIMEOUT)
        .tcp_nodelay(true)
        .build()
        .map_err(|e| AddressError::Tls(e.to_string()))
}

/// Takes HQ's time from the answer; whoever does not send it is not HQ.
pub(super) fn heard(clock: &HqClock, sent: Timestamp, response: &Response) -> Result<(), Fault> {
    let hq_time = response
        .headers()
        .get(signature::TIME_HEADER)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.parse::<Timestamp>().ok())
        .ok_or(Fault::NotHq)?;
    clock.heard(hq_time, sent);
    Ok(())
}

/// The answer if it is a success, else what HQ has against the request.
pub(super) async fn accept(response: Response) -> Result<Response, Fault> {
    let status = response.status();
    let html = response
        .headers()
        .get("content-type")
        .and_then(|value| value.to_str().ok())
        .is_some_and(|kind| kind.contains("html"));
    if html {
        return Err(Fault::NotHq);
    }
    if status.is_success() || status == StatusCode::NOT_MODIFIED {
        return Ok(response);
    }
    let body = bytes(response, SHORT_BYTES_MAX).await?;
    let problem = serde_json::from_slice::<Problem>(&body).map_err(|_| Fault::NotHq)?;
    Err(Fault::Refused(problem))
}

/// The whole body, of at most `bytes_max`.
pub(super) async fn bytes(mut response: Response, bytes_max: u64) -> Result<Vec<u8>, Fault> {
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(|e| broken(&e))? {
        if (body.len() + piece.len()) as u64 > bytes_max {
            return Err(Fault::Truncated);
        }
        body.extend_from_slice(&piece);
    }
    Ok(body)
}

/// A failure before the answer.
pub(super) fn fault(error: &reqwest::Error) -> Fault {
    if is_other_certificate(error) {
        Fault::NotHq
    } else if error.is_timeout() {
        Fault::TimedOut
    } else {
        Fault::Unreachable
    }
}

/// A failure within the answer.
pub(super) fn broken(error: &reqwest::Error) -> Fault {
    if error.is_timeout() { Fault::TimedOut } else { Fault::Truncated }
}

/// True when the connection failed because the certificate is not the pinned one.
fn is_other_certificate(error: &reqwest::Error) -> bool {
    let mut next = error.source();
    while let Some(cause) = next {
        if let Some(rustls::Error::InvalidCertificate(_)) = cause.downcast_ref() {
            return true;
        }
        // An I/O error hides what it wraps: its `source` is already the cause of that.
        next = match cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => cause.source(),
        };
    }
    false
}

fn nonce() -> Result<String, getrandom::Error> {
    let mut random = [0u8; 16];
    getrandom::fill(&mut random)?;
    Ok(format!("{:032x}", u128::from_be_bytes(random)))
}
