//! Questions of the server and the console, one `.sql` file each.

use ledger::catalogue::Item;
use ledger::id::{CaseId, EventKey, Hash, MemberId, Shard, StoreId, Stream, TerminalId};
use ledger::posting::Account;
use ledger::time::{BusinessDay, Timestamp};
use sync::decide::Reference;
use sync::protocol::config::{StaffRow, StoreConfig};
use sync::protocol::hello::Cursor;
use sync::protocol::push::Outcome;
use sync::protocol::snapshot::{CouponRow, SnapshotRow};
use tokio_postgres::Row;

use super::rows::{self, get};
use super::sql;
use super::tx::Tx;
use super::value::{self, Value, values};
use crate::store::model::{
    CaseRow, DayRow, EventRow, KindSum, LogLine, MemberFound, MemberSearch, PostingRow, SaleRow, StreamRow,
    TerminalRow,
};
use crate::store::tables::{self, Table};
use crate::store::{Read, Result, StoreError};

impl Tx<'_> {
    /// An event as it is, whether or not its log is held.
    pub(super) fn event_now(&self, key: EventKey) -> Result<Option<EventRow>> {
        if let Some(ours) = self.known.borrow().events.get(&key) {
            return Ok(Some(ours.clone()));
        }
        let found = self.look(sql!("event"), value::key(key).into())?;
        found.first().map(|row| rows::event_row(row, key)).transpose()
    }

    /// Asks what waits; what was parked or settled here is written first.
    fn ask_parked(&self, sql: &'static str, values: Vec<Value>) -> Result<Vec<Row>> {
        let parks = self.known.borrow().parks;
        if parks { self.all(sql, values) } else { self.look(sql, values) }
    }

    /// The verdicts, when all of them were found by this transaction.
    fn own_outcomes(&self, stream: Stream, from: u64, to: u64) -> Option<Vec<Outcome>> {
        let known = self.known.borrow();
        let at = |seq| stream.at(seq);
        let each = (from..=to).map(|seq| {
            let o = &known.events.get(&at(seq))?.outcome;
            Some(Outcome {
                seq,
                verdict: o.verdict,
                code: o.code.clone(),
                shard: o.shard,
                lsn: o.lsn,
                case: o.case,
            })
        });
        each.collect()
    }
}

impl Read for Tx<'_> {
    fn meta(&self, key: &str) -> Result<Option<Vec<u8>>> {
        if let Some(value) = self.known.borrow().settings.get(key) {
            return Ok(value.clone());
        }
        self.one(sql!("meta"), values![key], |row| get(row, 0))
    }

    fn heads(&self) -> Result<Vec<Cursor>> {
        self.list(sql!("heads"), Vec::new(), rows::cursor)
    }

    fn head(&self, shard: Shard) -> Result<Cursor> {
        self.hold(&[shard]);
        self.hold_now()?;
        if let Some(head) = self.known.borrow().heads.get(&shard) {
            return Ok(head.value);
        }
        let head = self.one(sql!("head"), values![shard], |row| {
            Ok(Cursor { shard, lsn: rows::unsigned(row, 0)?, chain: rows::hash(row, 1)? })
        })?;
        head.ok_or_else(|| StoreError::Corrupt(format!("shard {} is missing", shard.0)))
    }

    fn log_after(&self, shard: Shard, lsn: u64, lines_max: u32) -> Result<Vec<LogLine>> {
        self.list(sql!("log_after"), values![shard, lsn, lines_max], rows::log_line)
    }

    fn log_at(&self, shard: Shard, lsn: u64) -> Result<Option<LogLine>> {
        self.one(sql!("log_at"), values![shard, lsn], rows::log_line)
    }

    fn store(&self, id: &StoreId) -> Result<Option<StoreConfig>> {
        self.one(sql!("store"), values![&id.0], rows::store_config)
    }

    fn stores(&self) -> Result<Vec<StoreConfig>> {
        self.list(sql!("stores"), Vec::new(), rows::store_config)
    }

    fn staff(&self, store: &StoreId) -> Result<Vec<StaffRow>> {
        self.list(sql!("staff"), values![&store.0], rows::staff_row)
    }

    fn items(&self) -> Result<Vec<Item>> {
        self.list(sql!("items"), Vec::new(), |row| rows::from_json(row, 0))
    }

    fn terminal(&self, id: TerminalId) -> Result<Option<TerminalRow>> {
        let sql = if self.writes() { sql!("terminal_lock") } else { sql!("terminal") };
        self.one(sql, values![id.0], rows::terminal)
    }

    fn terminals(&self) -> Result<Vec<TerminalRow>> {
        let sql = if self.writes() { sql!("terminals_lock") } else { sql!("terminals") };
        self.list(sql, Vec::new(), rows::terminal)
    }

    fn stream(&self, stream: Stream) -> Result<Option<StreamRow>> {
        self.stream_row(stream)
    }

    fn streams(&self, terminal: TerminalId) -> Result<Vec<StreamRow>> {
        self.list(sql!("streams"), values![terminal.0], rows::stream_row)
    }

    fn first_parked(&self, stream: Stream) -> Result<Option<u64>> {
        if let Some(first) = self.known.borrow().parked.get(&stream) {
            return Ok(*first);
        }
        let found = self.ask_parked(sql!("stream_parked"), value::stream(stream))?;
        Ok(found.first().map(rows::unsigned_option).transpose()?.flatten())
    }

    fn event(&self, key: EventKey) -> Result<Option<EventRow>> {
        let row = self.event_now(key)?;
        let parked_at = row.as_ref().filter(|row| row.outcome.waits_for.is_some());
        match parked_at.map(|row| row.outcome.shard) {
            // Another process may have decided it before the lock was ours.
            Some(shard) if self.must_hold(shard) => {
                self.hold(&[shard]);
                self.event_now(key)
            }
            _ => Ok(row),
        }
    }

    fn outcomes(&self, stream: Stream, from: u64, to: u64, rows_max: u32) -> Result<Vec<Outcome>> {
        if let Some(mut own) = self.own_outcomes(stream, from, to) {
            own.truncate(rows_max as usize);
            return Ok(own);
        }
        let mut values = value::stream(stream);
        values.extend(values![from, to, rows_max]);
        self.list(sql!("outcomes"), values, rows::outcome)
    }

    fn waiting(&self, reference: &Reference) -> Result<Vec<EventKey>> {
        let reference = reference.to_string();
        if let Some(keys) = self.known.borrow().waiting.get(&reference) {
            return Ok(keys.clone());
        }
        let found = self.ask_parked(sql!("waiting"), values![&reference])?;
        found.iter().map(|row| rows::key(row, 0)).collect()
    }

    fn waiting_since(&self, before: Timestamp, rows_max: u32) -> Result<Vec<(EventKey, Timestamp)>> {
        self.list(sql!("waiting_since"), values![before, rows_max], |row| {
            Ok((rows::key(row, 0)?, Timestamp(get(row, 3)?)))
        })
    }

    fn waiting_kinds(&self) -> Result<Vec<EventKey>> {
        self.list(sql!("waiting_kinds"), Vec::new(), |row| rows::key(row, 0))
    }

    fn members(&self, search: &MemberSearch, rows_max: u32) -> Result<Vec<MemberFound>> {
        let (sql, term) = match search {
            MemberSearch::Any => {
                return self.list(sql!("members_first"), values![rows_max], rows::member);
            }
            MemberSearch::Card(card) => (sql!("members_by_card"), card),
            MemberSearch::NameStart(name) => (sql!("members_by_name"), name),
            MemberSearch::PhoneTail(tail) => (sql!("members_by_tail"), tail),
        };
        self.list(sql, values![term, rows_max], rows::member)
    }

    fn members_of(&self, shard: Shard) -> Result<Vec<MemberId>> {
        self.list(sql!("members_of"), values![shard], |row| rows::parsed(row, 0))
    }

    fn member_count(&self) -> Result<u64> {
        self.value(sql!("member_count"), Vec::new(), |row| rows::unsigned(row, 0))
    }

    fn coupon_count(&self) -> Result<u64> {
        self.value(sql!("coupon_count"), Vec::new(), |row| rows::unsigned(row, 0))
    }

    fn interested(&self, member: MemberId) -> Result<Vec<StoreId>> {
        self.list(sql!("interested"), Self::member_key(member), |row| get(row, 0).map(StoreId))
    }

    fn members_interesting(&self, store: &StoreId) -> Result<Vec<MemberId>> {
        self.list(sql!("members_interesting"), values![&store.0], |row| rows::parsed(row, 0))
    }

    fn other_names(&self) -> Result<Vec<(MemberId, MemberId)>> {
        let pair = |row: &_| Ok((rows::parsed(row, 0)?, rows::parsed(row, 1)?));
        self.list(sql!("other_names"), Vec::new(), pair)
    }

    fn coupons_of(&self, member: MemberId) -> Result<Vec<CouponRow>> {
        self.list(sql!("coupons_of"), Self::member_key(member), rows::coupon)
    }

    fn postings(&self, shard: Shard, account: &Account, rows_max: u32) -> Result<Vec<PostingRow>> {
        let values = values![shard, account.to_string(), rows_max];
        self.list(sql!("postings"), values, |row| rows::posting(row, account))
    }

    fn trial_balance(&self) -> Result<Vec<(String, i64)>> {
        self.list(sql!("trial_balance"), Vec::new(), |row| Ok((get(row, 0)?, get(row, 1)?)))
    }

    fn exceptions(&self) -> Result<Vec<(String, String, i64)>> {
        self.list(sql!("exceptions"), Vec::new(), |row| Ok((get(row, 0)?, get(row, 1)?, get(row, 2)?)))
    }

    fn sales_recent(&self, rows_max: u32) -> Result<Vec<SaleRow>> {
        self.list(sql!("sales_recent"), values![rows_max], rows::sale)
    }

    fn sales_of_day(&self, store: &StoreId, day: BusinessDay) -> Result<Vec<KindSum>> {
        self.list(sql!("sales_sum"), values![&store.0, day.number()], rows::kind_sum)
    }

    fn sales_on(&self, store: &StoreId, day: BusinessDay) -> Result<Vec<SaleRow>> {
        self.list(sql!("sales_on"), values![&store.0, day.number()], rows::sale)
    }

    fn days(&self, store: &StoreId, day: BusinessDay) -> Result<Vec<DayRow>> {
        self.list(sql!("days"), values![&store.0, day.number()], rows::day_row)
    }

    fn case(&self, id: CaseId) -> Result<Option<CaseRow>> {
        self.one(sql!("case_by_id"), values![id.to_string()], rows::case)
    }

    fn cases_open(&self, rows_max: u32) -> Result<Vec<CaseRow>> {
        self.list(sql!("cases_open"), values![rows_max], rows::case)
    }

    fn cases_all(&self, rows_max: u32) -> Result<Vec<CaseRow>> {
        self.list(sql!("cases_all"), values![rows_max], rows::case)
    }

    fn cases_open_count(&self) -> Result<u64> {
        self.value(sql!("cases_open_count"), Vec::new(), |row| rows::unsigned(row, 0))
    }

    fn operator(&self, name: &str) -> Result<Option<(String, bool)>> {
        self.one(sql!("operator"), values![name], |row| Ok((get(row, 0)?, get::<i64>(row, 1)? == 1)))
    }

    fn token_owner(&self, hash: &Hash, now: Timestamp) -> Result<Option<String>> {
        self.one(sql!("token"), values![*hash, now], |row| get(row, 0))
    }

    fn dump(&self, table: &Table, each: &mut dyn FnMut(tables::Row) -> Result<()>) -> Result<()> {
        self.dump_rows(table, each)
    }

    fn snapshot(&self, store: &StoreId, each: &mut dyn FnMut(SnapshotRow) -> Result<()>) -> Result<()> {
        let mut merged = Vec::new();
        self.each(sql!("snapshot_members"), values![&store.0], &mut |row| {
            let MemberFound { row: member, root } = rows::member(row)?;
            let (from, points, quota) = (member.id, get(row, 10)?, get(row, 11)?);
            if from != root {
                merged.push((from, root));
            }
            each(SnapshotRow::M { member, points, quota })
        })?;
        for (from, to) in merged {
            each(SnapshotRow::A { from, to })?;
        }
        self.each(sql!("snapshot_coupons"), Vec::new(), &mut |row| {
            each(SnapshotRow::C { coupon: rows::coupon(row)? })
        })?;
        self.each(sql!("snapshot_stored"), values![&store.0], &mut |row| {
            let until = get::<Option<i64>>(row, 3)?.map(Timestamp);
            let (member, fen, quota_fen) = (rows::parsed(row, 0)?, get(row, 1)?, get(row, 2)?);
            each(SnapshotRow::S { member, fen, quota_fen, until })
        })
    }
}
