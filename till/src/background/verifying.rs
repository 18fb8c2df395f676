//! Once a day, after the night, the till compares what it holds with headquarters.

use std::sync::Arc;
use std::sync::mpsc::Sender;

use ledger::store::{Ledger, StoreError, settings};
use ledger::time::{BusinessDay, HOUR_MS, Timestamp, Zone};
use sync::client::{Asker, Change};

use super::notice::Notice;

/// Setting: the last day of which a comparison came to its end.
const VERIFIED: &str = "verified_on";

/// From the begin of a business day on; headquarters' own night is over then.
const WAITS_MS: i64 = 3 * HOUR_MS;

/// The day whose comparison is due at `now`.
pub fn day_at(now: Timestamp, zone: Zone) -> BusinessDay {
    BusinessDay::at(now.plus_ms(-WAITS_MS), zone)
}

/// Compares, unless this day has done so. A failure is tried again at the next call.
pub async fn nightly(asker: Arc<Asker>, ledger: Ledger, notices: Sender<Notice>, day: BusinessDay) {
    match ledger.read(|r| settings::get_json::<BusinessDay>(r, VERIFIED)) {
        Ok(done) if done < Some(day) => {}
        Ok(_) => return,
        Err(error) => return tracing::warn!(%error, "the last comparison is not known"),
    }
    let found = match asker.verify(&ledger).await {
        Ok(found) => found,
        Err(fault) => return tracing::debug!(?fault, "not compared with headquarters yet"),
    };
    tracing::info!(?found, "compared with headquarters");
    if let Err(error) = keep(&ledger, day) {
        tracing::warn!(%error, "the comparison was not noted down");
    }
    if found.repaired_rows > 0 {
        // Nobody listens only while the till is being stopped.
        drop(notices.send(Notice::Stored(Change::Confirmed)));
    }
}

fn keep(ledger: &Ledger, day: BusinessDay) -> Result<(), StoreError> {
    ledger.write(|tx| settings::set_json(tx, VERIFIED, &day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_compared_after_headquarters_closed_the_one_before() {
        let at = |text: &str| day_at(text.parse().unwrap(), Zone::CHINA).to_string();
        assert_eq!(at("2026-11-22T06:59:00+08:00"), "2026-11-21");
        assert_eq!(at("2026-11-22T07:00:00+08:00"), "2026-11-22");
    }
}
