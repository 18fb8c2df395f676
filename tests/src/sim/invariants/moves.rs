//! C35: what a till did in a store stays with that store, wherever the till stands when it arrives.

use crate::sim::oracle::Kept;
use crate::sim::world::World;

/// A case is the store's where the till stood when it happened. A copied disk, or a headquarters that forgot
/// the move, may tell it otherwise; so may a wrapper, which is written where the till stands now, and an epoch
/// that the till opened by itself: headquarters cannot know whether that was before the move.
pub fn c35_a_case_is_of_the_store_where_it_happened(world: &World) -> Result<(), String> {
    let Some(view) = world.office.view().filter(|_| world.unsafe_since.is_none()) else { return Ok(()) };
    for case in world.office.cases()?.unwrap_or_default() {
        let took = world.oracle.of(case.event).find(|kept| world.books.took(kept.key, kept.hash));
        let told = |kept: &&Kept| kept.wraps.is_none() && !kept.key.epoch.is_own();
        let Some(kept) = took.filter(told) else { continue };
        let row = view.event(kept.key).map_err(|e| e.to_string())?;
        if row.is_none_or(|row| row.outcome.case != Some(case.id)) {
            // About the machine, not about what it sold.
            continue;
        }
        if kept.store != case.store {
            let (kind, store) = (case.kind, case.store);
            return Err(format!("C35 {kind} of {} is {store}'s, it happened in {}", kept.key, kept.store));
        }
    }
    Ok(())
}
