//! C35: a till is moved to the other store. It hears so with its next configuration.

use hq::orders::TerminalOrder;
use ledger::id::StoreId;

use super::order::order;
use crate::sim::place::TILLS;
use crate::sim::world::World;

/// A number that no till of either store has.
const TILL_NO: u32 = 9;

/// The order; the server notices what it published, or starts with it.
pub fn act(world: &mut World) -> Result<(), String> {
    let no = world.cast.one_of(world.tills.len());
    let terminal = world.tills[no].id;
    let Some(app) = world.office.app().cloned() else { return Ok(()) };
    let row = app.store.read().and_then(|view| view.terminal(terminal)).map_err(|e| e.to_string())?;
    let Some(row) = row else { return Ok(()) };
    let other = TILLS.iter().map(|(store, _)| StoreId::from(*store)).find(|store| *store != row.store);
    let Some(store) = other else { return Ok(()) };
    world.reached.insert("C35");
    order(world, TerminalOrder::Reassign { terminal, store, till_no: TILL_NO })?;
    if world.cast.dice.odds(500) {
        drop(app);
        return world.restart_hq();
    }
    let published = app.store.read().and_then(|view| hq::entries::published(&*view));
    app.feed.follow(&[], published.map_err(|e| e.to_string())?);
    world.tell(false);
    Ok(())
}
