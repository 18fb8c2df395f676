//! What the machine wants done.

use ledger::id::Epoch;

use crate::outbox::Batch;
use crate::protocol::hello::Cursor;

use super::lane::Lane;

/// Something that only a person or a later step can settle. Nothing is lost meanwhile: events stay in
/// the journal and everything else goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attention {
    /// HQ holds another history of this stream from about `seq` on; ends when the till has branched off.
    Forked { epoch: Epoch, seq: u64 },
    /// HQ holds more of this stream than the till: the till was restored from an old copy.
    RolledBack { epoch: Epoch, hq_seq: u64 },
    /// HQ revoked this terminal.
    Fenced,
    /// HQ does not accept this terminal's signature.
    Unauthorised,
    /// HQ no longer serves this program: it takes facts, nothing else is promised.
    Upgrade,
    /// HQ answers, and yet nobody acknowledges the queue; everything was begun anew.
    Stalled,
    /// HQ will not take an event, whatever the batch.
    Refused { detail: String },
    /// This till cannot write what it gets.
    Storage { detail: String },
}

impl Attention {
    /// Stays until what it says was settled, even when other requests succeed.
    pub fn is_lasting(&self) -> bool {
        use Attention::{Forked, RolledBack, Stalled, Upgrade};
        matches!(self, Forked { .. } | RolledBack { .. } | Stalled | Upgrade)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    Hello,
    /// Find where these streams part from HQ's, and go on from there.
    Mend(Vec<Epoch>),
    Push(Batch),
    /// Ask for what follows these cursors.
    Pull(Vec<Cursor>),
    Verdicts {
        epoch: Epoch,
        from_seq: u64,
    },
    Snapshot,
    Config {
        have: u64,
    },
    /// Wait for the next heads after this feed version.
    WaitFeed {
        after: u64,
    },
    /// Come back with `Timer` at this moment of the monotonic clock, ms; replaces the one before.
    SetTimer {
        at_ms: u64,
    },
    /// Drop every request in flight and every connection.
    Disconnect,
    /// As [`Effect::Disconnect`], then begin again with `Start` from what is stored.
    Restart,
    ReportOnline,
    ReportOffline,
    ReportAttention(Option<Attention>),
}

impl Effect {
    /// The lane of an effect that is a request.
    pub fn lane(&self) -> Option<Lane> {
        match self {
            Effect::Hello => Some(Lane::Hello),
            Effect::Mend(_) => Some(Lane::Mend),
            Effect::Push(_) => Some(Lane::Push),
            Effect::Pull(_) => Some(Lane::Pull),
            Effect::Verdicts { .. } => Some(Lane::Verdicts),
            Effect::Snapshot => Some(Lane::Snapshot),
            Effect::Config { .. } => Some(Lane::Config),
            Effect::WaitFeed { .. } => Some(Lane::Feed),
            Effect::SetTimer { .. }
            | Effect::Disconnect
            | Effect::Restart
            | Effect::ReportOnline
            | Effect::ReportOffline
            | Effect::ReportAttention(_) => None,
        }
    }
}
