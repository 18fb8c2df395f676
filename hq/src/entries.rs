//! Writes entries: one line in a shard's log, its effects in the tables, both in one transaction.

use std::collections::BTreeMap;

use ledger::id::{CaseId, Hash, Shard, StoreId};
use ledger::time::Timestamp;
use sync::decide::attribution;
use sync::decide::person;
use sync::decide::view::Lent;
use sync::protocol::entry::{Cause, Effect, Entry, chain};
use sync::protocol::push::Verdict;

use crate::erased;
use crate::store::model::{LogLine, PostingRow};
use crate::store::{Read, Result, StoreError, Write};

/// Setting that holds the newest version of the configuration.
pub const CONFIG_VERSION: &str = "config_version";

/// Why the entries of one cause exist; becomes the entry's head.
#[derive(Clone, Debug)]
pub struct Heading {
    pub cause: Cause,
    pub verdict: Verdict,
    pub code: String,
    pub case: Option<CaseId>,
    /// Kind of the fact, `opening`, or the case's answer: gives each movement its reason.
    pub kind: String,
}

impl Heading {
    pub fn job(name: &str) -> Self {
        Heading {
            cause: Cause::Job(name.to_owned()),
            verdict: Verdict::Applied,
            code: "ok".to_owned(),
            case: None,
            kind: name.to_owned(),
        }
    }
}

/// The newest version of the configuration that was published.
///
/// # Errors
/// What the database reports.
pub fn published(tx: &dyn Read) -> Result<u64> {
    Ok(tx.meta(CONFIG_VERSION)?.and_then(version).unwrap_or(0))
}

/// A version as it is kept.
pub(crate) fn version(setting: Vec<u8>) -> Option<u64> {
    String::from_utf8(setting).ok()?.parse().ok()
}

/// Holds the pen for one transaction and remembers which logs it moved.
pub struct Scribe<'a> {
    tx: &'a dyn Write,
    now: Timestamp,
    moved: BTreeMap<Shard, u64>,
    bundle: Option<u64>,
    listening: Option<Vec<StoreId>>,
    salt: Option<Hash>,
}

impl<'a> Scribe<'a> {
    pub fn new(tx: &'a dyn Write, now: Timestamp) -> Self {
        Scribe { tx, now, moved: BTreeMap::new(), bundle: None, listening: None, salt: None }
    }

    pub fn tx(&self) -> &'a dyn Write {
        self.tx
    }

    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The newest version of the configuration that was published; asked once.
    ///
    /// # Errors
    /// What the database reports.
    pub fn bundle(&mut self) -> Result<u64> {
        let bundle = match self.bundle {
            Some(bundle) => bundle,
            None => published(self.tx)?,
        };
        self.bundle = Some(bundle);
        Ok(bundle)
    }

    /// From now on who is new is committed to with this salt; it came sealed beside the event.
    pub fn salt(&mut self, salt: Option<Hash>) {
        self.salt = salt;
    }

    /// The stores whose interest the log tells; asked once.
    ///
    /// # Errors
    /// What the database reports.
    pub fn listening(&mut self, ask: fn(&dyn Read) -> Result<Vec<StoreId>>) -> Result<Vec<StoreId>> {
        let stores = match self.listening.take() {
            Some(stores) => stores,
            None => ask(self.tx)?,
        };
        self.listening = Some(stores.clone());
        Ok(stores)
    }

    /// Last lsn of every shard that was written to.
    pub fn moved(self) -> BTreeMap<Shard, u64> {
        self.moved
    }

    /// Appends an entry and applies its effects; returns its lsn.
    ///
    /// # Errors
    /// What the database reports.
    pub fn write(&mut self, shard: Shard, heading: &Heading, effects: Vec<Effect>) -> Result<u64> {
        let lsn = self.append(shard, heading, effects.clone())?;
        self.apply(shard, lsn, 0, heading, &effects)?;
        Ok(lsn)
    }

    /// Appends an entry without touching the tables.
    ///
    /// # Errors
    /// What the database reports.
    pub fn append(&mut self, shard: Shard, heading: &Heading, effects: Vec<Effect>) -> Result<u64> {
        let head = self.tx.head(shard)?;
        let sealed = person::sealed(self.tx, (shard, head.lsn + 1), effects, self.salt)?;
        sealed.keeps.iter().try_for_each(|keep| self.tx.keep(keep))?;
        let entry = Entry {
            shard,
            lsn: head.lsn + 1,
            t_hq: self.now,
            cause: heading.cause.clone(),
            verdict: heading.verdict,
            code: heading.code.clone(),
            case: heading.case,
            effects: sealed.effects,
            persons: sealed.persons,
        };
        let line = serde_json::to_string(&entry).map_err(|e| StoreError::Corrupt(e.to_string()))?;
        let before = if ledger::planted!("wrong_chain") { Hash::ZERO } else { head.chain };
        let chain = chain(&before, &line);
        self.tx.append_log(shard, &LogLine { lsn: entry.lsn, chain, line })?;
        self.moved.insert(shard, entry.lsn);
        Ok(entry.lsn)
    }

    /// Puts effects into the tables as of entry `lsn`, in which the first of them is number `first`.
    ///
    /// # Errors
    /// What the database reports.
    pub fn apply(
        &self,
        shard: Shard,
        lsn: u64,
        first: usize,
        heading: &Heading,
        effects: &[Effect],
    ) -> Result<()> {
        for (n, effect) in effects.iter().enumerate() {
            if let Some(keep) = attribution::moved(self.tx, shard, effect)? {
                self.tx.keep(&keep)?;
            }
            match effect {
                Effect::Post { account, unit, delta, balance_after, named: _ } => {
                    self.tx.put_balance(shard, account, *unit, *balance_after)?;
                    let posting = PostingRow {
                        account: account.clone(),
                        lsn,
                        n: u16::try_from(first + n).unwrap_or(u16::MAX),
                        unit: *unit,
                        delta: *delta,
                        balance_after: *balance_after,
                        reason: reason(&heading.kind, *delta).to_owned(),
                        cause: cause(&heading.cause),
                        at: self.now,
                    };
                    self.tx.put_posting(shard, &posting)?;
                }
                Effect::Member { row } => self.tx.put_member(shard, row)?,
                Effect::Coupon { id, state, by } => self.tx.set_coupon(shard, *id, *state, *by, lsn)?,
                Effect::CouponIssued { row } => self.tx.put_coupon(shard, row)?,
                Effect::Quota { member, store, points, fen, until } => {
                    let lent = Lent { store: store.clone(), points: *points, fen: *fen, until: *until };
                    if !ledger::planted!("quota_unsaid") {
                        self.tx.put_quota(shard, *member, &lent)?;
                    }
                }
                Effect::Alias { from, to } => self.tx.put_alias(*from, *to)?,
                Effect::Unalias { from, to: _ } => self.tx.drop_alias(*from)?,
                Effect::Erase { member } => {
                    self.tx.erase_personal(*member)?;
                    let behind = person::forgotten(self.tx, effect)?;
                    behind.iter().try_for_each(|keep| self.tx.keep(keep))?;
                    erased::note(self.tx, *member, self.now)?;
                }
                Effect::Enter { store, row, .. } => self.tx.put_interest(shard, row.id, store, true)?,
                Effect::Leave { store, member } => self.tx.put_interest(shard, *member, store, false)?,
            }
        }
        Ok(())
    }
}

fn reason(kind: &str, delta: i64) -> &str {
    match (kind, delta < 0) {
        ("sale", false) => "earn",
        ("sale", true) => "redeem",
        ("refund", false) => "refund_redeem",
        ("refund", true) => "refund_earn",
        (other, _) => other,
    }
}

fn cause(cause: &Cause) -> String {
    match cause {
        Cause::Event(key) => format!("event:{key}"),
        Cause::Job(name) => format!("job:{name}"),
        Cause::Operator(case) => format!("case:{case}"),
    }
}
