//! Where headquarters keeps what it knows. One trait; one folder per database.

use ledger::catalogue::Item;
use ledger::coupon::CouponState;
use ledger::id::{CaseId, CouponId, EventKey, Hash, MemberId, Shard, StoreId, Stream, TerminalId};
use ledger::posting::{Account, Unit};
use ledger::time::{BusinessDay, Timestamp};
use sync::decide::kept::Keep;
use sync::decide::view::Lent;
use sync::decide::{CaseDraft, Reference, View};
use sync::protocol::config::{StaffRow, StoreConfig};
use sync::protocol::hello::Cursor;
use sync::protocol::push::Outcome;
use sync::protocol::snapshot::{CouponRow, MemberRow, SnapshotRow};
use thiserror::Error;

pub mod again;
pub mod image;
mod lines;
pub mod model;
pub mod postgres;
mod remembered;
pub mod sqlite;
pub mod tables;

use model::{
    CaseRow, DayRow, EventOutcome, EventRow, KindSum, LogLine, MemberFound, MemberSearch, PostingRow,
    SaleRow, StreamRow, TerminalRow,
};
use tables::Table;

#[derive(Debug, Error)]
pub enum StoreError {
    #[error("the database failed: {0}")]
    Database(String),
    #[error("the database holds what it should not: {0}")]
    Corrupt(String),
    #[error("the file was made by a newer version (schema {0})")]
    Newer(i64),
    #[error("SQLite {0} is too old: 3.51.3 or newer is needed")]
    SqliteTooOld(String),
    #[error("a chain was made in this folder before")]
    Exists,
    #[error("the reader of a stream has gone")]
    Gone,
    #[error("the database's address: {0}")]
    Address(String),
    /// Nothing was written; with these logs locked first the same work will do.
    #[error("another process was at the same rows")]
    Conflict(Vec<Shard>),
}

impl From<tables::NoText> for StoreError {
    fn from(error: tables::NoText) -> Self {
        StoreError::Corrupt(error.to_string())
    }
}

pub type Result<T> = std::result::Result<T, StoreError>;

/// What a rehearsal looks at.
pub trait Glimpse: View<Error = StoreError> {
    /// A setting, as far as it is known yet.
    fn setting(&self, key: &'static str) -> Option<Vec<u8>>;
}

/// Work that only looks.
pub type Rehearsal<'a> = dyn Fn(&dyn Glimpse) -> Result<()> + 'a;

/// A database. Everything blocks: callers are on a blocking thread.
pub trait Store: Send + Sync {
    /// One consistent view that no writer changes.
    ///
    /// # Errors
    /// When the database cannot be read.
    fn read(&self) -> Result<Box<dyn Read + '_>>;
    /// The one writer. What is not committed is rolled back.
    ///
    /// # Errors
    /// When the database cannot be written.
    fn write(&self) -> Result<Box<dyn Write + '_>>;
    /// True when other servers may write to it.
    fn is_shared(&self) -> bool {
        false
    }
    /// False when another server on this database took a request with this nonce. What this process
    /// took is not the database's concern.
    ///
    /// # Errors
    /// When the database cannot be written.
    fn note_nonce(&self, _terminal: TerminalId, _nonce: [u8; 16], _now: Timestamp) -> Result<bool> {
        Ok(true)
    }
    /// Forgets the nonces of requests before a time.
    ///
    /// # Errors
    /// When the database cannot be written.
    fn forget_nonces(&self, _before: Timestamp) -> Result<()> {
        Ok(())
    }
}

/// Every method fails only when the database does.
#[allow(clippy::missing_errors_doc, reason = "one error for all, named above")]
pub trait Read: View<Error = StoreError> {
    fn meta(&self, key: &str) -> Result<Option<Vec<u8>>>;
    /// All 256, in order.
    fn heads(&self) -> Result<Vec<Cursor>>;
    fn head(&self, shard: Shard) -> Result<Cursor>;
    fn log_after(&self, shard: Shard, lsn: u64, lines_max: u32) -> Result<Vec<LogLine>>;
    fn log_at(&self, shard: Shard, lsn: u64) -> Result<Option<LogLine>>;

    fn store(&self, id: &StoreId) -> Result<Option<StoreConfig>>;
    fn stores(&self) -> Result<Vec<StoreConfig>>;
    fn staff(&self, store: &StoreId) -> Result<Vec<StaffRow>>;
    fn items(&self) -> Result<Vec<Item>>;

    fn terminal(&self, id: TerminalId) -> Result<Option<TerminalRow>>;
    fn terminals(&self) -> Result<Vec<TerminalRow>>;
    fn stream(&self, stream: Stream) -> Result<Option<StreamRow>>;
    fn streams(&self, terminal: TerminalId) -> Result<Vec<StreamRow>>;
    /// The first event without a final verdict.
    fn first_parked(&self, stream: Stream) -> Result<Option<u64>>;
    fn event(&self, key: EventKey) -> Result<Option<EventRow>>;
    fn outcomes(&self, stream: Stream, from: u64, to: u64, rows_max: u32) -> Result<Vec<Outcome>>;
    fn waiting(&self, reference: &Reference) -> Result<Vec<EventKey>>;
    /// Parked events that were received before a moment, oldest first.
    fn waiting_since(&self, before: Timestamp, rows_max: u32) -> Result<Vec<(EventKey, Timestamp)>>;
    fn waiting_kinds(&self) -> Result<Vec<EventKey>>;

    fn members(&self, search: &MemberSearch, rows_max: u32) -> Result<Vec<MemberFound>>;
    fn member_count(&self) -> Result<u64>;
    /// The members of one shard who are nobody's other name.
    fn members_of(&self, shard: Shard) -> Result<Vec<MemberId>>;
    fn coupon_count(&self) -> Result<u64>;
    /// The stores that hear of a member.
    fn interested(&self, member: MemberId) -> Result<Vec<StoreId>>;
    /// The members that a store hears of.
    fn members_interesting(&self, store: &StoreId) -> Result<Vec<MemberId>>;
    /// Every id that became another name, and whose.
    fn other_names(&self) -> Result<Vec<(MemberId, MemberId)>>;
    fn coupons_of(&self, member: MemberId) -> Result<Vec<CouponRow>>;
    fn postings(&self, shard: Shard, account: &Account, rows_max: u32) -> Result<Vec<PostingRow>>;
    fn trial_balance(&self) -> Result<Vec<(String, i64)>>;
    fn exceptions(&self) -> Result<Vec<(String, String, i64)>>;

    fn sales_recent(&self, rows_max: u32) -> Result<Vec<SaleRow>>;
    fn sales_of_day(&self, store: &StoreId, day: BusinessDay) -> Result<Vec<KindSum>>;
    /// Sales and refunds booked on a store's day.
    fn sales_on(&self, store: &StoreId, day: BusinessDay) -> Result<Vec<SaleRow>>;
    fn days(&self, store: &StoreId, day: BusinessDay) -> Result<Vec<DayRow>>;
    fn case(&self, id: CaseId) -> Result<Option<CaseRow>>;
    fn cases_open(&self, rows_max: u32) -> Result<Vec<CaseRow>>;
    fn cases_all(&self, rows_max: u32) -> Result<Vec<CaseRow>>;
    fn cases_open_count(&self) -> Result<u64>;

    /// Password hash, and whether it must be exchanged first.
    fn operator(&self, name: &str) -> Result<Option<(String, bool)>>;
    fn token_owner(&self, hash: &Hash, now: Timestamp) -> Result<Option<String>>;

    /// Every row of a table, in its order.
    fn dump(&self, table: &Table, each: &mut dyn FnMut(tables::Row) -> Result<()>) -> Result<()>;
    /// Every member and coupon in turn, as one till's store sees them.
    fn snapshot(&self, store: &StoreId, each: &mut dyn FnMut(SnapshotRow) -> Result<()>) -> Result<()>;
}

#[allow(clippy::missing_errors_doc, reason = "one error for all, named at Read")]
pub trait Write: Read {
    fn commit(self: Box<Self>) -> Result<()>;
    /// Says which logs will be written to, before anything is read that depends on them: they are locked
    /// when the next question is answered. A log that is not named is locked when it is first looked at,
    /// which may end in a conflict.
    fn lock(&self, shards: &[Shard]) -> Result<()>;
    /// Lets a database that is far away fetch in a few questions what work to come will look at: a stream's
    /// row, what waits for references, and whatever the rehearsal looks at. It does that work on a view that
    /// may lack things, and its outcome counts for nothing.
    fn look_ahead(
        &self,
        _stream: Option<Stream>,
        _references: &[Reference],
        _rehearsal: &Rehearsal<'_>,
    ) -> Result<()> {
        Ok(())
    }

    fn put_meta(&self, key: &str, value: &[u8]) -> Result<()>;
    /// Appends a decided line; `lsn` must be the head's next.
    fn append_log(&self, shard: Shard, line: &LogLine) -> Result<()>;
    fn put_store(&self, store: &StoreConfig) -> Result<()>;
    fn put_staff(&self, store: &StoreId, staff: &StaffRow) -> Result<()>;
    fn put_item(&self, item: &Item) -> Result<()>;

    fn next_terminal(&self) -> Result<TerminalId>;
    fn put_terminal(&self, terminal: &TerminalRow) -> Result<()>;
    /// The terminal was heard at `at`; nothing else of its row changes.
    fn put_contact(&self, id: TerminalId, at: Timestamp) -> Result<()>;
    fn put_code(&self, hash: &Hash, store: &StoreId, till_no: u32, expires_at: Timestamp) -> Result<()>;
    /// The code's store and till number; None when it is unknown, used or too old.
    fn take_code(&self, hash: &Hash, now: Timestamp) -> Result<Option<(StoreId, u32)>>;
    fn put_stream(&self, stream: Stream, received: u64, head: &Hash) -> Result<()>;
    /// Events through `seq` are in a proved backup.
    fn put_stable(&self, stream: Stream, seq: u64) -> Result<()>;
    fn put_event(&self, event: &EventRow) -> Result<()>;
    /// Replaces the verdict of a parked event; final ones never change.
    fn settle_event(&self, key: EventKey, outcome: &EventOutcome) -> Result<()>;

    fn put_balance(&self, shard: Shard, account: &Account, unit: Unit, balance: i64) -> Result<()>;
    fn put_posting(&self, shard: Shard, posting: &PostingRow) -> Result<()>;
    fn put_member(&self, shard: Shard, member: &MemberRow) -> Result<()>;
    fn put_alias(&self, from: MemberId, to: MemberId) -> Result<()>;
    /// The member is its own survivor again.
    fn drop_alias(&self, member: MemberId) -> Result<()>;
    /// Blanks the row, drops the personal data and the claim on the phone; the id stays, as erased.
    fn erase_personal(&self, member: MemberId) -> Result<()>;
    /// Whether `store` hears of the member.
    fn put_interest(&self, shard: Shard, member: MemberId, store: &StoreId, hears: bool) -> Result<()>;
    /// The store hears of everybody whose home it is and who was lent anything there.
    fn begin_interest(&self, store: &StoreId) -> Result<()>;
    /// Keeps a body, or removes it.
    fn keep(&self, keep: &Keep) -> Result<()>;
    fn put_pii(&self, member: MemberId, phone: &str, name: &str) -> Result<()>;
    /// The number is free again, if this member held it.
    fn release_phone(&self, phone: &Hash, member: MemberId) -> Result<()>;
    fn claim_phone(&self, phone: &Hash, member: MemberId) -> Result<()>;
    fn put_quota(&self, shard: Shard, member: MemberId, lent: &Lent) -> Result<()>;
    fn put_coupon(&self, shard: Shard, coupon: &CouponRow) -> Result<()>;
    /// `lsn`: the entry that gives it this state.
    fn set_coupon(
        &self,
        shard: Shard,
        id: CouponId,
        state: CouponState,
        by: Option<EventKey>,
        lsn: u64,
    ) -> Result<()>;
    fn put_refunded(&self, sale: EventKey, refund: EventKey) -> Result<()>;
    fn put_sale(&self, sale: &SaleRow) -> Result<()>;
    fn put_day(&self, store: &StoreId, day: BusinessDay, row: &DayRow) -> Result<()>;
    fn put_case(&self, event: EventKey, store: &StoreId, case: &CaseDraft, at: Timestamp) -> Result<()>;
    /// False when another answer came first.
    fn close_case(&self, id: CaseId, version: u32, choice: &str, at: Timestamp) -> Result<bool>;

    /// Adds rows as they were dumped, to a database that holds nothing else.
    fn load(&self, table: &Table, rows: Vec<tables::Row>) -> Result<()>;

    fn put_operator(&self, name: &str, password_hash: &str, one_time: bool) -> Result<()>;
    fn put_token(&self, hash: &Hash, operator: &str, expires_at: Timestamp) -> Result<()>;
    fn drop_tokens(&self, operator: &str) -> Result<()>;
}
