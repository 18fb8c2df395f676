//! When a store's night is due: at 03:00 of its clock, and never before its business day has ended.

use ledger::time::{BusinessDay, DAY_MS, HOUR_MS, Timestamp, Zone};
use sync::decide::late;

use super::night::{NightError, run};
use crate::store::Store;

const NIGHT_HOUR: i64 = 3;

/// Closes and counts what is due; says one line for each day. `since` is when this process began: the
/// first night of a chain is the first one that it is awake for.
///
/// # Errors
/// What the database reports.
pub fn tick(store: &dyn Store, since: Timestamp, now: Timestamp) -> Result<(), NightError> {
    let tx = store.read()?;
    let mut due = Vec::new();
    for config in tx.stores()? {
        let through = late::closed_through(&*tx, &config.id)?;
        due.extend(due_day(config.zone, through, since, now));
    }
    drop(tx);
    due.sort_unstable();
    due.dedup();
    for date in due {
        let night = run(store, now, date)?;
        if night.all_agree() {
            tracing::info!(summary = night.summary, "the night");
        } else {
            tracing::warn!(summary = night.summary, "the night");
        }
    }
    Ok(())
}

/// The newest day whose night has come and that is not closed yet.
fn due_day(
    zone: Zone,
    through: Option<BusinessDay>,
    since: Timestamp,
    now: Timestamp,
) -> Option<BusinessDay> {
    let yesterday = BusinessDay::at(now, zone).plus_days(-1);
    let day = if now >= night_of(yesterday, zone) { yesterday } else { yesterday.plus_days(-1) };
    let awake = through.is_some() || night_of(day, zone) >= since;
    (awake && through.is_none_or(|through| through < day)).then_some(day)
}

fn night_of(day: BusinessDay, zone: Zone) -> Timestamp {
    let ends_at = day.ends_at(zone);
    let midnight = ends_at.plus_ms(-i64::from(zone.cutover_hour) * HOUR_MS);
    debug_assert!(ends_at.since(midnight) < DAY_MS);
    ends_at.max(midnight.plus_ms(NIGHT_HOUR * HOUR_MS))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn day(text: &str) -> BusinessDay {
        text.parse().unwrap()
    }

    #[test]
    fn the_night_waits_for_three_and_for_the_end_of_the_business_day() {
        let early = Zone { cutover_hour: 0, ..Zone::CHINA };
        assert_eq!(night_of(day("2026-11-21"), early), at("2026-11-22T03:00:00+08:00"));
        assert_eq!(night_of(day("2026-11-21"), Zone::CHINA), at("2026-11-22T04:00:00+08:00"));
    }

    #[test]
    fn a_chain_that_never_closed_a_day_begins_with_the_first_night_it_is_awake_for() {
        let (since, zone) = (at("2026-11-22T10:00:00+08:00"), Zone::CHINA);
        assert_eq!(due_day(zone, None, since, since), None);
        assert_eq!(due_day(zone, None, since, at("2026-11-23T03:59:00+08:00")), None);
        assert_eq!(due_day(zone, None, since, at("2026-11-23T04:00:00+08:00")), Some(day("2026-11-22")));
    }

    #[test]
    fn a_night_that_was_slept_through_is_made_up_for_once() {
        let (since, zone) = (at("2026-11-25T10:00:00+08:00"), Zone::CHINA);
        assert_eq!(due_day(zone, Some(day("2026-11-21")), since, since), Some(day("2026-11-24")));
        assert_eq!(due_day(zone, Some(day("2026-11-24")), since, since), None);
    }
}
