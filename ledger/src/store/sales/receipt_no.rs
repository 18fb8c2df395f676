//! Receipt numbers: `01-261121-0047` is till 1, business day 2026-11-21, the 47th receipt of it.

use super::row::to_u32;
use crate::id::Epoch;
use crate::store::error::StoreError;
use crate::store::journal::place::Place;
use crate::store::journal::stream::head;
use crate::store::tx::Tx;
use crate::time::BusinessDay;

/// Numbers in a range; no till prints as many in a day.
const RANGE: u64 = 10_000;
const SHORT_RANGES: u64 = 1_000;
const LONG_RANGES: u64 = 9_000;

/// A number as printed, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReceiptNo {
    pub till_no: u32,
    pub day: BusinessDay,
    pub run: u32,
}

impl ReceiptNo {
    /// None for anything that is no receipt number.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let mut number = |digits_min: usize| {
            let part = parts.next()?;
            let plain = part.len() >= digits_min && part.bytes().all(|b| b.is_ascii_digit());
            plain.then(|| part.parse::<u32>().ok()).flatten()
        };
        let (till_no, day, run) = (number(2)?, number(6)?, number(4)?);
        let day = BusinessDay::from_number(20_000_000 + i64::from(day))?;
        parts.next().is_none().then_some(ReceiptNo { till_no, day, run })
    }
}

impl std::fmt::Display for ReceiptNo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:02}-{:06}-{:04}", self.till_no, self.day.number() % 1_000_000, self.run)
    }
}

/// The next number of the day. Taken in the transaction that uses it: a rollback burns none, and the
/// receipt written under it is what the next one counts from.
///
/// # Errors
/// The store's.
pub fn next_receipt_no(tx: &Tx<'_>, till_no: u32, day: BusinessDay) -> Result<ReceiptNo, StoreError> {
    let number = day.number();
    let last =
        tx.first(include_str!("last.sql"), [], |row| Ok((row.get::<_, i64>(0)?, to_u32(row.get(1)?))))?;
    let run = match last {
        Some((last_day, run)) if last_day == number => {
            run - u32::from(crate::planted!("receipt_number_again"))
        }
        // A new day, or one that a wrong clock has been at before.
        _ => last_of_day(tx, number)?,
    };
    Ok(ReceiptNo { till_no, day, run: run.max(begins_after(tx, number)?) + 1 })
}

/// On the day on which a till goes on in another stream its numbers begin in a range of that stream's: what
/// a copy of it, or this one before it was put back, printed that day is not printed again.
fn begins_after(tx: &Tx<'_>, day: i64) -> Result<u32, StoreError> {
    let Some(state) = head(tx)?.filter(|state| state.parent.is_some()) else { return Ok(0) };
    let begin = Place::new(state.no, 0).0;
    let first: Option<i64> = tx.first(include_str!("first_day.sql"), [begin], |row| row.get(0))?;
    Ok(if first.is_none_or(|first| first == day) { range_of(state.stream.epoch) } else { 0 })
}

/// Epochs of headquarters have short ranges of their own, the till's own ones share the long ones.
fn range_of(epoch: Epoch) -> u32 {
    let nth = match epoch.is_own() {
        false => epoch.0.saturating_sub(1) % SHORT_RANGES,
        true => SHORT_RANGES + epoch.0 % LONG_RANGES,
    };
    u32::try_from(nth * RANGE).unwrap_or(0)
}

/// Clocks are set back and forth over midnight: go on after what that day has.
fn last_of_day(tx: &Tx<'_>, day: i64) -> Result<u32, StoreError> {
    let run = tx.first(include_str!("last_of_day.sql"), [day], |row| row.get::<_, Option<i64>>(0))?;
    Ok(to_u32(run.flatten().unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receipt_number_reads_back_and_anything_else_does_not() {
        for good in ["01-261121-0047", "12-261231-10000"] {
            assert_eq!(ReceiptNo::parse(good).map(|no| no.to_string()).as_deref(), Some(good));
        }
        for bad in ["", "01-261121", "01-261321-0001", "1-261121-0001", "01-261121-0001-1", "ab-261121-0001"]
        {
            assert_eq!(ReceiptNo::parse(bad), None, "{bad}");
        }
    }
}
