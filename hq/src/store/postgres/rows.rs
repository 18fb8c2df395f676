//! Columns to values. A column that does not fit is corruption, said so.

use std::fmt::Display;
use std::str::FromStr;

use ledger::id::{Epoch, EventKey, Hash, MemberId, Shard, StaffId, StoreId, TerminalId};
use ledger::time::{BusinessDay, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sync::decide::view::{KnownCoupon, KnownMember, Lent};
use sync::protocol::config::{StaffRow, StoreConfig};
use sync::protocol::hello::Cursor;
use sync::protocol::push::Outcome;
use sync::protocol::snapshot::{CouponRow, MemberRow};
use tokio_postgres::Row;
use tokio_postgres::types::FromSqlOwned;

use crate::store::model::{
    CaseRow, DayRow, EventOutcome, EventRow, KindSum, LogLine, MemberFound, PostingRow, SaleRow, StreamRow,
    TerminalRow, key_text,
};
use crate::store::{Result, StoreError};

/// The word by which the wire spells a unit variant.
pub fn word<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        other => unreachable!("unit variants serialise to strings, not {other:?}"),
    }
}

fn unfit(column: usize, why: impl Display) -> StoreError {
    StoreError::Corrupt(format!("column {column}: {why}"))
}

pub fn get<T: FromSqlOwned>(row: &Row, column: usize) -> Result<T> {
    row.try_get(column).map_err(|e| unfit(column, e))
}

/// A number that is narrower here than in the table.
pub fn small<T: TryFrom<i64>>(row: &Row, column: usize) -> Result<T> {
    let wide: i64 = get(row, column)?;
    T::try_from(wide).map_err(|_| unfit(column, format!("{wide} is out of range")))
}

fn from_word<T: DeserializeOwned>(row: &Row, column: usize) -> Result<T> {
    let word: String = get(row, column)?;
    serde_json::from_value(serde_json::Value::String(word)).map_err(|e| unfit(column, e))
}

pub fn from_json<T: DeserializeOwned>(row: &Row, column: usize) -> Result<T> {
    let text: String = get(row, column)?;
    serde_json::from_str(&text).map_err(|e| unfit(column, e))
}

pub fn parsed<T: FromStr<Err: Display>>(row: &Row, column: usize) -> Result<T> {
    let text: String = get(row, column)?;
    text.parse().map_err(|e| unfit(column, e))
}

pub fn parsed_option<T: FromStr<Err: Display>>(row: &Row, column: usize) -> Result<Option<T>> {
    let text: Option<String> = get(row, column)?;
    text.map(|t| t.parse().map_err(|e| unfit(column, e))).transpose()
}

pub fn hash(row: &Row, column: usize) -> Result<Hash> {
    let bytes: Vec<u8> = get(row, column)?;
    <[u8; 32]>::try_from(bytes).map(Hash).map_err(|_| unfit(column, "no 32 bytes"))
}

pub fn epoch(row: &Row, column: usize) -> Result<Epoch> {
    get::<i64>(row, column).map(|bits| Epoch(bits.cast_unsigned()))
}

pub fn unsigned(row: &Row, column: usize) -> Result<u64> {
    get(row, column).map(i64::cast_unsigned)
}

pub fn shard(row: &Row, column: usize) -> Result<Shard> {
    small(row, column).map(Shard)
}

fn time(row: &Row, column: usize) -> Result<Timestamp> {
    get(row, column).map(Timestamp)
}

fn day(row: &Row, column: usize) -> Result<BusinessDay> {
    let number = small(row, column)?;
    BusinessDay::from_number(number).ok_or_else(|| unfit(column, format!("no day is {number}")))
}

/// Columns terminal, epoch, seq from `column` on.
pub fn key(row: &Row, column: usize) -> Result<EventKey> {
    Ok(EventKey {
        terminal: TerminalId(small(row, column)?),
        epoch: epoch(row, column + 1)?,
        seq: unsigned(row, column + 2)?,
    })
}

pub fn log_line(row: &Row) -> Result<LogLine> {
    Ok(LogLine { lsn: unsigned(row, 0)?, chain: hash(row, 1)?, line: get(row, 2)? })
}

pub fn store_config(row: &Row) -> Result<StoreConfig> {
    Ok(StoreConfig {
        id: StoreId(get(row, 0)?),
        name: get(row, 1)?,
        address: get(row, 2)?,
        phone: get(row, 3)?,
        zone: ledger::time::Zone { offset_min: small(row, 4)?, cutover_hour: small(row, 5)? },
        receipt_footer: from_json(row, 6)?,
        scan_rules: from_json(row, 7)?,
    })
}

pub fn staff_row(row: &Row) -> Result<StaffRow> {
    Ok(StaffRow {
        id: StaffId(get(row, 0)?),
        name: get(row, 1)?,
        role: from_word(row, 2)?,
        pin_hash: get(row, 3)?,
    })
}

pub fn terminal(row: &Row) -> Result<TerminalRow> {
    let told_epoch: Option<i64> = get(row, 8)?;
    let told_seq: Option<i64> = get(row, 9)?;
    Ok(TerminalRow {
        id: TerminalId(small(row, 0)?),
        store: StoreId(get(row, 1)?),
        till_no: small(row, 2)?,
        public_key: get(row, 3)?,
        app_version: get(row, 4)?,
        epoch: epoch(row, 5)?,
        enrolled_at: time(row, 6)?,
        last_contact: time(row, 7)?,
        told: told_epoch.zip(told_seq).map(|(e, s)| (Epoch(e.cast_unsigned()), s.cast_unsigned())),
        revoked_at: get::<Option<i64>>(row, 10)?.map(Timestamp),
    })
}

pub fn stream_row(row: &Row) -> Result<StreamRow> {
    Ok(StreamRow {
        epoch: epoch(row, 0)?,
        received: unsigned(row, 1)?,
        head: hash(row, 2)?,
        stable: unsigned(row, 3)?,
    })
}

pub fn event_row(row: &Row, at: EventKey) -> Result<EventRow> {
    Ok(EventRow {
        key: EventKey { seq: unsigned(row, 0)?, ..at },
        hash: hash(row, 1)?,
        line: get(row, 2)?,
        received_at: time(row, 3)?,
        outcome: EventOutcome {
            verdict: from_word(row, 4)?,
            code: get(row, 5)?,
            shard: shard(row, 6)?,
            lsn: unsigned(row, 7)?,
            case: parsed_option(row, 8)?,
            waits_for: get(row, 9)?,
        },
    })
}

pub fn outcome(row: &Row) -> Result<Outcome> {
    Ok(Outcome {
        seq: unsigned(row, 0)?,
        verdict: from_word(row, 1)?,
        code: get(row, 2)?,
        shard: shard(row, 3)?,
        lsn: unsigned(row, 4)?,
        case: parsed_option(row, 5)?,
    })
}

pub fn member(row: &Row) -> Result<MemberFound> {
    Ok(MemberFound {
        root: parsed::<MemberId>(row, 1)?,
        row: MemberRow {
            id: parsed(row, 0)?,
            card_no: get(row, 2)?,
            phone_hash: hash(row, 3)?,
            phone_mask: get(row, 4)?,
            name: get(row, 5)?,
            tier: get(row, 6)?,
            state: from_word(row, 7)?,
            home_store: StoreId(get(row, 8)?),
            joined_at: time(row, 9)?,
        },
    })
}

pub fn known_member(row: &Row) -> Result<KnownMember> {
    member(row).map(|found| KnownMember { row: found.row, root: found.root })
}

pub fn coupon(row: &Row) -> Result<CouponRow> {
    Ok(CouponRow {
        id: parsed(row, 0)?,
        code: get(row, 1)?,
        member: parsed(row, 2)?,
        title: get(row, 3)?,
        benefit: from_json(row, 4)?,
        threshold_fen: ledger::money::Fen(get(row, 5)?),
        starts_on: day(row, 6)?,
        ends_on: day(row, 7)?,
        home_store: StoreId(get(row, 8)?),
        state: from_word(row, 9)?,
    })
}

pub fn known_coupon(row: &Row) -> Result<KnownCoupon> {
    let used_by: Option<String> = get(row, 6)?;
    Ok(KnownCoupon {
        shard: shard(row, 0)?,
        member: parsed(row, 1)?,
        home_store: StoreId(get(row, 2)?),
        starts_on: day(row, 3)?,
        ends_on: day(row, 4)?,
        state: from_word(row, 5)?,
        used_by: used_by.as_deref().and_then(key_text),
        changed_lsn: unsigned(row, 7)?,
    })
}

pub fn posting(row: &Row, account: &ledger::posting::Account) -> Result<PostingRow> {
    Ok(PostingRow {
        account: account.clone(),
        lsn: unsigned(row, 0)?,
        n: small(row, 1)?,
        unit: from_word(row, 2)?,
        delta: get(row, 3)?,
        balance_after: get(row, 4)?,
        reason: get(row, 5)?,
        cause: get(row, 6)?,
        at: time(row, 7)?,
    })
}

pub fn sale(row: &Row) -> Result<SaleRow> {
    Ok(SaleRow {
        store: StoreId(get(row, 0)?),
        biz_date: day(row, 1)?,
        key: key(row, 2)?,
        kind: get(row, 5)?,
        receipt_no: get(row, 6)?,
        total_fen: get(row, 7)?,
        member: parsed_option(row, 8)?,
        points_earned: get(row, 9)?,
        points_redeemed: get(row, 10)?,
        received_at: time(row, 11)?,
        verdict: get(row, 12)?,
        code: get(row, 13)?,
        case: get(row, 14)?,
    })
}

pub fn case(row: &Row) -> Result<CaseRow> {
    Ok(CaseRow {
        id: parsed(row, 0)?,
        kind: get(row, 1)?,
        state: get(row, 2)?,
        version: small(row, 3)?,
        shard: shard(row, 4)?,
        store: StoreId(get(row, 5)?),
        event: key(row, 6)?,
        member: parsed_option(row, 9)?,
        other: parsed_option(row, 10)?,
        coupon: parsed_option(row, 11)?,
        unit: from_word(row, 12)?,
        amount: get(row, 13)?,
        detail: get(row, 14)?,
        opened_at: time(row, 15)?,
        closed_at: get::<Option<i64>>(row, 16)?.map(Timestamp),
        choice: get(row, 17)?,
    })
}

pub fn cursor(row: &Row) -> Result<Cursor> {
    Ok(Cursor { shard: shard(row, 0)?, lsn: unsigned(row, 1)?, chain: hash(row, 2)? })
}

pub fn lent(row: &Row) -> Result<Lent> {
    let until = get::<Option<i64>>(row, 3)?.map(Timestamp);
    Ok(Lent { store: StoreId(get(row, 0)?), points: get(row, 1)?, fen: get(row, 2)?, until })
}

pub fn kind_sum(row: &Row) -> Result<KindSum> {
    Ok(KindSum {
        kind: get(row, 0)?,
        count: get(row, 1)?,
        total_fen: get(row, 2)?,
        points_earned: get(row, 3)?,
        points_redeemed: get(row, 4)?,
    })
}

pub fn day_row(row: &Row) -> Result<DayRow> {
    Ok(DayRow {
        key: key(row, 0)?,
        report_no: small(row, 3)?,
        agreed: get::<i64>(row, 4)? == 1,
        till: from_json(row, 5)?,
        hq: from_json(row, 6)?,
    })
}

/// Some or none, where an aggregate of nothing is null.
pub fn unsigned_option(row: &Row) -> Result<Option<u64>> {
    Ok(get::<Option<i64>>(row, 0)?.map(i64::cast_unsigned))
}

pub fn stream_state(row: &Row, epoch: Epoch) -> Result<StreamRow> {
    Ok(StreamRow { epoch, received: unsigned(row, 0)?, head: hash(row, 1)?, stable: unsigned(row, 2)? })
}
