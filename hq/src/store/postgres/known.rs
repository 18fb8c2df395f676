//! What one transaction read or wrote already, so that it neither asks twice nor writes row by row.
//!
//! A key that is not here was not written by this transaction: the database's answer is good as it is.

use std::collections::{BTreeMap, HashMap, HashSet};

use ledger::id::{CouponId, EventKey, Hash, MemberId, Shard, Stream};
use serde_json::Value as Json;
use sync::decide::view::{KnownCoupon, KnownMember, Lent};
use sync::protocol::hello::Cursor;

use super::link::Call;
use super::value::{Value, values};
use crate::store::model::{EventRow, StreamRow};

/// A value, and whether the database still lacks it.
#[derive(Clone, Debug)]
pub struct Held<T> {
    pub value: T,
    pub unwritten: bool,
}

impl<T> Held<T> {
    pub fn read(value: T) -> Self {
        Held { value, unwritten: false }
    }

    pub fn new(value: T) -> Self {
        Held { value, unwritten: true }
    }

    fn take(&mut self) -> Option<&T> {
        std::mem::take(&mut self.unwritten).then_some(&self.value)
    }
}

/// Shard, account, unit.
pub type AccountKey = (Shard, String, String);
/// Shard, kind, id.
pub type KeptKey = (Shard, String, String);

#[derive(Default)]
pub struct Known {
    /// The logs whose rows this transaction holds.
    pub heads: BTreeMap<Shard, Held<Cursor>>,
    pub balances: BTreeMap<AccountKey, Held<i64>>,
    pub quotas: BTreeMap<MemberId, Vec<Held<Lent>>>,
    pub kept: BTreeMap<KeptKey, Held<Option<Json>>>,
    pub members: HashMap<MemberId, Option<KnownMember>>,
    pub coupons: HashMap<CouponId, Option<KnownCoupon>>,
    pub phones: HashMap<Hash, Option<MemberId>>,
    pub refunds: HashMap<EventKey, Option<EventKey>>,
    pub streams: HashMap<Stream, Option<StreamRow>>,
    /// Settings that were asked ahead.
    pub settings: HashMap<String, Option<Vec<u8>>>,
    /// Prefixes of ids under which everything that is kept is in `kept`.
    pub prefixes: HashSet<KeptKey>,
    /// Events that this transaction keeps.
    pub events: BTreeMap<EventKey, EventRow>,
    /// What waits for a reference.
    pub waiting: HashMap<String, Vec<EventKey>>,
    /// The first parked event.
    pub parked: HashMap<Stream, Option<u64>>,
    /// This transaction parked or settled events: what waits is asked anew, after they are written.
    pub parks: bool,
}

impl Known {
    /// The statements that write what is unwritten, and a note that it is written.
    pub fn unwritten(&mut self) -> Vec<Call> {
        let mut batch = Batch::default();
        for (shard, held) in &mut self.heads {
            if let Some(head) = held.take() {
                batch.add(super::sql!("head_move"), values![*shard, head.lsn, head.chain]);
            }
        }
        for ((shard, account, unit), held) in &mut self.balances {
            if let Some(balance) = held.take() {
                batch.add(super::sql!("balance_put"), values![*shard, account, unit, *balance]);
            }
        }
        for (member, lents) in &mut self.quotas {
            let shard = ledger::id::Anchor::from(*member).shard();
            for lent in lents.iter_mut().filter_map(Held::take) {
                let until = lent.until.map(|until| until.0);
                let row = values![shard, member.to_string(), &lent.store.0, lent.points, lent.fen, until];
                batch.add(super::sql!("quota_put"), row);
            }
        }
        for ((shard, kind, id), held) in &mut self.kept {
            match held.take() {
                Some(Some(body)) => {
                    batch.add(super::sql!("keep"), values![*shard, kind, id, body.to_string()]);
                }
                Some(None) => batch.single(super::sql!("keep_no_more"), values![*shard, kind, id]),
                None => {}
            }
        }
        batch.calls()
    }
}

/// Rows of the same statement go together; what is single follows, in order.
#[derive(Default)]
pub struct Batch {
    many: Vec<Call>,
    singles: Vec<Call>,
    rows: usize,
}

impl Batch {
    pub fn add(&mut self, sql: &'static str, row: Vec<Value>) {
        self.rows += 1;
        match self.many.iter_mut().find(|call| call.sql == sql) {
            Some(call) => {
                call.values.iter_mut().zip(row).for_each(|(column, value)| column.push(value));
            }
            None => {
                let values = row.into_iter().map(Value::column).collect();
                self.many.push(Call { sql, values });
            }
        }
    }

    pub fn single(&mut self, sql: &'static str, values: Vec<Value>) {
        self.rows += 1;
        self.singles.push(Call { sql, values });
    }

    pub fn has_singles(&self) -> bool {
        !self.singles.is_empty()
    }

    /// How many rows it holds.
    pub fn rows(&self) -> usize {
        self.rows
    }

    pub fn calls(self) -> Vec<Call> {
        let mut calls = self.many;
        calls.extend(self.singles);
        calls
    }
}
