//! G2, G9: nothing that was committed, printed or acknowledged is missing at the end.

use crate::sim::oracle::{Kept, Oracle};
use crate::sim::world::World;

/// Every event is at headquarters, under its own key or re-wrapped, unless every copy of it went with a disk.
pub fn g2_g9_what_was_committed_is_at_headquarters(world: &World) -> Result<(), String> {
    let there: Vec<&Kept> = world.oracle.kept.iter().filter(|kept| world.at_hq(kept)).collect();
    let told = Oracle::told_by(&there);
    for kept in world.oracle.kept.iter().filter(|kept| !kept.lost) {
        let inner = kept.wraps.is_some_and(|inner| told.contains(&inner));
        if !told.contains(&kept.hash) && !inner {
            let kind = kept.event.fact.kind();
            return Err(format!("G9 {kind} {} of till {} is lost", kept.key, kept.till));
        }
    }
    Ok(())
}
