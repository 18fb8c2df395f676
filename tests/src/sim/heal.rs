//! The end of every seed: faults stop, and within bounded simulated time everything must come to rest.
//! Safety alone would be met by a till that never says anything again.

use ledger::store::journal;
use sync::engine::event::Event;
use sync::protocol::push::Verdict;

use super::cast::Actor;
use super::swarm::Swarm;
use super::world::World;

/// Longest time to come to rest after the last fault, ms: a few of the longest waits between retries.
const REST_MAX_MS: i64 = 20 * 60_000;
const LOOK_MS: i64 = 5_000;

/// Ends every fault and waits for rest.
///
/// # Errors
/// Who is not at rest in time.
pub fn heal(world: &mut World) -> Result<(), String> {
    world.note("faults end");
    world.suffer(Swarm::calm());
    world.lines.open_all();
    world.lan_dark.clear();
    world.hq_stalls_until_ms = 0;
    if world.cast.has(Actor::Version) {
        // From now on its newest version.
        world.restart_hq()?;
    } else if world.office.app().is_none() {
        world.office.boot()?;
    }
    for till in 0..world.tills.len() {
        world.tills[till].asleep_until_ms = 0;
        world.boot(till)?;
        let wishes = world.tills[till].step(Event::Resume);
        world.grant(till, wishes);
    }
    let mut waited_ms = 0;
    loop {
        world.run_for(LOOK_MS)?;
        waited_ms += LOOK_MS;
        match unrest(world) {
            None => return Ok(()),
            Some(why) if waited_ms >= REST_MAX_MS => return Err(format!("liveness: {why}")),
            Some(_) => {}
        }
    }
}

/// Who has something left to do.
fn unrest(world: &World) -> Option<String> {
    world.tills.iter().find_map(|till| {
        let ledger = till.ledger()?;
        if !till.is_online() {
            let attention = till.running.as_ref().and_then(|running| running.attention.clone());
            return Some(format!("till {} is silent ({attention:?})", till.no));
        }
        let streams = ledger.glance(journal::streams).ok()?;
        let unsent = streams.iter().find(|s| s.received < s.last_seq && !is_left(world, s));
        if let Some(state) = unsent {
            return Some(format!("till {} keeps {} of {}", till.no, state.received, state.last_seq));
        }
        behind(world, till).or_else(|| undecided(world, &streams, till.no))
    })
}

/// A stream of which headquarters already holds everything: one that was turned back.
fn is_left(world: &World, state: &journal::StreamState) -> bool {
    let Some(view) = world.office.view() else { return false };
    let known = view.stream(state.stream).ok().flatten();
    known.is_some_and(|row| row.received >= state.last_seq)
}

fn behind(world: &World, till: &super::terminal::Terminal) -> Option<String> {
    let cursors = super::invariants::cursors(till)?;
    let heads = world.office.view()?.heads().ok()?;
    let late = heads.iter().find(|head| {
        let here = cursors.iter().find(|cursor| cursor.shard == head.shard);
        here.map_or(0, |cursor| cursor.lsn) != head.lsn
            || here.is_some_and(|cursor| cursor.chain != head.chain)
    })?;
    Some(format!("till {} is behind in shard {}", till.no, late.shard.0))
}

/// Events whose verdict the till has not, though headquarters gave a final one.
fn undecided(world: &World, streams: &[journal::StreamState], till: usize) -> Option<String> {
    let view = world.office.view()?;
    streams.iter().find_map(|state| {
        let all = view.outcomes(state.stream, 1, state.last_seq, u32::MAX).ok()?;
        let parked = all.iter().find(|outcome| outcome.verdict == Verdict::Parked).map(|outcome| outcome.seq);
        let due = parked.map_or(all.len() as u64, |seq| seq - 1);
        (state.decided < due.min(state.received))
            .then(|| format!("till {till} knows {} of {due} verdicts", state.decided))
    })
}
