//! Receipt numbers: `01-261121-0047` is till 1, business day 2026-11-21, the 47th receipt of it.

use super::row::to_u32;
use crate::store::error::StoreError;
use crate::store::tx::Tx;
use crate::time::BusinessDay;

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
        Some((last_day, _)) if last_day > number => earlier_day(tx, number)?,
        _ => 0,
    };
    Ok(ReceiptNo { till_no, day, run: run + 1 })
}

/// The clock was set back over midnight: go on after what that day has.
fn earlier_day(tx: &Tx<'_>, day: i64) -> Result<u32, StoreError> {
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
