//! People at headquarters: they answer cases, sometimes two of them the same one.

use hq::wire::{Answer, Operator, settle};
use sync::decide::resolve::choices;

use super::swarm::Fault;
use super::world::World;

const CASES_MAX: u32 = 50;

/// Answers one open case, if there is one.
///
/// # Errors
/// A violation of C31: two answers to one case.
pub fn work(world: &mut World) -> Result<(), String> {
    let Some(app) = world.office.app().cloned() else { return Ok(()) };
    let open = app.store.read().and_then(|tx| tx.cases_open(CASES_MAX)).map_err(|e| e.to_string())?;
    if open.is_empty() {
        return Ok(());
    }
    let case = world.chance.pick(&open).clone();
    let operator = Operator { name: "sim".to_owned() };
    let choice = *world.chance.pick(choices(&case.kind));
    let answer = Answer { version: case.version, choice };
    let first = settle(&app, &operator, case.id, &answer).is_ok();
    world.note(format!("case {} {}: {choice:?} {first}", case.id, case.kind));
    if world.strikes(Fault::DoubleClick) {
        world.reached.insert("C31");
        let other = Answer { version: case.version, choice: *world.chance.pick(choices(&case.kind)) };
        if settle(&app, &operator, case.id, &other).is_ok() && first {
            return Err(format!("G6 case {} was answered twice", case.id));
        }
    }
    world.tell(false);
    Ok(())
}
