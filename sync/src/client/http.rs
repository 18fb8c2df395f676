//! The real line: HTTPS with HQ's certificate pinned, what is asked and how long each answer may take.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use reqwest::{Method, StatusCode};
use tokio::sync::Mutex;

use crate::engine::Fault;
use crate::protocol::config::Config;
use crate::protocol::hello::{BranchAnswer, BranchRequest, HashesAnswer, HashesRequest, Hello, Welcome};
use crate::protocol::lan::Siblings;
use crate::protocol::path;
use crate::protocol::pull::{Heads, PullRequest};
use crate::protocol::push::{PushAck, VerdictsAnswer, VerdictsRequest};

use super::clock::HqClock;
use super::download;
use super::feed::Feed;
use super::lines::{json, pack_push, unpack};
use super::pin::Pin;
use super::transport::{Pull, Push, SnapshotSink, Transport};
use super::wire::{AddressError, Call, Identity, SHORT_TIMEOUT, Wire, bytes};

const LONG_TIMEOUT: Duration = Duration::from_secs(45);
const LONG_BYTES_MAX: u64 = 256 << 20;

#[derive(Debug)]
pub struct HttpTransport {
    wire: Wire,
    /// What HQ said at the last hello: it puts back what a push leaves out.
    leaves_out: AtomicBool,
    feed: Mutex<Feed>,
}

impl HttpTransport {
    /// `pin` is what enrolment returned; without one `url` must be plain HTTP on loopback.
    ///
    /// # Errors
    /// When the address cannot be used.
    pub fn new(
        url: &str,
        pin: Option<Pin>,
        identity: Identity,
        clock: HqClock,
    ) -> Result<Self, AddressError> {
        let wire = Wire::new(url, pin, identity, clock)?;
        Ok(Self { wire, leaves_out: AtomicBool::new(false), feed: Mutex::default() })
    }

    /// The other tills of the store, with what HQ has of them.
    ///
    /// # Errors
    /// How the request failed.
    pub async fn siblings(&self) -> Result<Siblings, Fault> {
        self.wire.ask(Call::get(path::SIBLINGS, Some(SHORT_TIMEOUT))).await
    }
}

impl Transport for HttpTransport {
    async fn hello(&self, hello: &Hello) -> Result<Welcome, Fault> {
        let welcome: Welcome = self.wire.ask(Call::post(path::HELLO, hello)?).await?;
        self.leaves_out.store(welcome.limits.prev_left_out, Ordering::Relaxed);
        Ok(welcome)
    }

    async fn hashes(&self, request: &HashesRequest) -> Result<HashesAnswer, Fault> {
        self.wire.ask(Call::post(path::HASHES, request)?).await
    }

    async fn branch(&self, request: &BranchRequest) -> Result<BranchAnswer, Fault> {
        self.wire.ask(Call::post(path::BRANCH, request)?).await
    }

    async fn push(&self, push: &Push) -> Result<PushAck, Fault> {
        let body = pack_push(&push.head, &push.lines, self.leaves_out.load(Ordering::Relaxed))?;
        let timeout = Some(SHORT_TIMEOUT);
        let path = path::PUSH;
        self.wire.ask(Call { method: Method::POST, path, body, packed: true, from_byte: 0, timeout }).await
    }

    async fn pull(&self, request: &PullRequest) -> Result<Pull, Fault> {
        let call = Call { timeout: Some(LONG_TIMEOUT), ..Call::post(path::PULL, request)? };
        let body = bytes(self.wire.send(call).await?, LONG_BYTES_MAX).await?;
        Pull::parse(&unpack(body, LONG_BYTES_MAX)?)
    }

    async fn verdicts(&self, request: &VerdictsRequest) -> Result<VerdictsAnswer, Fault> {
        self.wire.ask(Call::post(path::VERDICTS, request)?).await
    }

    async fn config(&self, have: u64) -> Result<Option<Config>, Fault> {
        let path = format!("{}?have={have}", path::CONFIG);
        let response = self.wire.send(Call::get(&path, Some(LONG_TIMEOUT))).await?;
        if response.status() == StatusCode::NOT_MODIFIED {
            return Ok(None);
        }
        json(&unpack(bytes(response, LONG_BYTES_MAX).await?, LONG_BYTES_MAX)?).map(Some)
    }

    async fn snapshot(&self, sink: SnapshotSink) -> Result<(), Fault> {
        download::pack(&self.wire, &sink).await
    }

    async fn heads(&self, after: u64) -> Result<Heads, Fault> {
        self.feed.lock().await.next(&self.wire, after).await
    }

    fn reset(&self) {
        self.wire.reset();
        if let Ok(mut feed) = self.feed.try_lock() {
            feed.hang_up();
        }
    }

    fn clock(&self) -> &HqClock {
        &self.wire.clock
    }
}
