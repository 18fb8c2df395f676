//! C19: points are good for a month. They are spent at dark tills around the end of their last day, and
//! headquarters' night comes before it hears.

use ledger::time::{BusinessDay, DAY_MS, HOUR_MS, Timestamp, Zone};

use super::programmes;
use crate::sim::cashier::{Wants, serve};
use crate::sim::line::Way;
use crate::sim::world::World;

/// For how long points are good in a seed that has this actor.
pub const MONTHS: u32 = 1;
const REGULARS: u64 = 2;
/// Long enough for headquarters' jobs to have their turn.
const NIGHT_MS: i64 = 45_000;

pub fn begin(world: &mut World) -> Result<(), String> {
    programmes::publish(world, |programme| programme.balance.expiry_months = Some(MONTHS))?;
    world.run_for(5_000)
}

/// Weeks go by; then a till is cut off, a member spends there, days pass, and the line comes back.
pub fn act(world: &mut World) -> Result<(), String> {
    let n = 1 + u32::try_from(world.cast.dice.below(REGULARS)).unwrap_or(0);
    let no = world.cast.one_of(world.tills.len());
    serve(world, no, n, Wants::Nothing)?;
    world.run_for(5_000)?;
    pass(world, 5, 14)?;
    if world.cast.dice.odds(500) {
        serve(world, no, n, Wants::Nothing)?;
        world.run_for(5_000)?;
    }
    // Some of it stays until what was earned first ends.
    pass(world, 10, 18)?;
    world.lines.set(no, Way::Down);
    let hours = world.cast.dice.between(0, 30);
    world.sleep(hours * HOUR_MS);
    serve(world, no, n, Wants::Points)?;
    pass(world, 0, 8)?;
    if world.cast.dice.odds(700) {
        world.lines.set(no, Way::Open);
    }
    world.run_for(5_000)
}

fn pass(world: &mut World, least: i64, most: i64) -> Result<(), String> {
    let days = world.cast.dice.between(least, most);
    world.sleep(days * DAY_MS);
    let today = BusinessDay::at(Timestamp(world.now_ms()), Zone::CHINA);
    world.note(format!("{days} days pass, it is {today}"));
    world.run_for(NIGHT_MS)
}
