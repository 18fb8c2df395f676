//! A print job as it lies in the queue.

use rusqlite::Row;
use rusqlite::types::Type;

use crate::id::EventKey;
use crate::store::journal::place::Place;
use crate::time::Timestamp;

/// Made of the event, the kind and the copy number: the original of a receipt can exist once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobId(pub i64);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobKind {
    Receipt,
    /// A reprint; says so on the paper.
    Copy,
    Report,
    /// Opening the drawer: valid for seconds, never repeated.
    Drawer,
    Test,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobState {
    Queued,
    Sending,
    /// Somebody has to look at the paper.
    Uncertain,
    Confirmed,
    SentUnconfirmed,
    Failed,
    Cancelled,
    /// A drawer that was not opened in time.
    Expired,
}

/// A job to be. `event` is None for test pages and reports that no event stands behind.
#[derive(Clone, Copy, Debug)]
pub struct NewJob<'a> {
    pub event: Option<EventKey>,
    pub kind: JobKind,
    /// 0 for an original.
    pub copy_no: u8,
    /// What people call it: receipt number and copy.
    pub name: &'a str,
    /// JSON; its shape belongs to the printer's side.
    pub doc: &'a str,
    pub created_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrintJob {
    pub id: JobId,
    pub kind: JobKind,
    pub copy_no: u8,
    pub name: String,
    pub doc: String,
    pub state: JobState,
    /// Bytes that may have left, of `total`.
    pub sent: u64,
    pub total: u64,
    pub attempts: u32,
    pub err: Option<String>,
    pub created_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    /// Somebody said that it prints although it is old or was tried often.
    pub released: bool,
}

/// A job that did not get one byte out in so many attempts asks before the next.
pub const ATTEMPTS_MAX: u32 = 3;

impl PrintJob {
    /// Whether it waits for a word before it prints: receipts and copies created before `fresh_from`
    /// (their customer is gone), and whatever was tried too often. Drawers never wait.
    pub fn asks_first(&self, fresh_from: Timestamp) -> bool {
        asks_first(self.kind, self.created_at, (self.attempts, self.released), fresh_from)
    }
}

pub(super) fn asks_first(
    kind: JobKind,
    created_at: Timestamp,
    (attempts, released): (u32, bool),
    fresh_from: Timestamp,
) -> bool {
    let ages = matches!(kind, JobKind::Receipt | JobKind::Copy);
    let is_old = ages && created_at < fresh_from;
    kind != JobKind::Drawer && !released && (is_old || attempts >= ATTEMPTS_MAX)
}

const COPY_BITS: u32 = 8;
const KIND_BITS: u32 = 3;
const KINDS: [JobKind; 5] =
    [JobKind::Receipt, JobKind::Copy, JobKind::Report, JobKind::Drawer, JobKind::Test];

impl JobId {
    pub(super) fn new(place: Place, kind: JobKind, copy_no: u8) -> Self {
        let kind = KINDS.iter().position(|known| *known == kind).unwrap_or(0) as i64;
        JobId((place.0 << KIND_BITS | kind) << COPY_BITS | i64::from(copy_no))
    }

    /// The lowest and the highest that an event's jobs can have.
    pub(super) fn of_event(place: Place) -> (Self, Self) {
        let first = place.0 << (KIND_BITS + COPY_BITS);
        (JobId(first), JobId(first | ((1 << (KIND_BITS + COPY_BITS)) - 1)))
    }

    pub(super) fn place(self) -> Place {
        Place(self.0 >> (COPY_BITS + KIND_BITS))
    }

    pub(super) fn copy_no(self) -> u8 {
        self.0.to_le_bytes()[0]
    }

    pub(super) fn kind(self) -> Option<JobKind> {
        let kind = self.0 >> COPY_BITS & ((1 << KIND_BITS) - 1);
        KINDS.get(usize::try_from(kind).ok()?).copied()
    }
}

impl JobState {
    const ALL: [JobState; 8] = [
        JobState::Queued,
        JobState::Sending,
        JobState::Uncertain,
        JobState::Confirmed,
        JobState::SentUnconfirmed,
        JobState::Failed,
        JobState::Cancelled,
        JobState::Expired,
    ];

    /// As stored, and as the printer's side names it.
    pub fn name(self) -> &'static str {
        match self {
            JobState::Queued => "queued",
            JobState::Sending => "sending",
            JobState::Uncertain => "uncertain",
            JobState::Confirmed => "confirmed",
            JobState::SentUnconfirmed => "sent_unconfirmed",
            JobState::Failed => "failed",
            JobState::Cancelled => "cancelled",
            JobState::Expired => "expired",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Nothing will happen to the job any more.
    pub fn is_final(self) -> bool {
        !matches!(self, JobState::Queued | JobState::Sending | JobState::Uncertain)
    }
}

pub(super) fn job(row: &Row<'_>) -> rusqlite::Result<PrintJob> {
    let bad = |i: usize, name: &str| rusqlite::Error::InvalidColumnType(i, name.to_owned(), Type::Text);
    let id = JobId(row.get(0)?);
    let state: String = row.get(3)?;
    Ok(PrintJob {
        id,
        kind: id.kind().ok_or_else(|| bad(0, "kind"))?,
        copy_no: id.copy_no(),
        name: row.get(1)?,
        doc: row.get(2)?,
        state: JobState::from_name(&state).ok_or_else(|| bad(3, "state"))?,
        sent: row.get::<_, i64>(4)?.unsigned_abs(),
        total: row.get::<_, i64>(5)?.unsigned_abs(),
        attempts: row.get(6)?,
        err: row.get(7)?,
        created_at: Timestamp(row.get(8)?),
        ended_at: row.get::<_, Option<i64>>(9)?.map(Timestamp),
        released: row.get(10)?,
    })
}
