//! One seed: a shop, its trouble, and what came of it.

use serde::Serialize;

use super::actors;
use super::cast::Cast;
use super::heal::heal;
use super::invariants::{check, check_at_rest, g5_a_till_loaded_anew_shows_the_same};
use super::place::TILLS;
use super::scene;
use super::swarm::{Fault, Swarm};
use super::trace::Trace;
use super::trouble;
use super::world::World;
use super::{cashier, operator, orders, reach, theme};
use crate::chance::Chance;

/// Weight of the cashiers' work against the rates of the swarm's faults.
const WORK: u64 = 1_000;
const ACTIONS_MIN: i64 = 40;
const ACTIONS_MAX: i64 = 130;
/// Sets the second dice of a seed apart from its first; such that no seed kept before changes.
const APART: u64 = 0x2182_0000_0000;
/// Actions between two checks.
const CHECK_EVERY: i64 = 9;

/// What became of a seed.
#[derive(Clone, Debug, Serialize)]
pub struct Outcome {
    pub seed: u64,
    /// The first violation, beginning with its name.
    pub violation: Option<String>,
    pub steps: u64,
    pub events: usize,
    pub trace: String,
    pub theme: &'static str,
    pub faults: Vec<&'static str>,
    /// Classes of conflict that it met.
    pub reached: Vec<&'static str>,
    /// Last lines of the trace; only with a violation.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<String>,
}

/// Runs one seed to its end or its first violation.
pub fn run(seed: u64, whole: bool) -> Outcome {
    let folder = scene::root().join(format!("seed-{seed}-{:?}", std::thread::current().id()));
    // A panic is a violation like any other: assertions of the product are invariants too.
    let run = std::panic::AssertUnwindSafe(|| simulate(seed, whole, &folder));
    let outcome = std::panic::catch_unwind(run).unwrap_or_else(|panic| unborn(seed, told(&*panic)));
    // What is left behind is only in memory.
    let _ = std::fs::remove_dir_all(&folder);
    outcome
}

fn simulate(seed: u64, whole: bool, folder: &std::path::Path) -> Outcome {
    let mut chance = Chance::seeded(seed);
    let tills = 2 + usize::try_from(chance.below(TILLS.len() as u64 - 1)).unwrap_or(0);
    // Dice of their own for what came later: what was drawn before stays as it fell.
    let mut apart = Chance::seeded(seed ^ APART);
    let theme = theme::draw(&mut chance, &mut apart);
    let swarm = Swarm::draw(&mut chance).at_least(theme.faults).without(theme.never);
    let opened = scene::copy(folder, tills).and_then(|()| World::open(folder, tills, chance));
    let mut world = match opened {
        Ok(world) => world,
        Err(why) => return unborn(seed, why),
    };
    world.trace = Trace::new(seed, whole);
    world.suffer(swarm);
    (world.theme, world.watch) = (theme, g5_a_till_loaded_anew_shows_the_same);
    world.cast = Cast::draw(seed, apart);
    let names = [world.swarm.names(), world.cast.names()].concat();
    world.note(format!("{tills} tills; {}; {}", theme.name, names.join(", ")));
    let violation = live(&mut world).and_then(|()| rest(&mut world)).err();
    reach::read(&mut world);
    if let Some(violation) = &violation {
        world.note(violation);
    }
    let outcome = Outcome {
        seed,
        steps: world.steps,
        events: world.oracle.len(),
        trace: world.trace.hash().to_string(),
        theme: theme.name,
        faults: world.swarm_names.clone(),
        reached: world.reached.iter().copied().collect(),
        lines: if violation.is_some() || whole { world.trace.lines() } else { Vec::new() },
        violation,
    };
    world.close();
    outcome
}

fn told(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no words");
    format!("panic: {text}")
}

fn unborn(seed: u64, why: String) -> Outcome {
    let trace = Trace::new(seed, false).hash().to_string();
    Outcome {
        seed,
        violation: Some(why),
        steps: 0,
        events: 0,
        trace,
        theme: "",
        faults: Vec::new(),
        reached: Vec::new(),
        lines: Vec::new(),
    }
}

fn live(world: &mut World) -> Result<(), String> {
    world.swarm_names = [world.swarm.names(), world.cast.names()].concat();
    set_drift(world);
    actors::begin(world)?;
    let actions = world.chance.between(ACTIONS_MIN, ACTIONS_MAX);
    for action in 1..=actions {
        world.steps += 1;
        actors::act(world)?;
        match trouble::draw(world, WORK) {
            Some(fault) => trouble::happen(world, fault)?,
            None if world.chance.odds(world.theme.habits.answers) => operator::work(world)?,
            None if world.chance.odds(world.theme.habits.orders) => orders::work(world)?,
            None => {
                let till = usize::try_from(world.chance.below(world.tills.len() as u64)).unwrap_or(0);
                cashier::work(world, till)?;
            }
        }
        let ms = world.chance.between(5, 1_500);
        world.run_for(ms)?;
        if action % CHECK_EVERY == 0 {
            check(world)?;
        }
    }
    check(world)
}

fn rest(world: &mut World) -> Result<(), String> {
    heal(world)?;
    check_at_rest(world)
}

fn set_drift(world: &mut World) {
    let ppm = i64::try_from(world.swarm.rate(Fault::Drift)).unwrap_or(0);
    for till in &world.tills {
        let sign = if till.no % 2 == 0 { 1 } else { -1 };
        till.wall.set_drift(sign * ppm);
    }
}
