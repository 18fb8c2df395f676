//! Which business day a fact belongs to. It never goes backwards, and a closed day stays closed.

use ledger::shift::LateOf;
use ledger::store::{Reader, StoreError, journal, shifts};
use ledger::time::{BusinessDay, HOUR_MS, Timestamp, Zone};

/// A shift that runs over the end of its business day keeps the day so much longer.
const OVERRUN_MS: i64 = 4 * HOUR_MS;

/// The day of a fact recorded at `now`.
///
/// # Errors
/// The ledger cannot be read.
pub fn of(r: &Reader, zone: Zone, now: Timestamp) -> Result<BusinessDay, StoreError> {
    let by_clock = BusinessDay::at(now, zone);
    let Some(last) = journal::newest_day(r)? else { return Ok(by_clock) };
    let closed = shifts::last_day_close(r)?.map(|close| close.business_day.plus_days(1));
    let floor = closed.map_or(last, |open_from| last.max(open_from));
    let runs_over = floor == last && now < last.ends_at(zone).plus_ms(OVERRUN_MS);
    if runs_over && shifts::current(r)?.is_some() {
        return Ok(last);
    }
    Ok(by_clock.max(floor))
}

/// The closed day that the clock still counts while facts already belong to `day`.
///
/// # Errors
/// The ledger cannot be read.
pub fn late_of(
    r: &Reader,
    zone: Zone,
    now: Timestamp,
    day: BusinessDay,
) -> Result<Option<LateOf>, StoreError> {
    let by_clock = BusinessDay::at(now, zone);
    if by_clock >= day {
        return Ok(None);
    }
    let close = shifts::close_of(r, by_clock)?;
    Ok(close.map(|close| LateOf { business_day: close.business_day, report_no: close.report_no }))
}
