//! C16, C17: what a till counted by the programme that it had is right whenever it arrives, and a tier follows
//! from what the log says was earned.

use std::collections::BTreeMap;

use hq::jobs::keeping;
use ledger::fact::Fact;
use ledger::id::MemberId;
use ledger::posting::{Account, Unit};
use ledger::programme::Programme;
use sync::decide::{programme, table};
use sync::protocol::entry::{Cause, Effect};

use crate::sim::world::World;

/// Tills count right: nobody is ever told otherwise.
pub fn c17_no_receipt_is_counted_otherwise(world: &World) -> Result<(), String> {
    let Some(cases) = world.office.cases()? else { return Ok(()) };
    let wrong = cases.iter().find(|case| case.kind == table::CALC_MISMATCH.code);
    wrong.map_or(Ok(()), |case| Err(format!("C17 {} is counted otherwise by {}", case.event, case.amount)))
}

/// After the nightly job every member has the tier that the postings give. Writes into the log: the last check.
pub fn c16_tiers_follow_what_was_earned(world: &mut World) -> Result<(), String> {
    let Some(app) = world.office.app().cloned() else { return Ok(()) };
    keeping::tiers(&*app.store, app.now()).map_err(|e| e.to_string())?;
    world.read_books()?;
    let newest = app.store.read().and_then(|tx| programme::latest(&*tx)).map_err(|e| e.to_string())?;
    let Some(newest) = newest.map(|published| published.programme.clone()) else { return Ok(()) };
    let state = world.books.now();
    let earned = earned(world);
    for (id, now) in &state.members {
        let alone = !world.parted.contains(id) && !state.members.values().any(|m| m.alias == Some(*id));
        let Some(row) = now.row.as_ref().filter(|_| alone && now.alias.is_none() && !now.erased) else {
            continue;
        };
        let points = earned.get(id).copied().unwrap_or(0);
        let due = due(&newest, points, &row.tier);
        if due != row.tier {
            return Err(format!("C16 {id} is {}, {points} points earned give {due}", row.tier));
        }
    }
    Ok(())
}

/// Points of sales minus what refunds took back, as the log moved them.
fn earned(world: &World) -> BTreeMap<MemberId, i64> {
    let mut earned = BTreeMap::new();
    for written in world.books.shards.values().flatten() {
        let Cause::Event(key) = written.entry.cause else { continue };
        let Some(kept) = world.oracle.of(key).find(|kept| world.books.took(key, kept.hash)) else { continue };
        for effect in &written.entry.effects {
            let Effect::Post { account: Account::Member(id), unit: Unit::Points, delta, .. } = effect else {
                continue;
            };
            let counts = match &kept.event.fact {
                Fact::Sale(_) => *delta > 0,
                Fact::Refund(_) => *delta < 0,
                _ => false,
            };
            *earned.entry(*id).or_default() += if counts { *delta } else { 0 };
        }
    }
    earned
}

/// A tier that no points give was given by hand and stays.
fn due<'a>(programme: &'a Programme, points: i64, today: &'a str) -> &'a str {
    let by_hand = programme.tiers.iter().any(|tier| tier.code == today && tier.earned_min.is_none());
    let mut best: Option<(i64, &str)> = None;
    for tier in &programme.tiers {
        let Some(least) = tier.earned_min.map(|least| least.0).filter(|least| *least <= points) else {
            continue;
        };
        if best.is_none_or(|(known, _)| least >= known) {
            best = Some((least, &tier.code));
        }
    }
    best.filter(|_| !by_hand).map_or(today, |(_, code)| code)
}
