//! G1: each event has one hash and one final verdict.

use std::collections::BTreeMap;

use ledger::id::{EventKey, Hash};
use ledger::store::journal;
use sync::decide::table;
use sync::protocol::push::Verdict;
use sync::store::outcomes;

use crate::sim::finals::Finals;
use crate::sim::world::World;

/// One hash under a key, and a final verdict that never changes.
pub fn g1_one_hash_and_one_final_verdict(world: &mut World) -> Result<(), String> {
    if world.finals.timeline != world.office.timeline {
        world.finals = Finals { timeline: world.office.timeline, ..Finals::default() };
    }
    let Some(app) = world.office.app().cloned() else { return Ok(()) };
    let view = app.store.read().map_err(|e| e.to_string())?;
    for kept in &world.oracle.kept {
        let Some(row) = view.event(kept.key).map_err(|e| e.to_string())? else { continue };
        let known = world.oracle.of(kept.key).find(|known| known.hash == row.hash);
        let Some(known) = known else {
            return Err(format!("G1 headquarters holds another event under {}", kept.key));
        };
        if row.line != known.line.as_bytes() {
            return Err(format!("G1 the bytes of {} changed on the way", kept.key));
        }
        let outcome = row.outcome;
        if outcome.verdict == Verdict::Parked {
            let bundle = outcome.waits_for.is_some_and(|waits_for| waits_for.starts_with("bundle:"));
            world.reached.insert(if bundle { "C32" } else { "C7" });
            continue;
        }
        let now = (outcome.verdict, outcome.code, outcome.lsn);
        let first = world.finals.seen.entry(kept.key).or_insert_with(|| now.clone());
        if *first != now {
            return Err(format!("G1 the verdict of {} changed from {first:?} to {now:?}", kept.key));
        }
        if !world.books.of_event.contains_key(&kept.key) {
            return Err(format!("G1 {} has a verdict and no entry", kept.key));
        }
    }
    Ok(())
}

/// What happened is booked once, however often it came: under its own key or re-wrapped.
pub fn g1_what_happened_is_booked_once(world: &World) -> Result<(), String> {
    let mut booked: BTreeMap<Hash, EventKey> = BTreeMap::new();
    for kept in world.oracle.kept.iter().filter(|kept| world.books.took(kept.key, kept.hash)) {
        let place = world.books.of_event.get(&kept.key).and_then(|places| places.first());
        let Some(written) = place.and_then(|(shard, lsn)| world.books.entry(*shard, *lsn)) else { continue };
        if written.entry.code == table::ALREADY_RECOVERED.code {
            continue;
        }
        let inner = kept.wraps.unwrap_or(kept.hash);
        if let Some(other) = booked.insert(inner, kept.key) {
            return Err(format!("G1 one event was booked as {other} and as {}", kept.key));
        }
    }
    Ok(())
}

/// At rest every till has headquarters' word on each of its own events.
pub fn g1_tills_know_their_verdicts(world: &World) -> Result<(), String> {
    let Some(view) = world.office.view() else { return Ok(()) };
    for till in &world.tills {
        let Some(ledger) = till.ledger() else { continue };
        for kept in world.oracle.kept.iter().filter(|kept| kept.key.terminal == till.id) {
            let key = kept.key;
            let known = ledger.read(|r| {
                let here = journal::event(r, key)?.is_some_and(|event| event.hash == kept.hash);
                let here = here && journal::is_own(r, key)?;
                Ok((here, outcomes::of(r, key.epoch, key.seq)?))
            });
            let (here, known) = known.map_err(|e| e.to_string())?;
            let Some(row) = view.event(key).map_err(|e| e.to_string())? else { continue };
            if !here || row.hash != kept.hash || row.outcome.verdict == Verdict::Parked {
                continue;
            }
            let told = known.map(|outcome| (outcome.verdict, outcome.code));
            let word = (row.outcome.verdict, row.outcome.code);
            if told.as_ref() != Some(&word) {
                return Err(format!("G1 till {} knows {key} as {told:?}, it is {word:?}", till.no));
            }
        }
    }
    Ok(())
}

/// Nothing waits for what has come.
pub fn g1_nothing_waits_for_what_is_there(world: &World) -> Result<(), String> {
    let Some(view) = world.office.view() else { return Ok(()) };
    for kept in &world.oracle.kept {
        let Some(row) = view.event(kept.key).map_err(|e| e.to_string())? else { continue };
        let Some(waits_for) = row.outcome.waits_for else { continue };
        let came = match (waits_for.strip_prefix("event:"), waits_for.strip_prefix("member:")) {
            (Some(key), _) => hq::store::model::key_text(key).is_some_and(|key| {
                view.event(key).ok().flatten().is_some_and(|row| row.outcome.verdict != Verdict::Parked)
            }),
            (_, Some(id)) => match id.parse() {
                Ok(id) => view.member(id).map_err(|e| e.to_string())?.is_some(),
                Err(_) => false,
            },
            _ => false,
        };
        if came {
            return Err(format!("C7 {} waits for {waits_for}, which is there", kept.key));
        }
    }
    Ok(())
}
