//! What a decision may look at, read from the tables.

use ledger::event::Event;
use ledger::fact::Fact;
use ledger::id::{Anchor, CouponId, EventKey, Hash, MemberId, Shard, StoreId, Stream};
use ledger::posting::{Account, Movement, Unit};
use sync::decide::View;
use sync::decide::view::{KnownCoupon, KnownMember, Original};
use sync::protocol::entry::{Effect, Entry};
use sync::protocol::push::Verdict;

use super::Tx;
use super::rows::{self, bits, number, word};
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

    fn quotas(&self, member: MemberId) -> Result<Vec<(StoreId, i64)>> {
        let shard = Anchor::from(member).shard().0;
        self.all(include_str!("sql/quotas.sql"), &[&shard, &member.to_string()], |row| {
            Ok((StoreId(row.get(0)?), row.get(1)?))
        })
    }

    fn coupon(&self, id: CouponId) -> Result<Option<KnownCoupon>> {
        self.one(include_str!("sql/coupon.sql"), &[&id.to_string()], |row| {
            let used_by: Option<String> = row.get(2)?;
            Ok(KnownCoupon {
                shard: rows::shard(row, 0)?,
                state: rows::coupon_state(row, 1)?,
                used_by: used_by.as_deref().and_then(key_text),
            })
        })
    }

    fn original(&self, key: EventKey) -> Result<Original> {
        let Some(row) = self.event(key)? else { return Ok(Original::Undecided) };
        match row.outcome.verdict {
            Verdict::Parked => return Ok(Original::Undecided),
            Verdict::Quarantined => return Ok(Original::NotASale),
            Verdict::Applied | Verdict::AppliedWithException => {}
        }
        let Some(Fact::Sale(sale)) = fact(&row.line) else { return Ok(Original::NotASale) };
        let posted = match self.log_at(row.outcome.shard, row.outcome.lsn)? {
            Some(entry) => movements(&entry.line)?,
            None => Vec::new(),
        };
        Ok(Original::Decided { sale: Box::new(sale), hash: row.hash, posted })
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
}

fn fact(line: &[u8]) -> Option<Fact> {
    let line = std::str::from_utf8(line).ok()?;
    Event::parse(line).ok().map(|event| event.fact)
}

fn movements(entry_line: &str) -> Result<Vec<Movement>> {
    let entry: Entry =
        serde_json::from_str(entry_line).map_err(|e| StoreError::Corrupt(format!("a log line: {e}")))?;
    let posts = entry.effects.into_iter().filter_map(|effect| match effect {
        Effect::Post { account, unit, delta, .. } => Some(Movement { account, unit, delta }),
        _ => None,
    });
    Ok(posts.collect())
}
