//! What people at headquarters order about tills.

use hq::orders::{TerminalOrder, Wish, carry_out};

use crate::sim::world::World;

/// Carries it out, and tells the tills that something changed.
pub fn order(world: &mut World, order: TerminalOrder) -> Result<(), String> {
    let Some(app) = world.office.app().cloned() else { return Ok(()) };
    let told = format!("{order:?}");
    let done = carry_out(&*app.store, app.now(), &Wish::Terminal(order), None);
    let (_, moved) = done.map_err(|e| format!("headquarters does not do {told}: {e}"))?;
    world.note(told);
    app.feed.publish(&moved);
    world.tell(false);
    Ok(())
}
