//! Tills that hold only their store's members: whom they hold is whom headquarters tells the store of.

use std::collections::BTreeSet;

use ledger::id::{MemberId, StoreId};
use ledger::store::{Reader, StoreError, journal, members};
use sync::store::interest::members_of;

use crate::sim::terminal::Terminal;
use crate::sim::world::World;

/// At rest such a till holds every member whom its store hears of, under every name, and nobody else but those
/// whom an event names that headquarters has not decided.
pub fn g5_a_till_holds_whom_its_store_hears_of(world: &World) -> Result<(), String> {
    for till in &world.tills {
        let Some(ledger) = till.ledger() else { continue };
        let share = ledger.read(members_of).map_err(|e| e.to_string())?;
        if let Some(store) = share {
            let wrong = ledger.read(|r| differs(r, world, till, &store)).map_err(|e| e.to_string())?;
            if let Some(wrong) = wrong {
                return Err(format!("G5 till {}, which holds {store}'s members: {wrong}", till.no));
            }
        }
    }
    Ok(())
}

fn differs(
    r: &Reader,
    world: &World,
    till: &Terminal,
    store: &StoreId,
) -> Result<Option<String>, StoreError> {
    let Some(view) = world.office.view() else { return Ok(None) };
    let Ok(heard) = view.members_interesting(store) else { return Ok(None) };
    let heard: BTreeSet<MemberId> = heard.into_iter().collect();
    let waiting = waiting(r, till)?;
    for (id, now) in &world.books.now().members {
        let root = view.member(*id).ok().flatten().map_or(*id, |known| known.root);
        let (due, here) = (heard.contains(&root), members::is_held(r, *id)?);
        if now.row.is_none() || now.erased || waiting.contains(id) || due == here {
            continue;
        }
        let word = if here { "is held, and not of interest" } else { "is of interest, and not held" };
        return Ok(Some(format!("{id} {word}")));
    }
    Ok(None)
}

/// Whom the till's events name that wait for something at headquarters.
fn waiting(r: &Reader, till: &Terminal) -> Result<BTreeSet<MemberId>, StoreError> {
    let mut named = BTreeSet::new();
    for state in journal::streams(r)?.into_iter().filter(|state| state.stream.terminal == till.id) {
        for seq in state.decided + 1..=state.last_seq {
            let Some(stored) = journal::event(r, state.stream.at(seq))? else { continue };
            named.extend(stored.parse()?.head.legs.iter().filter_map(|leg| match &leg.account {
                ledger::posting::Account::Member(id) | ledger::posting::Account::Stored(id) => Some(*id),
                _ => None,
            }));
        }
    }
    Ok(named)
}
