//! Errors of the transport. Business outcomes are 200 with verdicts.

use ledger::time::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    /// `received` tells from where to push on.
    Gap,
    /// Same sequence number, other hash: the stream was forked at `seq`.
    Fork,
    /// HQ's log is another one than the till knows.
    LogEpoch,
    /// The signature's time is too far from HQ's: use `hq_time`.
    Clock,
    /// Signature, nonce or terminal not accepted.
    Unauthorised,
    /// The one-time code is unknown, used or too old.
    EnrolCode,
    /// This terminal was revoked.
    Fenced,
    TooLarge,
    Malformed,
    NotFound,
    Overloaded,
    /// HQ could not store it; nothing was kept of this request.
    Internal,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    pub code: ProblemCode,
    pub retryable: bool,
    pub detail: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
    /// With `gap`: what HQ has. With `fork`: the first different number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hq_time: Option<Timestamp>,
}
