//! What else happens in a shop, beside cashiers, operators and faults: who acts is drawn in `cast`.

mod coupons;
mod expiry;
mod moves;
mod namesakes;
mod order;
mod profiles;
mod programmes;
mod shares;
mod version;

pub use expiry::MONTHS;

use super::cast::Actor;
use super::world::World;

/// What is so from the start.
///
/// # Errors
/// What headquarters does not do.
pub fn begin(world: &mut World) -> Result<(), String> {
    if world.cast.has(Actor::Expiry) {
        expiry::begin(world)?;
    }
    if world.cast.has(Actor::Shares) {
        shares::begin(world)?;
    }
    match world.theme.lends_permille {
        Some(permille) => programmes::lend(world, permille),
        None => Ok(()),
    }
}

/// Everybody's turn before an action.
///
/// # Errors
/// A violation that shows at once.
pub fn act(world: &mut World) -> Result<(), String> {
    for (actor, rate) in world.cast.rates.clone() {
        if !world.cast.dice.odds(rate) {
            continue;
        }
        match actor {
            Actor::Profiles => profiles::act(world)?,
            Actor::Programmes => programmes::act(world)?,
            Actor::Months => weeks_pass(world)?,
            Actor::Coupons => coupons::act(world)?,
            Actor::Expiry => expiry::act(world)?,
            Actor::Version => version::act(world)?,
            Actor::Moves => moves::act(world)?,
            Actor::Shares => shares::act(world)?,
            Actor::Namesakes => namesakes::act(world)?,
        }
    }
    Ok(())
}

/// Nothing happens for so long that what waited to be sent is old.
fn weeks_pass(world: &mut World) -> Result<(), String> {
    const DAY_MS: i64 = 24 * 60 * 60_000;
    let days = world.cast.dice.between(20, 45);
    world.note(format!("{days} days pass"));
    world.sleep(days * DAY_MS);
    world.run_for(5_000)
}
