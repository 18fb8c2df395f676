//! C26, C27: who asked to be forgotten is, everywhere.

use ledger::store::members;

use crate::sim::world::World;

/// At rest neither headquarters nor any till knows a name, a number or a card of somebody erased.
pub fn c26_nothing_personal_is_left(world: &World) -> Result<(), String> {
    let state = world.books.now();
    let erased: Vec<_> = state.members.iter().filter(|(_, now)| now.erased).map(|(id, _)| *id).collect();
    for till in &world.tills {
        let Some(ledger) = till.ledger() else { continue };
        for id in &erased {
            let here = ledger.read(|r| members::by_id(r, *id)).map_err(|e| e.to_string())?;
            let Some(member) = here.filter(|member| member.id == *id) else { continue };
            if !member.name.is_empty() || !member.card_no.is_empty() || !member.phone_mask.is_empty() {
                return Err(format!("C27 till {} still knows who {id} was", till.no));
            }
        }
    }
    let Some(view) = world.office.view() else { return Ok(()) };
    for id in erased {
        let row = view.member(id).map_err(|e| e.to_string())?.map(|known| known.row);
        if row.is_some_and(|row| !row.name.is_empty() || !row.phone_mask.is_empty()) {
            return Err(format!("C26 headquarters still knows who {id} was"));
        }
    }
    Ok(())
}
