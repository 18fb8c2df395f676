//! G2, G9: nothing that was committed, printed or acknowledged is missing at the end.

use crate::sim::world::World;

/// Every event is at headquarters, unless every copy of it went with a disk.
pub fn g2_g9_what_was_committed_is_at_headquarters(world: &World) -> Result<(), String> {
    for kept in world.oracle.kept.iter().filter(|kept| !kept.lost) {
        if !world.at_hq(kept) {
            let kind = kept.event.fact.kind();
            return Err(format!("G9 {kind} {} of till {} is lost", kept.key, kept.till));
        }
    }
    Ok(())
}
