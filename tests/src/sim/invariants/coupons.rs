//! C4: whether a coupon was good is a matter of the sale's moment, never of when the sale arrived.

use std::collections::BTreeMap;

use ledger::coupon::CouponState;
use ledger::event::Clocks;
use ledger::fact::Fact;
use ledger::id::{CouponId, EventKey};
use ledger::time::{BusinessDay, DAY_MS, MINUTE_MS, Zone};
use sync::decide::table;
use sync::protocol::entry::{Cause, Effect};

use crate::sim::world::World;

/// PROTOCOL, C4 and "Time".
const GRACE_MS: i64 = DAY_MS;
const CONTACT_UNC_MS: u64 = 5 * MINUTE_MS.unsigned_abs();

/// First and last day.
type Days = BTreeMap<CouponId, (BusinessDay, BusinessDay)>;

/// A coupon that was good at its sale's moment has no case, however late it arrived; one that was not has one,
/// where the till knew the time.
pub fn c4_a_coupon_is_judged_by_its_moment(world: &World) -> Result<(), String> {
    let Some(cases) = world.office.cases()? else { return Ok(()) };
    let expired = |key: EventKey, id: CouponId| {
        cases.iter().any(|case| {
            case.event == key && case.kind == table::COUPON_EXPIRED.code && case.coupon == Some(id)
        })
    };
    let days = days(world);
    for (key, id) in taken(world) {
        let Some(kept) = world.oracle.of(key).find(|kept| world.books.took(key, kept.hash)) else { continue };
        let (Fact::Sale(_), Some(days)) = (&kept.event.fact, days.get(&id)) else { continue };
        let clocks = &kept.event.head.clocks;
        match (is_good(*days, clocks), expired(key, id)) {
            (true, true) => return Err(format!("C4 {key} used {id} in time and has a case")),
            (false, false) if is_heard(clocks) => {
                return Err(format!("C4 {key} used {id} out of date and nobody is told"));
            }
            _ => {}
        }
    }
    Ok(())
}

fn days(world: &World) -> Days {
    let effects = world.books.shards.values().flatten().flat_map(|written| &written.entry.effects);
    let issued = effects.filter_map(|effect| match effect {
        Effect::CouponIssued { row } => Some((row.id, (row.starts_on, row.ends_on))),
        _ => None,
    });
    issued.collect()
}

/// Which event took which coupon.
fn taken(world: &World) -> Vec<(EventKey, CouponId)> {
    let mut taken = Vec::new();
    for written in world.books.shards.values().flatten() {
        let Cause::Event(key) = written.entry.cause else { continue };
        taken.extend(written.entry.effects.iter().filter_map(|effect| match effect {
            Effect::Coupon { id, state: CouponState::Used, .. } => Some((key, *id)),
            _ => None,
        }));
    }
    taken
}

fn is_good((starts_on, ends_on): (BusinessDay, BusinessDay), clocks: &Clocks) -> bool {
    let at = clocks.t_wall.plus_ms(clocks.hq_off_ms.unwrap_or(0));
    let begins = starts_on.plus_days(-1).ends_at(Zone::CHINA);
    let ends = ends_on.ends_at(Zone::CHINA);
    at.since(begins) >= -GRACE_MS && at.since(ends) < GRACE_MS
}

fn is_heard(clocks: &Clocks) -> bool {
    clocks.hq_off_ms.is_some() && clocks.hq_unc_ms.is_some_and(|unc| unc <= CONTACT_UNC_MS)
}
