//! Who acts beside cashiers, operators and faults: each a thing that most seeds have not. Which of it a seed
//! has, when it happens and how it falls out is drawn from dice of their own, so that a new line here changes
//! no seed that has none of it.

use crate::chance::Chance;

/// Seeds of a thousand that have any of it.
const SEEDS: u64 = 400;

/// Somebody who acts beside cashiers, operators and faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    Profiles,
    Programmes,
    Months,
    Coupons,
    Expiry,
    Version,
    Namesakes,
    Moves,
    Shares,
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

/// Everybody. A new one is a line here and an arm in `actors::act`.
pub const ACTORS: &[Row] = &[
    row(Actor::Profiles, "wishes about profiles", 500, 150),
    row(Actor::Programmes, "a new programme", 350, 40),
    row(Actor::Months, "weeks pass", 150, 15),
];

/// Who came later. Whether a seed has one is drawn by dice of that actor's own, so that no other seed changes.
#[derive(Clone, Copy, Debug)]
pub struct Later {
    row: Row,
    /// Sets its dice apart from every other's; such that no seed kept before has it.
    apart: u64,
}

const fn later(actor: Actor, name: &'static str, (seeds, rate_max): (u64, u64), apart: u64) -> Later {
    Later { row: row(actor, name, seeds, rate_max), apart }
}

/// Of these the share is of a thousand seeds, whoever else acts.
pub const LATER: &[Later] = &[
    later(Actor::Coupons, "coupons that run out", (90, 60), 0x0c04_0000_0031_0000),
    later(Actor::Expiry, "points that expire", (90, 60), 0x0c19_0003_0d26_0000),
    later(Actor::Version, "an older version of headquarters", (90, 80), 0x0c24_0007_9bdc_0000),
    later(Actor::Namesakes, "two receipts of one id", (60, 60), 0x0c29_0000_89c1_0000),
    later(Actor::Moves, "a till moves to the other store", (60, 25), 0x0c35_0000_0006_0000),
    later(Actor::Shares, "tills that hold their store's members", (90, 60), 0x0c36_0000_00e2_0000),
];

/// Who acts in a seed, and the dice of all of them.
pub struct Cast {
    pub rates: Vec<(Actor, u64)>,
    pub dice: Chance,
}

impl Cast {
    /// Nobody.
    pub fn none() -> Self {
        Cast { rates: Vec::new(), dice: Chance::seeded(0) }
    }

    /// `dice` are the seed's own for all who act.
    pub fn draw(seed: u64, mut dice: Chance) -> Self {
        let mut rates = Vec::new();
        if dice.odds(SEEDS) {
            for row in ACTORS {
                if dice.odds(row.seeds) {
                    rates.push((row.actor, 1 + dice.below(row.rate_max)));
                }
            }
        }
        for Later { row, apart } in LATER {
            let mut own = Chance::seeded(seed ^ apart);
            if own.odds(row.seeds) {
                rates.push((row.actor, 1 + own.below(row.rate_max)));
            }
        }
        Cast { rates, dice }
    }

    pub fn has(&self, actor: Actor) -> bool {
        self.rates.iter().any(|(known, _)| *known == actor)
    }

    /// One of so many tills, drawn by the dice of all who act.
    pub fn one_of(&mut self, tills: usize) -> usize {
        usize::try_from(self.dice.below(tills as u64)).unwrap_or(0)
    }

    pub fn names(&self) -> Vec<&'static str> {
        let all = ACTORS.iter().chain(LATER.iter().map(|later| &later.row));
        all.filter(|row| self.has(row.actor)).map(|row| row.name).collect()
    }
}
