//! Shifts and closed days, and what the events between them add up to.

use super::error::StoreError;
use super::journal::Appended;
use super::journal::place::Place;
use super::journal::stream::{head, key_of};
use super::journal::tail::replay;
use super::tx::{Reader, Tx};
use crate::fact::Fact;
use crate::id::{EventKey, StaffId};
use crate::money::Fen;
use crate::shift::{DayClose, LateOf, ShiftClose, ShiftOpen, Totals};
use crate::time::{BusinessDay, Timestamp};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenShift {
    pub shift_no: u32,
    pub staff: StaffId,
    pub float_fen: Fen,
    /// The event that opened it.
    pub opened: EventKey,
    pub opened_at: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClosedDay {
    pub report_no: u32,
    pub business_day: BusinessDay,
    /// The event of the close.
    pub key: EventKey,
    pub at: Timestamp,
}

/// Events of the stream that sells, both ends included; empty when `to_seq < from_seq`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeqRange {
    pub from_seq: u64,
    pub to_seq: u64,
}

/// # Errors
/// The store's.
pub fn current(r: &Reader) -> Result<Option<OpenShift>, StoreError> {
    let found = r.first(include_str!("current.sql"), [], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
    })?;
    let Some((shift_no, staff, float_fen, place, opened_at)) = found else { return Ok(None) };
    let opened = key_of(r, Place(place))?;
    Ok(Some(OpenShift {
        shift_no,
        staff: StaffId(staff),
        float_fen: Fen(float_fen),
        opened,
        opened_at: Timestamp(opened_at),
    }))
}

/// # Errors
/// The store's.
pub fn next_shift_no(r: &Reader) -> Result<u32, StoreError> {
    let last: Option<u32> = r.first(include_str!("last_no.sql"), [], |row| row.get(0))?;
    Ok(last.unwrap_or(0) + 1)
}

/// # Errors
/// [`StoreError::Duplicate`] when a shift of this number was opened before.
pub fn open(tx: &Tx<'_>, appended: &Appended, shift: &ShiftOpen) -> Result<(), StoreError> {
    let params = (shift.shift_no, &shift.staff.0, shift.float_fen.0, appended.place.0, appended.at.0);
    tx.execute(include_str!("open.sql"), params).map_err(|error| match error {
        StoreError::Duplicate(_) => StoreError::Duplicate("the shift"),
        other => other,
    })?;
    Ok(())
}

/// # Errors
/// The store's.
pub fn close(tx: &Tx<'_>, appended: &Appended, shift: &ShiftClose) -> Result<(), StoreError> {
    tx.execute(include_str!("close.sql"), (shift.shift_no, appended.place.0, appended.at.0))?;
    Ok(())
}

/// # Errors
/// The store's.
pub fn last_day_close(r: &Reader) -> Result<Option<ClosedDay>, StoreError> {
    r.first(include_str!("last_day_close.sql"), [], closed_columns)?.map(|row| closed(r, row)).transpose()
}

/// The close of `day`, if it was closed.
///
/// # Errors
/// The store's.
pub fn close_of(r: &Reader, day: BusinessDay) -> Result<Option<ClosedDay>, StoreError> {
    let found = r.first(include_str!("day_close_of.sql"), [day.number()], closed_columns)?;
    found.map(|row| closed(r, row)).transpose()
}

/// Report number, day, place, moment.
type ClosedColumns = (u32, i64, i64, i64);

fn closed_columns(row: &rusqlite::Row<'_>) -> rusqlite::Result<ClosedColumns> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
}

fn closed(r: &Reader, (report_no, day, place, at): ClosedColumns) -> Result<ClosedDay, StoreError> {
    let business_day =
        BusinessDay::from_number(day).ok_or_else(|| StoreError::unreadable("a closed day", day))?;
    Ok(ClosedDay { report_no, business_day, key: key_of(r, Place(place))?, at: Timestamp(at) })
}

/// # Errors
/// [`StoreError::Duplicate`] when the report number was used before.
pub fn close_day(tx: &Tx<'_>, appended: &Appended, close: &DayClose) -> Result<(), StoreError> {
    let params = (close.report_no, close.business_day.number(), appended.place.0, appended.at.0);
    tx.execute(include_str!("close_day.sql"), params).map_err(|error| match error {
        StoreError::Duplicate(_) => StoreError::Duplicate("the day report"),
        other => other,
    })?;
    Ok(())
}

/// Events since the last close of a day in the stream that sells: what the next close covers.
///
/// # Errors
/// [`StoreError::NotEnrolled`] before the first stream.
pub fn day_range(r: &Reader) -> Result<SeqRange, StoreError> {
    let head = head(r)?.ok_or(StoreError::NotEnrolled)?;
    let closed = last_day_close(r)?.filter(|close| close.key.epoch == head.stream.epoch);
    Ok(SeqRange { from_seq: closed.map_or(1, |close| close.key.seq + 1), to_seq: head.last_seq })
}

/// What the facts of a range add up to (X and Z reports): the same fold as at HQ.
///
/// # Errors
/// [`StoreError::Unreadable`] when an event is no event of this build.
pub fn totals(r: &Reader, range: SeqRange) -> Result<Totals, StoreError> {
    fold(r, range, |_| true)
}

/// What one shift adds up to so far, over the events since it was opened.
///
/// # Errors
/// As [`totals`].
pub fn shift_totals(r: &Reader, shift: &OpenShift) -> Result<Totals, StoreError> {
    let head = head(r)?.ok_or(StoreError::NotEnrolled)?;
    let from_seq = if shift.opened.epoch == head.stream.epoch { shift.opened.seq } else { 1 };
    fold(r, SeqRange { from_seq, to_seq: head.last_seq }, |fact| shift_of(fact) == Some(shift.shift_no))
}

/// Sales and refunds of a range that came too late for a day that was closed before them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LateSum {
    /// The close that they missed.
    pub of: LateOf,
    pub count: u32,
    /// Sales minus refunds.
    pub total_fen: Fen,
}

/// What a range holds of days closed before, in the order of those days.
///
/// # Errors
/// As [`totals`].
pub fn late(r: &Reader, range: SeqRange) -> Result<Vec<LateSum>, StoreError> {
    let mut sums: Vec<LateSum> = Vec::new();
    replay(r, range.from_seq, range.to_seq, |event| {
        let Some(of) = event.head.late_of else { return Ok(()) };
        let moved = event.fact.revenue();
        match sums.iter_mut().find(|sum| sum.of == of) {
            Some(sum) => {
                sum.count += 1;
                sum.total_fen = sum.total_fen.plus(moved);
            }
            None => sums.push(LateSum { of, count: 1, total_fen: moved }),
        }
        Ok(())
    })?;
    sums.sort_by_key(|sum| (sum.of.business_day, sum.of.report_no));
    Ok(sums)
}

fn fold(r: &Reader, range: SeqRange, counts: impl Fn(&Fact) -> bool) -> Result<Totals, StoreError> {
    let mut totals = Totals::default();
    replay(r, range.from_seq, range.to_seq, |event| {
        match &event.fact {
            fact if !counts(fact) => {}
            Fact::Sale(sale) => totals.add_sale(sale),
            Fact::Refund(refund) => totals.add_refund(refund),
            Fact::CashMove(cash) => totals.add_cash_move(cash),
            Fact::ShiftOpen(open) => totals.add_float(open.float_fen),
            Fact::TopUp(top_up) => totals.add_top_up(top_up),
            _ => {}
        }
        Ok(())
    })?;
    Ok(totals)
}

fn shift_of(fact: &Fact) -> Option<u32> {
    match fact {
        Fact::Sale(sale) => Some(sale.shift_no),
        Fact::Refund(refund) => Some(refund.shift_no),
        Fact::CashMove(cash) => Some(cash.shift_no),
        Fact::ShiftOpen(open) => Some(open.shift_no),
        Fact::ShiftClose(close) => Some(close.shift_no),
        Fact::TopUp(top_up) => Some(top_up.shift_no),
        _ => None,
    }
}
