//! What a decision may look at, read from the tables.

use std::sync::Arc;

use ledger::event::Clocks;
use ledger::fact::Fact;
use ledger::id::{Anchor, CouponId, EventKey, Hash, MemberId, Shard, StoreId, Stream};
use ledger::posting::{Account, Unit};
use ledger::time::Timestamp;
use serde_json::Value;
use sync::decide::View;
use sync::decide::kept::{self, Published};
use sync::decide::programme;
use sync::decide::view::{KnownCoupon, KnownMember, Lent, Original};

use super::Tx;
use super::rows::{self, bits, number, word};
use crate::store::lines::{self, fact};
use crate::store::model::key_text;
use crate::store::{Read, Result, StoreError};

impl View for Tx<'_> {
    type Error = StoreError;

    fn member(&self, id: MemberId) -> Result<Option<KnownMember>> {
        let shard = Anchor::from(id).shard().0;
        let found = self.one(include_str!("sql/member.sql"), &[&shard, &id.to_string()], rows::member)?;
        Ok(found.map(|found| KnownMember { row: found.row, root: found.root }))
    }

    fn phone_owner(&self, phone: &Hash) -> Result<Option<MemberId>> {
        self.one(include_str!("sql/phone_owner.sql"), &[&phone.0], |row| rows::parsed(row, 0))
    }

    fn balance(&self, shard: Shard, account: &Account, unit: Unit) -> Result<i64> {
        let values: [&dyn rusqlite::ToSql; 3] = [&shard.0, &account.to_string(), &word(&unit)];
        Ok(self.one(include_str!("sql/balance.sql"), &values, |row| row.get(0))?.unwrap_or(0))
    }

    fn card_owner(&self, card_no: &str) -> Result<Option<MemberId>> {
        self.one(include_str!("sql/card_owner.sql"), &[&card_no], |row| rows::parsed(row, 0))
    }

    fn quotas(&self, member: MemberId) -> Result<Vec<Lent>> {
        let shard = Anchor::from(member).shard().0;
        self.all(include_str!("sql/quotas.sql"), &[&shard, &member.to_string()], |row| {
            let until = row.get::<_, Option<i64>>(3)?.map(Timestamp);
            Ok(Lent { store: StoreId(row.get(0)?), points: row.get(1)?, fen: row.get(2)?, until })
        })
    }

    fn coupon(&self, id: CouponId) -> Result<Option<KnownCoupon>> {
        self.one(include_str!("sql/coupon.sql"), &[&id.to_string()], rows::known_coupon)
    }

    fn kept(&self, shard: Shard, kind: &str, id: &str) -> Result<Option<Value>> {
        self.one(include_str!("sql/kept.sql"), &[&shard.0, &kind, &id], |row| rows::from_json(row, 0))
    }

    fn kept_under(&self, shard: Shard, kind: &str, prefix: &str) -> Result<Vec<(String, Value)>> {
        let end = format!("{prefix}\u{10ffff}");
        self.all(include_str!("sql/kept_under.sql"), &[&shard.0, &kind, &prefix, &end], |row| {
            Ok((row.get(0)?, rows::from_json(row, 1)?))
        })
    }

    fn published(&self, id: &str) -> Result<Option<Arc<Published>>> {
        self.remembered.published(id, || kept::one(self, programme::SHARD, id))
    }

    fn original(&self, key: EventKey) -> Result<Original> {
        lines::original(self.event(key)?, |shard, lsn| self.log_at(shard, lsn))
    }

    fn refunded_by(&self, sale: EventKey) -> Result<Option<EventKey>> {
        let refund: Option<String> =
            self.one(include_str!("sql/refunded_by.sql"), &[&sale.to_string()], |row| row.get(0))?;
        Ok(refund.as_deref().and_then(key_text))
    }

    fn facts(&self, stream: Stream, from: u64, to: u64) -> Result<Vec<Fact>> {
        let values: [&dyn rusqlite::ToSql; 4] =
            [&stream.terminal.0, &bits(stream.epoch), &number(from), &number(to)];
        let lines = self.all(include_str!("sql/events.sql"), &values, |row| row.get::<_, Vec<u8>>(2))?;
        Ok(lines.iter().filter_map(|line| fact(line)).collect())
    }

    fn hash_of(&self, key: EventKey) -> Result<Option<Hash>> {
        let values: [&dyn rusqlite::ToSql; 3] = [&key.terminal.0, &bits(key.epoch), &number(key.seq)];
        self.one(include_str!("sql/event_hash.sql"), &values, |row| rows::hash(row, 0))
    }

    fn clocks(&self, key: EventKey) -> Result<Option<Clocks>> {
        Ok(self.event(key)?.and_then(|row| lines::clocks(&row.line)))
    }

    fn earned_since(&self, member: MemberId, after: Timestamp) -> Result<i64> {
        let (shard, account) = (Anchor::from(member).shard(), Account::Member(member).to_string());
        self.value(include_str!("sql/earned_since.sql"), &[&shard.0, &account, &after.0])
    }

    fn lsn(&self, shard: Shard) -> Result<u64> {
        Ok(self.head(shard)?.lsn)
    }
}
