//! Questions while a customer waits. They have connections of their own, so no push and no download is
//! ever in front of them, and an answer that does not come soon is no answer.

use std::future::Future;
use std::pin::Pin as Pinned;
use std::time::Duration;

use futures_util::future::select_ok;
use ledger::grant::AuthId;
use ledger::store::Ledger;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use crate::engine::Fault;
use crate::protocol::authorize::{
    AuthorizeRequest, Authorized, Found, LookupRequest, ReleaseAnswer, ReleaseRequest,
};
use crate::protocol::path;

use super::clock::HqClock;
use super::pin::Pin;
use super::verify::{Verified, verify};
use super::wire::{AddressError, Call, Identity, Wire};

/// After this long the same question is asked once more.
const PATIENCE: Duration = Duration::from_millis(300);
/// After this long both are given up.
const LAST_PATIENCE: Duration = Duration::from_millis(700);
/// Nobody waits for it.
const RELEASE_TIMEOUT: Duration = Duration::from_secs(10);

/// Asks HQ for permissions, members and receipts.
#[derive(Debug)]
pub struct Asker {
    wire: Wire,
}

impl Asker {
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
        Ok(Self { wire: Wire::new(url, pin, identity, clock)? })
    }

    /// HQ's word on spending. None: it is not known whether HQ set anything aside.
    pub async fn authorize(&self, ask: &AuthorizeRequest) -> Option<Authorized> {
        self.twice(path::AUTHORIZE, ask).await
    }

    /// None: HQ did not say.
    pub async fn lookup(&self, ask: &LookupRequest) -> Option<Found> {
        self.twice(path::LOOKUP, ask).await
    }

    /// Best effort: a hold that is not given back ends by itself.
    pub async fn release(&self, auth_id: AuthId) {
        let ask = ReleaseRequest { auth_id };
        if let Err(fault) = self.once::<ReleaseAnswer>(path::RELEASE, &ask, RELEASE_TIMEOUT).await {
            tracing::debug!(?fault, "a hold was not given back; it ends by itself");
        }
    }

    /// Compares every shard with HQ and puts right what differs; takes as long as it needs.
    ///
    /// # Errors
    /// How a request failed.
    pub async fn verify(&self, ledger: &Ledger) -> Result<Verified, Fault> {
        verify(&self.wire, ledger).await
    }

    /// The same question at most twice; the first answer to either counts.
    async fn twice<T: DeserializeOwned + Send>(
        &self,
        path: &str,
        ask: &(impl Serialize + Sync),
    ) -> Option<T> {
        type Asking<'a, T> = Pinned<Box<dyn Future<Output = Result<T, Fault>> + Send + 'a>>;
        let mut first: Asking<'_, T> = Box::pin(self.once(path, ask, PATIENCE + LAST_PATIENCE));
        let mut asked: Vec<Asking<'_, T>> = Vec::new();
        match timeout(PATIENCE, &mut first).await {
            Ok(Ok(answer)) => return Some(answer),
            Ok(Err(fault)) => tracing::debug!(?fault, path, "a question is asked once more"),
            Err(_) => asked.push(first),
        }
        asked.push(Box::pin(self.once(path, ask, LAST_PATIENCE)));
        match timeout(LAST_PATIENCE, select_ok(asked)).await {
            Ok(Ok((answer, _))) => Some(answer),
            Ok(Err(fault)) => {
                tracing::debug!(?fault, path, "a question has no answer");
                None
            }
            Err(_) => None,
        }
    }

    async fn once<T: DeserializeOwned>(
        &self,
        path: &str,
        ask: &(impl Serialize + Sync),
        patience: Duration,
    ) -> Result<T, Fault> {
        self.wire.ask(Call { timeout: Some(patience), ..Call::post(path, ask)? }).await
    }
}
