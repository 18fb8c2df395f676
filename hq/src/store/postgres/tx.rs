//! One transaction: locks before it reads, remembers what it read, writes in one go.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use ledger::id::{Shard, Stream};
use sync::decide::kept::{DecidedAs, Kept as _, Listening, Price, Published};
use sync::protocol::hello::Cursor;
use tokio_postgres::Row;

use super::known::{Batch, Held, Known};
use super::link::{Answer, Call, Link};
use super::pool::Pool;
use super::rows;
use super::value::{Value, values};
use crate::store::model::StreamRow;
use crate::store::remembered::Remembered;
use crate::store::{Result, StoreError};

/// One snapshot for all questions.
const BEGIN_READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY";
/// Every statement sees what was committed before it: what is read after a lock is the newest.
const BEGIN_WRITE: &str = "BEGIN ISOLATION LEVEL READ COMMITTED";
/// Writers ask by whole keys, for which one plan is always right: by the key's index, however small the table
/// was when it was planned. Left to itself the server plans each question about a few rows anew, which takes
/// longer than its answer.
const PLAN_ONCE: &str = "SELECT set_config('plan_cache_mode', 'force_generic_plan', true), \
    set_config('enable_seqscan', 'off', true)";
const COMMIT: &str = "COMMIT";
/// More is written before it is asked for, so that a job of any length fits into memory.
const ROWS_MAX: usize = 10_000;

/// Kinds of things for which their log need not be held: what the chain publishes is only read beside
/// sales, which stores listen likewise, and an event's hash is met again only by its own terminal, whose log
/// is held.
const GUARDED_ELSEWHERE: [&str; 4] = [Published::KIND, Price::KIND, DecidedAs::KIND, Listening::KIND];

pub struct Tx<'a> {
    pool: &'a Pool,
    /// Leaves it only on drop.
    link: Option<Link>,
    writes: bool,
    begun: Cell<bool>,
    ended: Cell<bool>,
    pub(super) known: RefCell<Known>,
    pub(super) remembered: Remembered,
    batch: RefCell<Batch>,
    /// Logs that are locked before the next question, in the same round trip.
    wanted: RefCell<BTreeSet<Shard>>,
}

impl<'a> Tx<'a> {
    pub fn reader(pool: &'a Pool) -> Result<Self> {
        Self::new(pool, false)
    }

    pub fn writer(pool: &'a Pool) -> Result<Self> {
        Self::new(pool, true)
    }

    fn new(pool: &'a Pool, writes: bool) -> Result<Self> {
        let link = Some(pool.take()?);
        let (begun, ended) = (Cell::new(false), Cell::new(false));
        let (known, remembered) = (RefCell::default(), Remembered::default());
        let (batch, wanted) = (RefCell::default(), RefCell::default());
        Ok(Tx { pool, link, writes, begun, ended, known, remembered, batch, wanted })
    }

    fn link(&self) -> &Link {
        self.link.as_ref().expect("the connection leaves its transaction only on drop")
    }

    /// One round trip; the first one opens the transaction too. Every statement sees what was committed
    /// before it, so what is asked behind a lock is as new as if it had been asked later.
    fn send(&self, calls: Vec<Call>) -> Result<Vec<Answer>> {
        let wanted = self.wanted.take();
        let mut all = self.opening();
        let opened = all.len();
        all.extend(self.locking(&wanted));
        let locked = all.len();
        all.extend(calls);
        self.pool.count();
        let mut answers = self.link().all(&all).map_err(|error| self.named(error, &wanted))?;
        let asked = answers.split_off(locked);
        if let Some(heads) = answers.get(opened) {
            self.take_heads(&wanted, &heads.rows)?;
        }
        Ok(asked)
    }

    fn opening(&self) -> Vec<Call> {
        let bare = |sql| Call { sql, values: Vec::new() };
        match (self.begun.replace(true), self.writes) {
            (true, _) => Vec::new(),
            (false, true) => vec![bare(BEGIN_WRITE), bare(PLAN_ONCE)],
            (false, false) => vec![bare(BEGIN_READ)],
        }
    }

    /// Locks logs, lower numbers first. One below a log that is held is not waited for: the holder may
    /// be waiting for ours. The conflict names all of them, and the next attempt starts with them.
    fn locking(&self, wanted: &BTreeSet<Shard>) -> Option<Call> {
        let lowest = wanted.first()?;
        let in_order = self.known.borrow().heads.keys().next_back().is_none_or(|highest| highest < lowest);
        let sql = if in_order { super::sql!("shards_lock") } else { super::sql!("shards_lock_now") };
        let ids = wanted.iter().map(|shard| Some(i64::from(shard.0))).collect();
        Some(Call { sql, values: vec![Value::Ints(ids)] })
    }

    fn take_heads(&self, wanted: &BTreeSet<Shard>, found: &[Row]) -> Result<()> {
        let heads = found.iter().map(rows::cursor).collect::<Result<Vec<Cursor>>>()?;
        if heads.len() != wanted.len() {
            return Err(StoreError::Corrupt("a shard is missing".to_owned()));
        }
        let held = heads.into_iter().map(|head| (head.shard, Held::read(head)));
        self.known.borrow_mut().heads.extend(held);
        Ok(())
    }

    /// A conflict says which logs to lock first next time.
    fn named(&self, error: StoreError, wanted: &BTreeSet<Shard>) -> StoreError {
        match error {
            StoreError::Conflict(mut shards) => {
                shards.extend(self.known.borrow().heads.keys());
                shards.extend(wanted);
                StoreError::Conflict(shards)
            }
            other => other,
        }
    }

    /// Everything that waits to be written.
    fn unwritten(&self) -> Vec<Call> {
        let mut calls = self.known.borrow_mut().unwritten();
        calls.extend(self.batch.take().calls());
        calls
    }

    /// Writes what waits, then asks.
    pub fn all(&self, sql: &'static str, values: Vec<Value>) -> Result<Vec<Row>> {
        let mut calls = self.unwritten();
        calls.push(Call { sql, values });
        Ok(self.send(calls)?.pop().map(|answer| answer.rows).unwrap_or_default())
    }

    pub fn one<T>(
        &self,
        sql: &'static str,
        values: Vec<Value>,
        read: impl Fn(&Row) -> Result<T>,
    ) -> Result<Option<T>> {
        self.all(sql, values)?.first().map(read).transpose()
    }

    pub fn list<T>(
        &self,
        sql: &'static str,
        values: Vec<Value>,
        read: impl Fn(&Row) -> Result<T>,
    ) -> Result<Vec<T>> {
        self.all(sql, values)?.iter().map(read).collect()
    }

    /// An aggregate's one row.
    pub fn value<T>(
        &self,
        sql: &'static str,
        values: Vec<Value>,
        read: impl Fn(&Row) -> Result<T>,
    ) -> Result<T> {
        let missing = || StoreError::Corrupt("an aggregate without a row".to_owned());
        self.one(sql, values, read)?.ok_or_else(missing)
    }

    /// Asks by a key that is not known: unless something single waits, nothing that waits touches it.
    pub fn look(&self, sql: &'static str, values: Vec<Value>) -> Result<Vec<Row>> {
        let Some(answer) = self.look_all(vec![Call { sql, values }])?.pop() else { return Ok(Vec::new()) };
        Ok(answer.rows)
    }

    /// Several such questions in one round trip.
    pub fn look_all(&self, questions: Vec<Call>) -> Result<Vec<Answer>> {
        let waits = self.batch.borrow().has_singles();
        let mut calls = if waits { self.unwritten() } else { Vec::new() };
        let before = calls.len();
        calls.extend(questions);
        let mut answers = self.send(calls)?;
        answers.drain(..before);
        Ok(answers)
    }

    /// One row after the other, however many there are.
    pub fn each(
        &self,
        sql: &str,
        values: Vec<Value>,
        each: &mut dyn FnMut(&Row) -> Result<()>,
    ) -> Result<()> {
        self.send(self.unwritten())?;
        self.link().each(sql, &values, each)
    }

    /// A statement that is not worth being remembered.
    pub fn once(&self, sql: &str, values: Vec<Value>) -> Result<()> {
        self.each(sql, values, &mut |_| Ok(()))
    }

    /// Writes at once, after what waits; how many rows changed.
    pub fn change(&self, sql: &'static str, values: Vec<Value>) -> Result<u64> {
        let mut calls = self.unwritten();
        calls.push(Call { sql, values });
        Ok(self.send(calls)?.pop().map_or(0, |answer| answer.changed))
    }

    /// True when the nonce is new. A crash may forget it, as it forgets what the process remembers.
    pub fn note_nonce(&self, values: Vec<Value>) -> Result<bool> {
        let light = Call { sql: "SET LOCAL synchronous_commit = off", values: Vec::new() };
        let answers = self.send(vec![light, Call { sql: super::sql!("nonce_note"), values }])?;
        Ok(answers.last().is_some_and(|answer| answer.changed == 1))
    }

    /// Writes at the end, after everything that goes by rows.
    pub fn later(&self, sql: &'static str, values: Vec<Value>) -> Result<()> {
        self.batch.borrow_mut().single(sql, values);
        self.relieve()
    }

    /// Writes at the end, together with the other rows of this statement.
    pub fn row(&self, sql: &'static str, row: Vec<Value>) -> Result<()> {
        self.batch.borrow_mut().add(sql, row);
        self.relieve()
    }

    fn relieve(&self) -> Result<()> {
        let many = self.batch.borrow().rows() >= ROWS_MAX;
        if many { self.send(self.unwritten()).map(drop) } else { Ok(()) }
    }

    pub fn commit(&self) -> Result<()> {
        let mut calls = self.unwritten();
        if !self.begun.get() && calls.is_empty() {
            return Ok(());
        }
        calls.push(Call { sql: COMMIT, values: Vec::new() });
        self.send(calls)?;
        self.ended.set(true);
        Ok(())
    }

    /// Logs that are locked with the next question, or with what is written at the end.
    pub fn hold(&self, shards: &[Shard]) {
        let wanted = shards.iter().filter(|shard| self.must_hold(**shard));
        let wanted: Vec<Shard> = wanted.copied().collect();
        self.wanted.borrow_mut().extend(wanted);
    }

    /// Locks at once what waits to be locked.
    pub fn hold_now(&self) -> Result<()> {
        let none = self.wanted.borrow().is_empty();
        if none { Ok(()) } else { self.send(Vec::new()).map(drop) }
    }

    /// As [`Tx::hold`], for something of a kind that is kept there.
    pub fn hold_for(&self, shard: Shard, kind: &str) {
        if !Self::is_guarded_elsewhere(kind) {
            self.hold(&[shard]);
        }
    }

    pub fn is_guarded_elsewhere(kind: &str) -> bool {
        GUARDED_ELSEWHERE.contains(&kind)
    }

    /// True when what is read may be written back: rows that are written whole are held.
    pub fn writes(&self) -> bool {
        self.writes
    }

    /// True when a writer would look at a log's matters without holding it when it is answered.
    pub fn must_hold(&self, shard: Shard) -> bool {
        let held = || self.known.borrow().heads.contains_key(&shard);
        self.writes && !held() && !self.wanted.borrow().contains(&shard)
    }

    /// A stream's row; a writer holds it until the end.
    pub fn stream_row(&self, stream: Stream) -> Result<Option<StreamRow>> {
        if let Some(row) = self.known.borrow().streams.get(&stream) {
            return Ok(*row);
        }
        let sql = if self.writes { super::sql!("stream_lock") } else { super::sql!("stream") };
        let found = self.look(sql, super::value::stream(stream))?;
        let row = found.first().map(|row| rows::stream_state(row, stream.epoch)).transpose()?;
        self.known.borrow_mut().streams.insert(stream, row);
        Ok(row)
    }

    /// Columns of a member: where it lies, and its id.
    pub fn member_key(member: ledger::id::MemberId) -> Vec<Value> {
        values![ledger::id::Anchor::from(member).shard(), member.to_string()]
    }
}

impl Drop for Tx<'_> {
    fn drop(&mut self) {
        let Some(link) = self.link.take() else { return };
        if self.begun.get() && !self.ended.get() {
            link.roll_back();
        }
        self.pool.give(link);
    }
}
