//! What else happens in a shop, each a thing that most seeds have not: which of it a seed has, when it
//! happens and how it falls out is drawn from dice of their own, so that a new line here changes no seed that
//! has none of it.

mod profiles;
mod programmes;

use super::world::World;
use crate::chance::Chance;

/// Seeds of a thousand that have any of it. None until what seed 140 finds with 400 is looked into.
const SEEDS: u64 = 0;

/// Somebody who acts beside cashiers, operators and faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    Profiles,
    Programmes,
    Months,
}

#[derive(Clone, Copy, Debug)]
pub struct Row {
    actor: Actor,
    pub name: &'static str,
    /// Of a thousand seeds that have any.
    seeds: u64,
    /// Highest rate, of a thousand actions; a seed draws its own between 1 and this.
    rate_max: u64,
}

const fn row(actor: Actor, name: &'static str, seeds: u64, rate_max: u64) -> Row {
    Row { actor, name, seeds, rate_max }
}

/// Everybody. A new one is a line here and an arm below.
pub const ACTORS: &[Row] = &[
    row(Actor::Profiles, "wishes about profiles", 500, 150),
    row(Actor::Programmes, "a new programme", 350, 40),
    row(Actor::Months, "weeks pass", 150, 15),
];

/// Who acts in a seed, and the dice of all of them.
pub struct Cast {
    rates: Vec<(Actor, u64)>,
    pub dice: Chance,
}

impl Cast {
    /// Nobody.
    pub fn none() -> Self {
        Cast { rates: Vec::new(), dice: Chance::seeded(0) }
    }

    pub fn draw(mut dice: Chance) -> Self {
        let mut rates = Vec::new();
        if dice.odds(SEEDS) {
            for row in ACTORS {
                if dice.odds(row.seeds) {
                    rates.push((row.actor, 1 + dice.below(row.rate_max)));
                }
            }
        }
        Cast { rates, dice }
    }

    pub fn has(&self, actor: Actor) -> bool {
        self.rates.iter().any(|(known, _)| *known == actor)
    }

    pub fn names(&self) -> Vec<&'static str> {
        ACTORS.iter().filter(|row| self.has(row.actor)).map(|row| row.name).collect()
    }
}

/// What is so from the start.
///
/// # Errors
/// What headquarters does not do.
pub fn begin(world: &mut World) -> Result<(), String> {
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
