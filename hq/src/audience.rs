//! Which lines of the log a store's tills hear that hold its members only.

use std::collections::HashMap;

use ledger::existence::Key;
use ledger::id::{MemberId, StoreId, Stream};
use ledger::posting::Account;
use sync::protocol::entry::{Cause, Effect, Entry};
use sync::protocol::snapshot::is_bearers;

use crate::existence;
use crate::interest::root;
use crate::keys::Keys;
use crate::store::{Read, Result, StoreError};
use crate::streams;

/// Which entries concern the tills of one store.
pub struct Audience<'a> {
    tx: &'a dyn Read,
    store: &'a StoreId,
    keys: &'a Keys,
    known: HashMap<MemberId, bool>,
    streams: HashMap<Stream, bool>,
}

impl<'a> Audience<'a> {
    pub fn new(tx: &'a dyn Read, store: &'a StoreId, keys: &'a Keys) -> Self {
        Audience { tx, store, keys, known: HashMap::new(), streams: HashMap::new() }
    }

    /// What a line adds to the existence filter, whether the store hears the line or not.
    ///
    /// # Errors
    /// What the database reports.
    pub fn members_told(&self, line: &str) -> Result<Vec<Key>> {
        existence::told(self.tx, self.keys, line)
    }

    /// Judged by who is of interest now. That is right for a till that stands earlier: what came before a
    /// member entered it does not use, and what came before a member left it loses.
    ///
    /// # Errors
    /// What the database reports.
    pub fn hears(&mut self, line: &str) -> Result<bool> {
        let entry: Entry = serde_json::from_str(line).map_err(|e| StoreError::Corrupt(e.to_string()))?;
        if let Cause::Event(key) = entry.cause
            && self.tells(key.stream())?
        {
            return Ok(true);
        }
        for effect in &entry.effects {
            if self.concerns(effect)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// A stream of one of the store's tills, or of one that stood there when it wrote it: its siblings of then
    /// wait for the verdicts.
    fn tells(&mut self, stream: Stream) -> Result<bool> {
        if let Some(known) = self.streams.get(&stream) {
            return Ok(*known);
        }
        let told = match self.tx.terminal(stream.terminal)? {
            Some(row) if row.store == *self.store => true,
            Some(row) => streams::store_of(self.tx, stream, &row)? == *self.store,
            None => false,
        };
        self.streams.insert(stream, told);
        Ok(told)
    }

    fn concerns(&mut self, effect: &Effect) -> Result<bool> {
        match effect {
            Effect::Post { account: Account::Member(member) | Account::Stored(member), .. }
            | Effect::Erase { member } => self.interesting(*member),
            Effect::Post { .. } => Ok(false),
            Effect::Member { row } => self.interesting(row.id),
            Effect::Coupon { id, .. } => match self.tx.coupon(*id)? {
                Some(coupon) => Ok(is_bearers(*id, coupon.member) || self.interesting(coupon.member)?),
                None => Ok(true),
            },
            Effect::CouponIssued { row } => {
                Ok(is_bearers(row.id, row.member) || self.interesting(row.member)?)
            }
            Effect::Quota { member, store, .. } => Ok(store == self.store && self.interesting(*member)?),
            Effect::Alias { from, to } | Effect::Unalias { from, to } => {
                Ok(self.interesting(*from)? || self.interesting(*to)?)
            }
            Effect::Enter { store, .. } | Effect::Leave { store, .. } => Ok(store == self.store),
        }
    }

    fn interesting(&mut self, member: MemberId) -> Result<bool> {
        if let Some(known) = self.known.get(&member) {
            return Ok(*known);
        }
        let heard = self.tx.interested(root(self.tx, member)?)?.contains(self.store);
        self.known.insert(member, heard);
        Ok(heard)
    }
}
