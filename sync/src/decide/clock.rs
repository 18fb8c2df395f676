//! C22: when a till's clock is wrong. Facts are taken all the same; only what would be judged by a
//! deadline asks here first. A till that heard HQ in the same boot counts on by its monotonic clock and
//! says so with a small uncertainty: its moment stands, whatever the wall clock does.

use ledger::event::{Clocks, Event};
use ledger::fact::ClockMark;
use ledger::id::{Anchor, EventKey, Shard, TerminalId};
use ledger::time::{HOUR_MS, MINUTE_MS, Timestamp};
use serde::{Deserialize, Serialize};

use super::arrival::Arrival;
use super::decision::{Decision, Mark};
use super::kept::{self, Keep, Kept};
use super::view::View;

/// An uncertainty up to this says that the moment was counted from a contact.
const CONTACT_UNC_MS: u64 = 5 * MINUTE_MS.unsigned_abs();
/// A clock that HQ found further off than this was not set by anybody.
const OFFSET_MS_MAX: i64 = 5 * MINUTE_MS;
/// Smaller steps are what time services do all day.
const STEP_MS_MAX: i64 = 2 * MINUTE_MS;
/// Across a restart the wall clock alone says that time went back.
const BACK_MS_MAX: i64 = HOUR_MS;

/// A terminal's clock was set back and is behind until it says `until`. Id: the terminal, in its shard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubt {
    pub until: Timestamp,
}

impl Kept for Doubt {
    const KIND: &'static str = "clock_doubt";
}

fn shard_of(terminal: TerminalId) -> Shard {
    Anchor::terminal(terminal).shard()
}

/// The till's own word that its clock jumped.
pub fn decide(arrival: Arrival<'_>, mark: &ClockMark) -> Decision {
    let event = arrival.event;
    let shard = shard_of(event.head.terminal);
    let mut decision = Decision::without_effects(event.head.anchor.shard());
    if mark.jump_ms < 0 {
        let until = event.head.clocks.t_wall.plus_ms(-mark.jump_ms);
        let keep = Keep::put(shard, event.head.terminal.to_string(), &Doubt { until });
        decision.marks.push(Mark::Keep(keep));
    }
    decision
}

/// True when no deadline may be judged by what this event says of the time.
///
/// # Errors
/// What the view reports.
pub fn is_suspect<V: View + ?Sized>(view: &V, event: &Event) -> Result<bool, V::Error> {
    let clocks = &event.head.clocks;
    if reaches_a_contact(clocks) {
        return Ok(false);
    }
    if clocks.hq_off_ms.is_some_and(|off| off.saturating_abs() > OFFSET_MS_MAX) {
        return Ok(true);
    }
    let terminal = event.head.terminal;
    let doubt: Option<Doubt> = kept::one(view, shard_of(terminal), &terminal.to_string())?;
    if doubt.is_some_and(|doubt| doubt.until.since(clocks.t_wall) > STEP_MS_MAX) {
        return Ok(true);
    }
    let before = EventKey { seq: event.head.seq.saturating_sub(1), ..event.key() };
    Ok(view.clocks(before)?.is_some_and(|before| jumped(&before, clocks)))
}

fn reaches_a_contact(clocks: &Clocks) -> bool {
    clocks.hq_off_ms.is_some() && clocks.hq_unc_ms.is_some_and(|unc| unc <= CONTACT_UNC_MS)
}

/// The wall clock did not go on as the monotonic one, or went back.
fn jumped(before: &Clocks, now: &Clocks) -> bool {
    let walked = now.t_wall.since(before.t_wall);
    if before.boot != now.boot {
        return walked < -BACK_MS_MAX;
    }
    let passed = i64::try_from(now.t_mono_ms.saturating_sub(before.t_mono_ms)).unwrap_or(i64::MAX);
    walked.saturating_sub(passed).saturating_abs() > STEP_MS_MAX
}
