//! A file of unsent events that a person carries to headquarters, sometimes twice.

use std::sync::Arc;

use hq::import::import;

use super::plug;
use super::world::World;

/// The till's program is ended, its unsent events are written into a file, headquarters takes the file.
///
/// # Errors
/// A till that cannot export what it holds.
pub fn carry(world: &mut World, till: usize) -> Result<(), String> {
    let Some(app) = world.office.app().cloned() else { return Ok(()) };
    if world.tills[till].running.is_none() {
        return Ok(());
    }
    world.kill_till(till, false)?;
    let out = world.tills[till].folder.join("carried");
    let wall = Arc::clone(&world.tills[till].wall);
    let chance = world.chance.branch();
    let exported = plug::export(&world.tills[till].folder, &wall, chance, &out);
    let exported = exported.map_err(|e| format!("G9 till {till} cannot export: {e}"))?;
    let file = std::fs::read(&out).map_err(|e| e.to_string())?;
    for _ in 0..=u64::from(world.chance.odds(500)) {
        match import(&*app.store, &app.keys, app.now(), &file) {
            Ok(imported) => app.feed.publish(&imported.moved),
            Err(error) => return Err(format!("G9 the file of till {till} is refused: {error:?}")),
        }
    }
    world.note(format!("till {till}: {} events were carried", exported.events));
    world.tell(false);
    Ok(())
}
