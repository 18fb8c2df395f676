//! What happens to the machine.

use ledger::id::{Epoch, Shard};

use crate::outbox::Tail;
use crate::protocol::hello::Cursor;
use crate::protocol::problem::{Problem, ProblemCode};

use super::lane::Lane;

/// How one request failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No connection, or it broke.
    Unreachable,
    TimedOut,
    /// Somebody else answered: a captive portal, a proxy, another server.
    NotHq,
    /// The answer broke off or does not fit together.
    Truncated,
    /// HQ answered that it will not.
    Refused(Problem),
    /// HQ's log does not continue the one known here: compare at `hello`.
    OtherLog,
    /// This till could not store what it got (disk full, file damaged).
    Local(String),
}

impl Fault {
    pub fn code(&self) -> Option<ProblemCode> {
        match self {
            Fault::Refused(problem) => Some(problem.code),
            _ => None,
        }
    }

    /// True when waiting for the network may help, so that its return ends the wait.
    pub(crate) fn is_network(&self) -> bool {
        matches!(self, Fault::Unreachable | Fault::TimedOut | Fault::NotHq | Fault::Truncated)
    }
}

/// Where the till stands when the machine starts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// None before the first whole snapshot.
    pub log_epoch: Option<String>,
    pub tails: Vec<Tail>,
    pub cursors: Vec<Cursor>,
    pub config_version: u64,
    /// Entries were kept that only a later program could read, and this one can: members are loaded anew.
    pub outgrown: bool,
}

/// HQ's view of one stream, compared with the journal by hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamFit {
    pub epoch: Epoch,
    pub received: u64,
    /// Up to here its verdicts are known and stand.
    pub decided: u64,
    /// Set when the histories differ: the last number at which they were compared.
    pub forked_at: Option<u64>,
}

/// A `Welcome`, checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Greeting {
    pub log_epoch: String,
    /// HQ says that this program is too old.
    pub upgrade: bool,
    pub streams: Vec<StreamFit>,
    pub rebootstrap: bool,
    pub push_events_max: u32,
    pub push_bytes_max: u32,
    /// Between an answer and the next push, ms.
    pub linger_ms: u64,
    /// Before a long queue or a snapshot begins, ms.
    pub start_delay_ms: u64,
    pub heads: Vec<(Shard, u64)>,
    pub config_version: u64,
}

/// The streams after the search for where they part from HQ's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mended {
    pub tails: Vec<Tail>,
    /// False when HQ and till agreed after all.
    pub branched: bool,
}

/// A `PushAck`, stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ack {
    pub epoch: Epoch,
    pub received: u64,
    pub decided: u64,
    /// Entries that the outcomes name: there is something to pull.
    pub heads: Vec<(Shard, u64)>,
    pub events_max: u32,
    pub delay_ms: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    pub epoch: Epoch,
    pub decided: u64,
    /// More outcomes wait.
    pub more: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pulled {
    /// Cursors as the store holds them now, of every shard asked for.
    pub cursors: Vec<Cursor>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loaded {
    pub log_epoch: String,
    pub pins: Vec<Cursor>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeadsNews {
    pub log_epoch: String,
    pub version: u64,
    pub config_version: u64,
    pub heads: Vec<(Shard, u64)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    Start(Standing),
    Welcome(Greeting),
    Mended(Mended),
    Acked(Ack),
    Judged(Judged),
    Pulled(Pulled),
    SnapshotLoaded(Loaded),
    Configured {
        version: u64,
    },
    HeadsChanged(HeadsNews),
    NewLocalEvent {
        epoch: Epoch,
        last_seq: u64,
    },
    Failed {
        lane: Lane,
        fault: Fault,
    },
    /// The moment of the last `SetTimer` has come.
    Timer,
    /// A person or the system says that now is a good moment.
    Nudge,
    Pause,
    Resume,
}
