//! Columns to values and back. A column that does not fit is corruption, said so.

use std::fmt::Display;
use std::str::FromStr;

use ledger::id::{Epoch, EventKey, Hash, MemberId, Shard, TerminalId};
use ledger::time::{BusinessDay, Timestamp};
use rusqlite::types::{FromSql, Type};
use rusqlite::{Row, Statement, ToSql};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sync::decide::view::KnownCoupon;
use sync::protocol::config::{StaffRow, StoreConfig};
use sync::protocol::push::Outcome;
use sync::protocol::snapshot::{CouponRow, MemberRow};

use super::Tx;
use crate::store::model::{
    CaseRow, EventOutcome, EventRow, LogLine, MemberFound, PostingRow, SaleRow, StreamRow, TerminalRow,
    key_text,
};
use crate::store::{Result, StoreError};

type Cell<T> = rusqlite::Result<T>;

impl Tx<'_> {
    pub(super) fn statement(&self, sql: &str) -> Result<rusqlite::CachedStatement<'_>> {
        Ok(self.connection().prepare_cached(sql)?)
    }

    pub(super) fn run(&self, sql: &str, values: &[&dyn ToSql]) -> Result<usize> {
        Ok(self.statement(sql)?.execute(values)?)
    }

    /// The only row, if there is one.
    pub(super) fn one<T>(
        &self,
        sql: &str,
        values: &[&dyn ToSql],
        read: impl FnMut(&Row<'_>) -> Cell<T>,
    ) -> Result<Option<T>> {
        self.all(sql, values, read).map(|rows| rows.into_iter().next())
    }

    pub(super) fn all<T>(
        &self,
        sql: &str,
        values: &[&dyn ToSql],
        read: impl FnMut(&Row<'_>) -> Cell<T>,
    ) -> Result<Vec<T>> {
        let mut statement = self.statement(sql)?;
        collect(&mut statement, values, read)
    }

    /// One value; 0 or the like always exists.
    pub(super) fn value<T: FromSql>(&self, sql: &str, values: &[&dyn ToSql]) -> Result<T> {
        self.one(sql, values, |row| row.get(0))?
            .ok_or_else(|| StoreError::Corrupt("an aggregate without a row".into()))
    }
}

fn collect<T>(
    statement: &mut Statement<'_>,
    values: &[&dyn ToSql],
    read: impl FnMut(&Row<'_>) -> Cell<T>,
) -> Result<Vec<T>> {
    let rows = statement.query_map(values, read)?;
    Ok(rows.collect::<Cell<Vec<T>>>()?)
}

/// Signed bits of an unsigned number: epochs may use the top bit.
pub fn bits(epoch: Epoch) -> i64 {
    epoch.0.cast_signed()
}

/// Sequence numbers and lsns stay far below 2^63; a larger one compares as the largest.
pub fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// The word by which the wire spells a unit variant.
pub fn word<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        other => unreachable!("unit variants serialise to strings, not {other:?}"),
    }
}

fn unfit(column: usize, why: impl Display) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, why.to_string().into())
}

fn from_word<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> Cell<T> {
    let word: String = row.get(column)?;
    serde_json::from_value(serde_json::Value::String(word)).map_err(|e| unfit(column, e))
}

pub fn from_json<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> Cell<T> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|e| unfit(column, e))
}

pub fn parsed<T: FromStr<Err: Display>>(row: &Row<'_>, column: usize) -> Cell<T> {
    let text: String = row.get(column)?;
    text.parse().map_err(|e| unfit(column, e))
}

pub fn parsed_option<T: FromStr<Err: Display>>(row: &Row<'_>, column: usize) -> Cell<Option<T>> {
    let text: Option<String> = row.get(column)?;
    text.map(|t| t.parse().map_err(|e| unfit(column, e))).transpose()
}

pub fn hash(row: &Row<'_>, column: usize) -> Cell<Hash> {
    row.get(column).map(Hash)
}

pub fn epoch(row: &Row<'_>, column: usize) -> Cell<Epoch> {
    row.get::<_, i64>(column).map(|bits| Epoch(bits.cast_unsigned()))
}

pub fn unsigned(row: &Row<'_>, column: usize) -> Cell<u64> {
    row.get(column).map(i64::cast_unsigned)
}

pub fn shard(row: &Row<'_>, column: usize) -> Cell<Shard> {
    row.get(column).map(Shard)
}

fn time(row: &Row<'_>, column: usize) -> Cell<Timestamp> {
    row.get(column).map(Timestamp)
}

fn day(row: &Row<'_>, column: usize) -> Cell<BusinessDay> {
    let number = row.get(column)?;
    BusinessDay::from_number(number).ok_or_else(|| unfit(column, format!("no day is {number}")))
}

/// Columns terminal, epoch, seq from `column` on.
pub fn key(row: &Row<'_>, column: usize) -> Cell<EventKey> {
    Ok(EventKey {
        terminal: TerminalId(row.get(column)?),
        epoch: epoch(row, column + 1)?,
        seq: unsigned(row, column + 2)?,
    })
}

pub fn log_line(row: &Row<'_>) -> Cell<LogLine> {
    Ok(LogLine { lsn: unsigned(row, 0)?, chain: hash(row, 1)?, line: row.get(2)? })
}

pub fn store_config(row: &Row<'_>) -> Cell<StoreConfig> {
    Ok(StoreConfig {
        id: ledger::id::StoreId(row.get(0)?),
        name: row.get(1)?,
        address: row.get(2)?,
        phone: row.get(3)?,
        zone: ledger::time::Zone { offset_min: row.get(4)?, cutover_hour: row.get(5)? },
        receipt_footer: from_json(row, 6)?,
        scan_rules: from_json(row, 7)?,
    })
}

pub fn staff_row(row: &Row<'_>) -> Cell<StaffRow> {
    Ok(StaffRow {
        id: ledger::id::StaffId(row.get(0)?),
        name: row.get(1)?,
        role: from_word(row, 2)?,
        pin_hash: row.get(3)?,
    })
}

pub fn terminal(row: &Row<'_>) -> Cell<TerminalRow> {
    let told_epoch: Option<i64> = row.get(8)?;
    let told_seq: Option<i64> = row.get(9)?;
    Ok(TerminalRow {
        id: TerminalId(row.get(0)?),
        store: ledger::id::StoreId(row.get(1)?),
        till_no: row.get(2)?,
        public_key: row.get(3)?,
        app_version: row.get(4)?,
        epoch: epoch(row, 5)?,
        enrolled_at: time(row, 6)?,
        last_contact: time(row, 7)?,
        told: told_epoch.zip(told_seq).map(|(e, s)| (Epoch(e.cast_unsigned()), s.cast_unsigned())),
        revoked_at: row.get::<_, Option<i64>>(10)?.map(Timestamp),
    })
}

pub fn stream_row(row: &Row<'_>) -> Cell<StreamRow> {
    Ok(StreamRow {
        epoch: epoch(row, 0)?,
        received: unsigned(row, 1)?,
        head: hash(row, 2)?,
        stable: unsigned(row, 3)?,
    })
}

pub fn event_row(row: &Row<'_>, at: EventKey) -> Cell<EventRow> {
    Ok(EventRow {
        key: EventKey { seq: unsigned(row, 0)?, ..at },
        hash: hash(row, 1)?,
        line: row.get(2)?,
        received_at: time(row, 3)?,
        outcome: EventOutcome {
            verdict: from_word(row, 4)?,
            code: row.get(5)?,
            shard: shard(row, 6)?,
            lsn: unsigned(row, 7)?,
            case: parsed_option(row, 8)?,
            waits_for: row.get(9)?,
        },
    })
}

pub fn outcome(row: &Row<'_>) -> Cell<Outcome> {
    Ok(Outcome {
        seq: unsigned(row, 0)?,
        verdict: from_word(row, 1)?,
        code: row.get(2)?,
        shard: shard(row, 3)?,
        lsn: unsigned(row, 4)?,
        case: parsed_option(row, 5)?,
    })
}

pub fn member(row: &Row<'_>) -> Cell<MemberFound> {
    Ok(MemberFound {
        root: parsed::<MemberId>(row, 1)?,
        row: MemberRow {
            id: parsed(row, 0)?,
            card_no: row.get(2)?,
            phone_hash: hash(row, 3)?,
            phone_mask: row.get(4)?,
            name: row.get(5)?,
            tier: row.get(6)?,
            state: from_word(row, 7)?,
            home_store: ledger::id::StoreId(row.get(8)?),
            joined_at: time(row, 9)?,
        },
    })
}

pub fn coupon(row: &Row<'_>) -> Cell<CouponRow> {
    Ok(CouponRow {
        id: parsed(row, 0)?,
        code: row.get(1)?,
        member: parsed(row, 2)?,
        title: row.get(3)?,
        benefit: from_json(row, 4)?,
        threshold_fen: ledger::money::Fen(row.get(5)?),
        starts_on: day(row, 6)?,
        ends_on: day(row, 7)?,
        home_store: ledger::id::StoreId(row.get(8)?),
        state: from_word(row, 9)?,
    })
}

pub fn known_coupon(row: &Row<'_>) -> Cell<KnownCoupon> {
    let used_by: Option<String> = row.get(6)?;
    Ok(KnownCoupon {
        shard: shard(row, 0)?,
        member: parsed(row, 1)?,
        home_store: ledger::id::StoreId(row.get(2)?),
        starts_on: day(row, 3)?,
        ends_on: day(row, 4)?,
        state: from_word(row, 5)?,
        used_by: used_by.as_deref().and_then(key_text),
        changed_lsn: unsigned(row, 7)?,
    })
}

pub fn posting(row: &Row<'_>, account: &ledger::posting::Account) -> Cell<PostingRow> {
    Ok(PostingRow {
        account: account.clone(),
        lsn: unsigned(row, 0)?,
        n: row.get(1)?,
        unit: from_word(row, 2)?,
        delta: row.get(3)?,
        balance_after: row.get(4)?,
        reason: row.get(5)?,
        cause: row.get(6)?,
        at: time(row, 7)?,
    })
}

pub fn sale(row: &Row<'_>) -> Cell<SaleRow> {
    Ok(SaleRow {
        store: ledger::id::StoreId(row.get(0)?),
        biz_date: day(row, 1)?,
        key: key(row, 2)?,
        kind: row.get(5)?,
        receipt_no: row.get(6)?,
        total_fen: row.get(7)?,
        member: parsed_option(row, 8)?,
        points_earned: row.get(9)?,
        points_redeemed: row.get(10)?,
        received_at: time(row, 11)?,
        verdict: row.get(12)?,
        code: row.get(13)?,
        case: row.get(14)?,
    })
}

pub fn case(row: &Row<'_>) -> Cell<CaseRow> {
    Ok(CaseRow {
        id: parsed(row, 0)?,
        kind: row.get(1)?,
        state: row.get(2)?,
        version: row.get(3)?,
        shard: shard(row, 4)?,
        store: ledger::id::StoreId(row.get(5)?),
        event: key(row, 6)?,
        member: parsed_option(row, 9)?,
        other: parsed_option(row, 10)?,
        coupon: parsed_option(row, 11)?,
        unit: from_word(row, 12)?,
        amount: row.get(13)?,
        detail: row.get(14)?,
        opened_at: time(row, 15)?,
        closed_at: row.get::<_, Option<i64>>(16)?.map(Timestamp),
        choice: row.get(17)?,
    })
}
