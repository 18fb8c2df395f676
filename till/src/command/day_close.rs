//! Closes the business day: local, instant, immutable. Later facts belong to the next day.
//!
//! Held carts do not stand in the way: they were not paid and are carried over.

use ledger::event::Event;
use ledger::fact::Fact;
use ledger::money::Fen;
use ledger::shift;
use ledger::store::shifts::{self, SeqRange};
use ledger::store::{StoreError, Tx, journal};

use crate::business_day;
use crate::checkout;
use crate::closing::{Counter, so_far};
use crate::command::shift_close::counted;
use crate::desk::Desk;
use crate::failure::{Answer, Failure};
use crate::fault::Fault;
use crate::recording::{Entry, committed, record};
use crate::shifts_view::Sums;
use crate::view::{DayClose, DayReport};

pub fn day_close(desk: &Desk, args: DayClose) -> Answer<DayReport> {
    let (shop, staff) = (desk.shop()?, desk.staff()?);
    if !checkout::cart(desk)?.is_empty() {
        return Err(Failure::new(
            "cart_not_empty",
            "购物车里还有商品,不能日结",
            "请先收款、挂单或清空购物车",
        ));
    }
    let count = args.counted_fen.map(counted).transpose()?;
    let report = desk.write(|tx| {
        let range = shifts::day_range(tx)?;
        let day = business_day::of(tx, shop.zone(), desk.now())?;
        let counter = Counter { desk, tx, shop: &shop, staff: &staff, day };
        match shifts::current(tx)? {
            Some(shift) => {
                let count = count.ok_or_else(count_first)?;
                counter.close_shift(&shift, count)?;
            }
            None if range.to_seq < range.from_seq => return Err(nothing_to_close()),
            None => {}
        }
        close(&counter)
    })?;
    committed(desk);
    desk.press.wake();
    desk.link.wake();
    Ok(report)
}

/// The close names its range and the hash of its last event: with dense numbers that proves the day whole.
fn close(counter: &Counter<'_>) -> Result<DayReport, Fault> {
    let Counter { desk, tx, shop, staff, .. } = counter;
    let range = shifts::day_range(tx)?;
    let day = last_day(tx, range)?;
    let (expected, counted) = drawer(tx, range)?;
    let sums = Sums { kind: "z", cash: Some((expected, counted)), ..so_far(tx, day, range)? };
    let head = journal::head(tx)?.ok_or(StoreError::NotEnrolled)?;
    let close = shift::DayClose {
        business_day: day,
        report_no: sums.report_no,
        staff: staff.id.clone(),
        from_seq: range.from_seq,
        to_seq: range.to_seq,
        head_hash: head.head_hash,
        totals: sums.totals.clone(),
        expected_fen: expected,
        counted_fen: counted,
    };
    let appended = record(desk, tx, shop, day, Entry::of(Fact::DayClose(close.clone())))?;
    shifts::close_day(tx, &appended, &close)?;
    let counter = Counter { day, ..*counter };
    Ok(counter.report("日结单 Z", Some(appended.key), &sums)?)
}

/// The day that is closed is the one of its last fact, also when the close comes after midnight.
fn last_day(tx: &Tx<'_>, range: SeqRange) -> Result<ledger::time::BusinessDay, StoreError> {
    let head = journal::head(tx)?.ok_or(StoreError::NotEnrolled)?;
    let key = head.stream.at(range.to_seq);
    let stored = journal::event(tx, key)?.ok_or(StoreError::NotEnrolled)?;
    Ok(stored.parse()?.head.biz_date)
}

/// Expected and counted cash over all shifts of the day.
fn drawer(tx: &Tx<'_>, range: SeqRange) -> Result<(Fen, Fen), StoreError> {
    let mut sums = (Fen::ZERO, Fen::ZERO);
    journal::replay(tx, range.from_seq, range.to_seq, |event: &Event| {
        if let Fact::ShiftClose(close) = &event.fact {
            sums = (sums.0.plus(close.expected_fen), sums.1.plus(close.counted_fen));
        }
        Ok(())
    })?;
    Ok(sums)
}

fn count_first() -> Failure {
    Failure::new("count_first", "还没有交班,不能日结", "请清点钱箱,输入实点现金")
}

fn nothing_to_close() -> Fault {
    Failure::new("shift_closed", "这一天已经日结,没有新的单据", "要继续营业,请清点备用金后开班").into()
}
