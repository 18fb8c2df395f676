//! What a decision may look at. A writer holds the log of everything that it looks at.

use std::sync::Arc;

use ledger::event::Clocks;
use ledger::fact::Fact;
use ledger::id::{Anchor, CouponId, EventKey, Hash, MemberId, Shard, Stream};
use ledger::posting::{Account, Unit};
use ledger::time::Timestamp;
use serde_json::Value as Json;
use sync::decide::View;
use sync::decide::kept::{self, Published};
use sync::decide::programme;
use sync::decide::view::{KnownCoupon, KnownMember, Lent, Original};

use super::known::{Held, KeptKey};
use super::rows::{self, get, word};
use super::sql;
use super::tx::Tx;
use super::value::{self, values};
use crate::store::lines::{self, fact};
use crate::store::model::key_text;
use crate::store::{Read, Result, StoreError};

impl Tx<'_> {
    /// What is kept under a prefix of which everything is known.
    pub(super) fn known_under(&self, from: KeptKey) -> Vec<(String, Json)> {
        let to = (from.0, from.1.clone(), format!("{}\u{10ffff}", from.2));
        let known = self.known.borrow();
        let there = known.kept.range(from..to);
        there.filter_map(|((_, _, id), held)| Some((id.clone(), held.value.clone()?))).collect()
    }
}

impl View for Tx<'_> {
    type Error = StoreError;

    fn member(&self, id: MemberId) -> Result<Option<KnownMember>> {
        self.hold(&[Anchor::from(id).shard()]);
        if let Some(known) = self.known.borrow().members.get(&id) {
            return Ok(known.clone());
        }
        let found = self.look(sql!("member"), Self::member_key(id))?;
        let member = found.first().map(rows::known_member).transpose()?;
        self.known.borrow_mut().members.insert(id, member.clone());
        Ok(member)
    }

    fn card_owner(&self, card_no: &str) -> Result<Option<MemberId>> {
        let found = self.look(sql!("card_owner"), values![card_no])?;
        found.first().map(|row| rows::parsed(row, 0)).transpose()
    }

    fn phone_owner(&self, phone: &Hash) -> Result<Option<MemberId>> {
        if let Some(owner) = self.known.borrow().phones.get(phone) {
            return Ok(*owner);
        }
        let found = self.look(sql!("phone_owner"), values![phone.0[0], *phone])?;
        let owner = found.first().map(|row| rows::parsed(row, 0)).transpose()?;
        self.known.borrow_mut().phones.insert(*phone, owner);
        Ok(owner)
    }

    fn balance(&self, shard: Shard, account: &Account, unit: Unit) -> Result<i64> {
        self.hold(&[shard]);
        let key = (shard, account.to_string(), word(&unit));
        if let Some(held) = self.known.borrow().balances.get(&key) {
            return Ok(held.value);
        }
        let found = self.look(sql!("balance"), values![shard, &key.1, &key.2])?;
        let balance = found.first().map(|row| get(row, 0)).transpose()?.unwrap_or(0);
        self.known.borrow_mut().balances.insert(key, Held::read(balance));
        Ok(balance)
    }

    fn quotas(&self, member: MemberId) -> Result<Vec<Lent>> {
        self.hold(&[Anchor::from(member).shard()]);
        if let Some(lents) = self.known.borrow().quotas.get(&member) {
            return Ok(lents.iter().map(|held| held.value.clone()).collect());
        }
        let found = self.look(sql!("quotas"), Self::member_key(member))?;
        let lents = found.iter().map(rows::lent).collect::<Result<Vec<_>>>()?;
        let held = lents.iter().cloned().map(Held::read).collect();
        self.known.borrow_mut().quotas.insert(member, held);
        Ok(lents)
    }

    fn coupon(&self, id: CouponId) -> Result<Option<KnownCoupon>> {
        if let Some(known) = self.known.borrow().coupons.get(&id) {
            return Ok(known.clone());
        }
        let read = || {
            self.look(sql!("coupon"), values![id.to_string()])?.first().map(rows::known_coupon).transpose()
        };
        let mut coupon: Option<KnownCoupon> = read()?;
        if let Some(shard) = coupon.as_ref().map(|coupon| coupon.shard)
            && self.must_hold(shard)
        {
            // It may have been used before the lock was ours.
            self.hold(&[shard]);
            coupon = read()?;
        }
        self.known.borrow_mut().coupons.insert(id, coupon.clone());
        Ok(coupon)
    }

    fn kept(&self, shard: Shard, kind: &str, id: &str) -> Result<Option<Json>> {
        self.hold_for(shard, kind);
        let key = (shard, kind.to_owned(), id.to_owned());
        if let Some(held) = self.known.borrow().kept.get(&key) {
            return Ok(held.value.clone());
        }
        let found = self.look(sql!("kept"), values![shard, kind, id])?;
        let body: Option<Json> = found.first().map(|row| rows::from_json(row, 0)).transpose()?;
        self.known.borrow_mut().kept.insert(key, Held::read(body.clone()));
        Ok(body)
    }

    fn kept_under(&self, shard: Shard, kind: &str, prefix: &str) -> Result<Vec<(String, Json)>> {
        self.hold_for(shard, kind);
        let from = (shard, kind.to_owned(), prefix.to_owned());
        if !self.known.borrow().prefixes.contains(&from) {
            let found =
                self.look(sql!("kept_under"), values![shard, kind, prefix, format!("{prefix}\u{10ffff}")])?;
            let mut known = self.known.borrow_mut();
            for row in &found {
                let key = (shard, kind.to_owned(), get(row, 0)?);
                // What this transaction keeps is newer than what the table says.
                let body = Held::read(Some(rows::from_json(row, 1)?));
                known.kept.entry(key).or_insert(body);
            }
            known.prefixes.insert(from.clone());
        }
        Ok(self.known_under(from))
    }

    fn published(&self, id: &str) -> Result<Option<Arc<Published>>> {
        self.remembered.published(id, || kept::one(self, programme::SHARD, id))
    }

    fn original(&self, key: EventKey) -> Result<Original> {
        lines::original(self.event(key)?, |shard, lsn| self.log_at(shard, lsn))
    }

    fn refunded_by(&self, sale: EventKey) -> Result<Option<EventKey>> {
        if let Some(refund) = self.known.borrow().refunds.get(&sale) {
            return Ok(*refund);
        }
        let found = self.look(sql!("refunded_by"), values![sale.terminal.0, sale.to_string()])?;
        let refund: Option<String> = found.first().map(|row| get(row, 0)).transpose()?;
        let refund = refund.as_deref().and_then(key_text);
        self.known.borrow_mut().refunds.insert(sale, refund);
        Ok(refund)
    }

    fn facts(&self, stream: Stream, from: u64, to: u64) -> Result<Vec<Fact>> {
        let mut values = value::stream(stream);
        values.extend(values![from, to]);
        let lines = self.list(sql!("events"), values, |row| get::<Vec<u8>>(row, 2))?;
        Ok(lines.iter().filter_map(|line| fact(line)).collect())
    }

    fn hash_of(&self, key: EventKey) -> Result<Option<Hash>> {
        if let Some(ours) = self.known.borrow().events.get(&key) {
            return Ok(Some(ours.hash));
        }
        let found = self.look(sql!("event_hash"), value::key(key).into())?;
        found.first().map(|row| rows::hash(row, 0)).transpose()
    }

    fn clocks(&self, key: EventKey) -> Result<Option<Clocks>> {
        Ok(self.event_now(key)?.and_then(|row| lines::clocks(&row.line)))
    }

    fn earned_since(&self, member: MemberId, after: Timestamp) -> Result<i64> {
        let (shard, account) = (Anchor::from(member).shard(), Account::Member(member));
        self.value(sql!("earned_since"), values![shard, account.to_string(), after.0], |row| get(row, 0))
    }

    fn lsn(&self, shard: Shard) -> Result<u64> {
        self.hold(&[shard]);
        Ok(self.head(shard)?.lsn)
    }
}
