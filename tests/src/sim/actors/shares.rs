//! Tills that hold only their store's members, and stores that hear no more of somebody.

use hq::interest::Holding;
use hq::orders::TerminalOrder;
use ledger::id::MemberId;

use super::order::order;
use crate::sim::world::World;

/// Of a thousand tills, those that begin so.
const BEGIN_SO: u64 = 600;

pub fn begin(world: &mut World) -> Result<(), String> {
    for no in 0..world.tills.len() {
        if world.cast.dice.odds(BEGIN_SO) {
            hold(world, no, Holding::Store)?;
        }
    }
    world.run_for(20_000)
}

/// A till is to hold others from now on, or a store hears no more of a member.
pub fn act(world: &mut World) -> Result<(), String> {
    let no = usize::try_from(world.cast.dice.below(world.tills.len() as u64)).unwrap_or(0);
    if world.cast.dice.odds(250) {
        let members = *world.cast.dice.pick(&[Holding::Store, Holding::Store, Holding::All]);
        return hold(world, no, members);
    }
    world.read_books()?;
    let members: Vec<MemberId> = world.books.now().members.keys().copied().collect();
    if members.is_empty() {
        return Ok(());
    }
    let member = *world.cast.dice.pick(&members);
    let store = world.tills[no].store.clone();
    order(world, TerminalOrder::Leave { store, member })
}

fn hold(world: &mut World, no: usize, members: Holding) -> Result<(), String> {
    let terminal = world.tills[no].id;
    order(world, TerminalOrder::Hold { terminal, members })
}
