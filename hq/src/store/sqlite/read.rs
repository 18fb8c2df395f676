//! Questions of the server and the console, one `.sql` file each.

use ledger::catalogue::Item;
use ledger::id::{Anchor, CaseId, EventKey, Hash, MemberId, Shard, StoreId, Stream, TerminalId};
use ledger::posting::Account;
use ledger::time::{BusinessDay, Timestamp};
use rusqlite::ToSql;
use sync::decide::Reference;
use sync::protocol::config::{StaffRow, StoreConfig};
use sync::protocol::hello::Cursor;
use sync::protocol::push::Outcome;
use sync::protocol::snapshot::{CouponRow, SnapshotRow};

use super::Tx;
use super::rows::{self, bits, number};
use crate::store::model::{
    CaseRow, DayRow, EventRow, KindSum, LogLine, MemberFound, MemberSearch, PostingRow, SaleRow, StreamRow,
    TerminalRow,
};
use crate::store::tables::{self, Table};
use crate::store::{Read, Result};

impl Read for Tx<'_> {
    fn meta(&self, key: &str) -> Result<Option<Vec<u8>>> {
        self.one(include_str!("sql/meta.sql"), &[&key], |row| row.get(0))
    }

    fn heads(&self) -> Result<Vec<Cursor>> {
        self.write_heads()?;
        self.all(include_str!("sql/heads.sql"), &[], |row| {
            Ok(Cursor {
                shard: rows::shard(row, 0)?,
                lsn: rows::unsigned(row, 1)?,
                chain: rows::hash(row, 2)?,
            })
        })
    }

    fn head(&self, shard: Shard) -> Result<Cursor> {
        self.head_now(shard)
    }

    fn log_after(&self, shard: Shard, lsn: u64, lines_max: u32) -> Result<Vec<LogLine>> {
        let values: [&dyn ToSql; 3] = [&shard.0, &number(lsn), &lines_max];
        self.all(include_str!("sql/log_after.sql"), &values, rows::log_line)
    }

    fn log_at(&self, shard: Shard, lsn: u64) -> Result<Option<LogLine>> {
        self.one(include_str!("sql/log_at.sql"), &[&shard.0, &number(lsn)], rows::log_line)
    }

    fn store(&self, id: &StoreId) -> Result<Option<StoreConfig>> {
        self.one(include_str!("sql/store.sql"), &[&id.0], rows::store_config)
    }

    fn stores(&self) -> Result<Vec<StoreConfig>> {
        self.all(include_str!("sql/stores.sql"), &[], rows::store_config)
    }

    fn staff(&self, store: &StoreId) -> Result<Vec<StaffRow>> {
        self.all(include_str!("sql/staff.sql"), &[&store.0], rows::staff_row)
    }

    fn items(&self) -> Result<Vec<Item>> {
        self.all(include_str!("sql/items.sql"), &[], |row| rows::from_json(row, 0))
    }

    fn terminal(&self, id: TerminalId) -> Result<Option<TerminalRow>> {
        self.one(include_str!("sql/terminal.sql"), &[&id.0], rows::terminal)
    }

    fn terminals(&self) -> Result<Vec<TerminalRow>> {
        self.all(include_str!("sql/terminals.sql"), &[], rows::terminal)
    }

    fn stream(&self, stream: Stream) -> Result<Option<StreamRow>> {
        self.one(include_str!("sql/stream.sql"), &[&stream.terminal.0, &bits(stream.epoch)], |row| {
            Ok(StreamRow {
                epoch: stream.epoch,
                received: rows::unsigned(row, 0)?,
                head: rows::hash(row, 1)?,
                stable: rows::unsigned(row, 2)?,
            })
        })
    }

    fn streams(&self, terminal: TerminalId) -> Result<Vec<StreamRow>> {
        self.all(include_str!("sql/streams.sql"), &[&terminal.0], rows::stream_row)
    }

    fn first_parked(&self, stream: Stream) -> Result<Option<u64>> {
        let values: [&dyn ToSql; 2] = [&stream.terminal.0, &bits(stream.epoch)];
        let first: Option<i64> = self.value(include_str!("sql/stream_parked.sql"), &values)?;
        Ok(first.map(i64::cast_unsigned))
    }

    fn event(&self, key: EventKey) -> Result<Option<EventRow>> {
        let values: [&dyn ToSql; 3] = [&key.terminal.0, &bits(key.epoch), &number(key.seq)];
        self.one(include_str!("sql/event.sql"), &values, |row| rows::event_row(row, key))
    }

    fn outcomes(&self, stream: Stream, from: u64, to: u64, rows_max: u32) -> Result<Vec<Outcome>> {
        let values: [&dyn ToSql; 5] =
            [&stream.terminal.0, &bits(stream.epoch), &number(from), &number(to), &rows_max];
        self.all(include_str!("sql/outcomes.sql"), &values, rows::outcome)
    }

    fn waiting(&self, reference: &Reference) -> Result<Vec<EventKey>> {
        self.all(include_str!("sql/waiting.sql"), &[&reference.to_string()], |row| rows::key(row, 0))
    }

    fn waiting_since(&self, before: Timestamp, rows_max: u32) -> Result<Vec<(EventKey, Timestamp)>> {
        self.all(include_str!("sql/waiting_since.sql"), &[&before.0, &rows_max], |row| {
            Ok((rows::key(row, 0)?, Timestamp(row.get(3)?)))
        })
    }

    fn waiting_kinds(&self) -> Result<Vec<EventKey>> {
        self.all(include_str!("sql/waiting_kinds.sql"), &[], |row| rows::key(row, 0))
    }

    fn members(&self, search: &MemberSearch, rows_max: u32) -> Result<Vec<MemberFound>> {
        let (sql, term) = match search {
            MemberSearch::Any => {
                return self.all(include_str!("sql/members_first.sql"), &[&rows_max], rows::member);
            }
            MemberSearch::Card(card) => (include_str!("sql/members_by_card.sql"), card),
            MemberSearch::NameStart(name) => (include_str!("sql/members_by_name.sql"), name),
            MemberSearch::PhoneTail(tail) => (include_str!("sql/members_by_tail.sql"), tail),
        };
        self.all(sql, &[term, &rows_max], rows::member)
    }

    fn members_of(&self, shard: Shard) -> Result<Vec<MemberId>> {
        self.all(include_str!("sql/members_of.sql"), &[&shard.0], |row| rows::parsed(row, 0))
    }

    fn member_count(&self) -> Result<u64> {
        self.value::<i64>(include_str!("sql/member_count.sql"), &[]).map(i64::cast_unsigned)
    }

    fn coupon_count(&self) -> Result<u64> {
        self.value::<i64>(include_str!("sql/coupon_count.sql"), &[]).map(i64::cast_unsigned)
    }

    fn interested(&self, member: MemberId) -> Result<Vec<StoreId>> {
        let shard = Anchor::from(member).shard().0;
        let values: [&dyn rusqlite::ToSql; 2] = [&shard, &member.to_string()];
        self.all(include_str!("sql/interested.sql"), &values, |row| Ok(StoreId(row.get(0)?)))
    }

    fn members_interesting(&self, store: &StoreId) -> Result<Vec<MemberId>> {
        self.all(include_str!("sql/members_interesting.sql"), &[&store.0], |row| rows::parsed(row, 0))
    }

    fn other_names(&self) -> Result<Vec<(MemberId, MemberId)>> {
        let pair = |row: &rusqlite::Row<'_>| Ok((rows::parsed(row, 0)?, rows::parsed(row, 1)?));
        self.all(include_str!("sql/other_names.sql"), &[], pair)
    }

    fn coupons_of(&self, member: MemberId) -> Result<Vec<CouponRow>> {
        let shard = Anchor::from(member).shard().0;
        self.all(include_str!("sql/coupons_of.sql"), &[&shard, &member.to_string()], rows::coupon)
    }

    fn postings(&self, shard: Shard, account: &Account, rows_max: u32) -> Result<Vec<PostingRow>> {
        let values: [&dyn ToSql; 3] = [&shard.0, &account.to_string(), &rows_max];
        self.all(include_str!("sql/postings.sql"), &values, |row| rows::posting(row, account))
    }

    fn trial_balance(&self) -> Result<Vec<(String, i64)>> {
        self.all(include_str!("sql/trial_balance.sql"), &[], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    fn exceptions(&self) -> Result<Vec<(String, String, i64)>> {
        self.all(include_str!("sql/exceptions.sql"), &[], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
    }

    fn sales_recent(&self, rows_max: u32) -> Result<Vec<SaleRow>> {
        self.all(include_str!("sql/sales_recent.sql"), &[&rows_max], rows::sale)
    }

    fn sales_of_day(&self, store: &StoreId, day: BusinessDay) -> Result<Vec<KindSum>> {
        self.all(include_str!("sql/sales_sum.sql"), &[&store.0, &day.number()], |row| {
            Ok(KindSum {
                kind: row.get(0)?,
                count: row.get(1)?,
                total_fen: row.get(2)?,
                points_earned: row.get(3)?,
                points_redeemed: row.get(4)?,
            })
        })
    }

    fn sales_on(&self, store: &StoreId, day: BusinessDay) -> Result<Vec<SaleRow>> {
        self.all(include_str!("sql/sales_on.sql"), &[&store.0, &day.number()], rows::sale)
    }

    fn days(&self, store: &StoreId, day: BusinessDay) -> Result<Vec<DayRow>> {
        self.all(include_str!("sql/days.sql"), &[&store.0, &day.number()], |row| {
            Ok(DayRow {
                key: rows::key(row, 0)?,
                report_no: row.get(3)?,
                agreed: row.get(4)?,
                till: rows::from_json(row, 5)?,
                hq: rows::from_json(row, 6)?,
            })
        })
    }

    fn case(&self, id: CaseId) -> Result<Option<CaseRow>> {
        self.one(include_str!("sql/case_by_id.sql"), &[&id.to_string()], rows::case)
    }

    fn cases_open(&self, rows_max: u32) -> Result<Vec<CaseRow>> {
        self.all(include_str!("sql/cases_open.sql"), &[&rows_max], rows::case)
    }

    fn cases_all(&self, rows_max: u32) -> Result<Vec<CaseRow>> {
        self.all(include_str!("sql/cases_all.sql"), &[&rows_max], rows::case)
    }

    fn cases_open_count(&self) -> Result<u64> {
        self.value::<i64>(include_str!("sql/cases_open_count.sql"), &[]).map(i64::cast_unsigned)
    }

    fn operator(&self, name: &str) -> Result<Option<(String, bool)>> {
        self.one(include_str!("sql/operator.sql"), &[&name], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    fn token_owner(&self, hash: &Hash, now: Timestamp) -> Result<Option<String>> {
        self.one(include_str!("sql/token.sql"), &[&hash.0, &now.0], |row| row.get(0))
    }

    fn dump(&self, table: &Table, each: &mut dyn FnMut(tables::Row) -> Result<()>) -> Result<()> {
        self.dump_rows(table, each)
    }

    fn snapshot(&self, store: &StoreId, each: &mut dyn FnMut(SnapshotRow) -> Result<()>) -> Result<()> {
        let mut members = self.statement(include_str!("sql/snapshot_members.sql"))?;
        let mut cursor = members.query([&store.0])?;
        let mut merged = Vec::new();
        while let Some(row) = cursor.next()? {
            let MemberFound { row: member, root } = rows::member(row)?;
            let (from, points, quota) = (member.id, row.get(10)?, row.get(11)?);
            each(SnapshotRow::M { member, points, quota })?;
            if from != root {
                merged.push((from, root));
            }
        }
        for (from, to) in merged {
            each(SnapshotRow::A { from, to })?;
        }
        let mut coupons = self.statement(include_str!("sql/snapshot_coupons.sql"))?;
        let mut cursor = coupons.query([])?;
        while let Some(row) = cursor.next()? {
            each(SnapshotRow::C { coupon: rows::coupon(row)? })?;
        }
        let mut stored = self.statement(include_str!("sql/snapshot_stored.sql"))?;
        let mut cursor = stored.query([&store.0])?;
        while let Some(row) = cursor.next()? {
            let until = row.get::<_, Option<i64>>(3)?.map(Timestamp);
            let (member, fen, quota_fen) = (rows::parsed(row, 0)?, row.get(1)?, row.get(2)?);
            each(SnapshotRow::S { member, fen, quota_fen, until })?;
        }
        Ok(())
    }
}
