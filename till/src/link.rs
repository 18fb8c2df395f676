//! The line to headquarters as the commands see it; what moves on it is the background's business.

use ledger::grant::AuthId;
use ledger::time::{BusinessDay, Timestamp};
use sync::client::Verified;
use sync::client::lan::Copies;
use sync::protocol::authorize::{AuthorizeRequest, Authorized, Found, LookupRequest};

use crate::failure::Answer;

/// How the line stands now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LinkState {
    pub online: bool,
    pub paused: bool,
    /// Since when there is no contact; None while online.
    pub offline_since: Option<Timestamp>,
    /// Estimated HQ time minus wall clock, and its uncertainty, ms; None before the first contact.
    pub hq_offset_ms: Option<(i64, u64)>,
}

pub trait Link: Send + Sync {
    fn state(&self) -> LinkState;

    /// What the store's other tills hold of this till's sales.
    fn copies(&self) -> Copies {
        Copies::default()
    }

    /// There is something new to send. Returns at once.
    fn wake(&self);

    /// Somebody wants it now: no waiting for the next time. Returns at once.
    fn hurry(&self);

    /// HQ's word on spending, within a second. None: it is not known whether HQ set anything aside.
    fn authorize(&self, _ask: &AuthorizeRequest) -> Option<Authorized> {
        None
    }

    /// Gives back what HQ set aside, best effort. Returns at once.
    fn release(&self, _auth: AuthId) {}

    /// A member or receipt that this till does not have, within a second. None: HQ did not say.
    fn lookup(&self, _ask: &LookupRequest) -> Option<Found> {
        None
    }

    /// Compares every shard with HQ and puts right what differs; blocks until done. None: HQ did not say.
    fn verify(&self) -> Option<Verified> {
        None
    }

    /// The same, when nobody waits for it and it was not done since `day` began. Returns at once.
    fn verify_on(&self, _day: BusinessDay) {}

    /// Stops all traffic until [`Link::resume`].
    fn pause(&self);
    fn resume(&self);

    /// Makes this machine a terminal and loads what it needs to sell. Blocks until done.
    ///
    /// # Errors
    /// `network`, `enrol_code`: nothing was changed.
    fn enrol(&self, url: &str, code: &str) -> Answer<()>;

    /// Ends all traffic for good.
    fn stop(&self);
}
