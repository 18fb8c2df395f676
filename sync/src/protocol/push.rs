//! `POST /v1/sync/push`: events up. Body, zstd: one [`PushHead`] line, then the event lines as written.

use ed25519_dalek::SigningKey;
use ledger::event::Parent;
use ledger::id::{CaseId, Epoch, Hash, Shard, Stream, TerminalId};
use serde::{Deserialize, Serialize};

use super::signature;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushHead {
    pub log_epoch: String,
    pub terminal: TerminalId,
    pub epoch: Epoch,
    pub first_seq: u64,
    /// Number of event lines that follow.
    pub count: u32,
    /// Where the stream branched off, when it did; beside its first event only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<Parent>,
    /// A terminal of the same store that pushes for the author and signs the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relay_by: Option<TerminalId>,
    /// What HQ made of these events before it was restored from a backup.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prior: Vec<Prior>,
    /// Every line but the first has its `prev` empty: [`super::left_out`].
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub prev_left_out: bool,
    /// Sealed personal data of some of these events; never hashed into the chain.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pii: Vec<SealedPii>,
    /// Ed25519 over `log_epoch`, terminal, epoch, last seq, last hash, one per line; base64url.
    pub chain_sig: String,
}

impl PushHead {
    /// The head of `count` events that end with `last_hash`, signed by their author, nothing beside them.
    pub fn signed(
        key: &SigningKey,
        log_epoch: &str,
        stream: Stream,
        (first_seq, count): (u64, u32),
        last_hash: &Hash,
    ) -> Self {
        let last_seq = (first_seq + u64::from(count)).saturating_sub(1);
        let text = chain_text(log_epoch, stream.terminal, stream.epoch, last_seq, last_hash);
        PushHead {
            log_epoch: log_epoch.to_owned(),
            terminal: stream.terminal,
            epoch: stream.epoch,
            first_seq,
            count,
            parent: None,
            relay_by: None,
            prior: Vec::new(),
            prev_left_out: false,
            pii: Vec::new(),
            chain_sig: signature::sign(key, &text),
        }
    }
}

/// `{"phone":"+86…","name":"…"}` sealed to HQ's X25519 key.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedPii {
    pub seq: u64,
    /// libsodium sealed box, base64url without padding.
    pub sealed: String,
}

impl std::fmt::Debug for SealedPii {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SealedPii(seq {})", self.seq)
    }
}

/// The text that [`PushHead::chain_sig`] signs.
pub fn chain_text(
    log_epoch: &str,
    terminal: TerminalId,
    epoch: Epoch,
    last_seq: u64,
    last_hash: &Hash,
) -> String {
    format!("{log_epoch}\n{terminal}\n{epoch}\n{last_seq}\n{last_hash}")
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Applied,
    AppliedWithException,
    /// Waits for something; the only verdict that is not final.
    Parked,
    /// Undecodable or impossible; kept raw, for a person.
    Quarantined,
    /// Requests only: HQ said no. Nothing moved.
    Rejected,
}

/// An earlier verdict on an event that is decided again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prior {
    pub seq: u64,
    pub verdict: Verdict,
    pub code: String,
}

/// What HQ made of one event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    pub seq: u64,
    pub verdict: Verdict,
    /// `ok`, `overdraft`, `coupon_reuse`, `over_refund`, `unknown_ref`, …: PROTOCOL, "Verdict codes".
    pub code: String,
    pub shard: Shard,
    pub lsn: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<CaseId>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushAck {
    /// Durable at HQ up to here, this epoch.
    pub received_through: u64,
    /// Hash of that event.
    pub hash: Hash,
    /// Every event up to here has a final verdict.
    pub decided_through: u64,
    /// In a verified backup up to here.
    pub stable_through: u64,
    /// Outcomes of the events pushed, as far as known.
    pub outcomes: Vec<Outcome>,
    pub next: Pace,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pace {
    pub events_max: u32,
    pub delay_ms: u32,
}

/// `POST /v1/sync/verdicts`: outcomes of own events from `from_seq` on, e.g. after a restart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerdictsRequest {
    pub epoch: Epoch,
    pub from_seq: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerdictsAnswer {
    pub received_through: u64,
    pub decided_through: u64,
    pub stable_through: u64,
    pub outcomes: Vec<Outcome>,
    /// False when more outcomes than one answer holds are left: ask again after the last.
    pub complete: bool,
}
