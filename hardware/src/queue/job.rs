//! What the queue asks of the caller: a store for jobs and an ear for events.
use serde::{Deserialize, Serialize};

use super::report::TestReport;
use crate::{drawer::DrawerOutcome, error::HwError, receipt::doc::Doc, state::Health};

/// The store's name for a job.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct JobId(pub String);

/// One slip to print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    pub id: JobId,
    /// What people call it, `<receipt_no>-<copy_no>`; a virtual printer names its files so.
    pub name: String,
    pub doc: Doc,
    /// A slip before it may have ended inside a command, so that its beginning could be swallowed.
    pub after_break: bool,
}

/// Where a job is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// Waits for the printer; not one byte was sent.
    Queued,
    /// Bytes may be on their way.
    Sending,
    /// The printer answered that it worked off everything.
    Confirmed,
    /// All bytes were handed over; this printer gives no answers.
    SentUnconfirmed,
    /// Some or all bytes went out and then something broke: somebody has to look at the paper.
    Uncertain,
    /// It cannot be printed at all.
    Failed,
    /// Somebody decided against it.
    Cancelled,
}

impl JobState {
    /// As stored.
    pub fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Confirmed => "confirmed",
            Self::SentUnconfirmed => "sent_unconfirmed",
            Self::Uncertain => "uncertain",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// From its stored name.
    pub fn from_name(name: &str) -> Option<Self> {
        let all = [
            Self::Queued,
            Self::Sending,
            Self::Confirmed,
            Self::SentUnconfirmed,
            Self::Uncertain,
            Self::Failed,
            Self::Cancelled,
        ];
        all.into_iter().find(|state| state.name() == name)
    }

    /// What a stored job becomes when the program starts again.
    ///
    /// `sent` is the stored count. The queue stores it before the bytes leave, so 0 proves that
    /// none did, and only then may the job print by itself.
    #[must_use]
    pub fn after_restart(self, sent: usize) -> Self {
        match self {
            Self::Sending if sent > 0 => Self::Uncertain,
            Self::Sending => Self::Queued,
            other => other,
        }
    }
}

/// The store could not do it; the text is for the log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("print job store: {0}")]
pub struct StoreError(pub String);

/// The jobs, kept so that they survive a power cut. Each call returns after its commit.
///
/// At start the store turns each `sending` job into [`JobState::after_restart`].
pub trait JobStore: Send {
    /// The oldest queued job that should print by itself.
    fn next(&mut self) -> Result<Option<Job>, StoreError>;

    /// The job becomes `sending` with 0 bytes sent. No byte leaves before this returns.
    fn begin(&mut self, id: &JobId, sha: &[u8; 32], total: usize) -> Result<(), StoreError>;

    /// At most `sent` bytes have left. The first call comes before the first byte leaves.
    fn progress(&mut self, id: &JobId, sent: usize) -> Result<(), StoreError>;

    /// The attempt is over; [`JobState::Queued`] = not one byte left, try again.
    fn finish(&mut self, id: &JobId, state: JobState, why: Option<&HwError>) -> Result<(), StoreError>;
}

/// What the owner of a queue hears. Called on the queue's thread: hand it on, do not work here.
pub trait EventSink: Send {
    /// The printer's health changed.
    fn health(&mut self, health: &Health);

    /// A job reached a state; told after the store knows it.
    fn job(&mut self, id: &JobId, state: JobState, why: Option<&HwError>);

    /// An opening of the drawer ended.
    fn drawer(&mut self, id: &str, outcome: &DrawerOutcome);

    /// A test page ended.
    fn tested(&mut self, report: &TestReport);

    /// The store failed: printing pauses and is tried again.
    fn store_failed(&mut self, error: &StoreError);
}
