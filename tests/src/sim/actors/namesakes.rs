//! C29: the source of chance stands still at two machines of one moment: two receipts of one member carry one id.

use std::sync::atomic::Ordering;

use crate::sim::cashier::{Wants, serve};
use crate::sim::world::World;

const REGULARS: u64 = 2;

/// One member's goods are paid at two tills in the same millisecond of both clocks.
pub fn act(world: &mut World) -> Result<(), String> {
    let n = 1 + u32::try_from(world.cast.dice.below(REGULARS)).unwrap_or(0);
    let first = world.cast.one_of(world.tills.len());
    let at = world.tills[first].wall_now();
    let other =
        world.tills.iter().find(|till| till.no != first && till.running.is_some() && till.wall_now() == at);
    let Some(other) = other.map(|till| till.no) else { return Ok(()) };
    world.note(format!("tills {first} and {other} have one chance"));
    for no in [first, other] {
        let line = std::sync::Arc::clone(&world.tills[no].line);
        line.stuck.store(true, Ordering::Relaxed);
        let served = serve(world, no, n, Wants::Nothing);
        line.stuck.store(false, Ordering::Relaxed);
        served?;
    }
    Ok(())
}
