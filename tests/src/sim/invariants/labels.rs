//! C24, C29: what headquarters could not know when it came. A kind that it learns later is decided then, and an
//! id that two receipts carry is told to people.

use std::collections::{BTreeMap, BTreeSet};

use hq::jobs::parked;
use ledger::fact::Fact;
use ledger::id::{EventKey, Hash};
use sync::decide::table;

use crate::sim::cast::Actor;
use crate::sim::oracle::Kept;
use crate::sim::world::World;

const CASES_MAX: u32 = 100_000;

/// The newer headquarters has decided whatever the older one did not know, and nobody is asked about it.
pub fn c24_nothing_waits_for_a_kind_that_is_known(world: &World) -> Result<(), String> {
    let Some(app) = world.office.app().filter(|_| world.cast.has(Actor::Version)) else { return Ok(()) };
    let now = app.now();
    parked::tick(&*app.store, now).map_err(|e| e.to_string())?;
    let view = app.store.read().map_err(|e| e.to_string())?;
    for kept in &world.oracle.kept {
        let Some(row) = view.event(kept.key).map_err(|e| e.to_string())? else { continue };
        let Some(kind) = row.outcome.waits_for.as_deref().and_then(|what| what.strip_prefix("kind:")) else {
            continue;
        };
        if Fact::KINDS.contains(&kind) {
            return Err(format!("C24 {} waits for somebody who knows what a {kind} is", kept.key));
        }
    }
    let open = view.cases_open(CASES_MAX).map_err(|e| e.to_string())?;
    for case in open.iter().filter(|case| case.kind == table::PARKED_TOO_LONG.code) {
        let row = view.event(case.event).map_err(|e| e.to_string())?;
        if row.is_some_and(|row| row.outcome.waits_for.is_none()) {
            return Err(format!("C24 {} was decided, people are still asked what it waits for", case.event));
        }
    }
    Ok(())
}

/// Of the sales to one member that carry one id all but one have a case, and no other sale has.
pub fn c29_one_id_on_two_receipts_is_told(world: &World) -> Result<(), String> {
    let Some(cases) = world.office.cases()? else { return Ok(()) };
    let told: BTreeSet<EventKey> =
        cases.iter().filter(|case| case.kind == table::ID_COLLISION.code).map(|case| case.event).collect();
    let mut named: BTreeMap<(uuid::Uuid, uuid::Uuid), Vec<(EventKey, Hash)>> = BTreeMap::new();
    for kept in world.oracle.kept.iter().filter(|kept| is_decided_sale(world, kept)) {
        let receipts = named.entry((kept.event.head.anchor.0, kept.event.head.id)).or_default();
        receipts.push((kept.key, kept.wraps.unwrap_or(kept.hash)));
    }
    for ((_, id), receipts) in named {
        let different: BTreeSet<Hash> = receipts.iter().map(|(_, hash)| *hash).collect();
        let said = receipts.iter().filter(|(key, _)| told.contains(key)).count();
        if said + 1 != different.len() {
            return Err(format!("C29 {} receipts carry {id}, {said} of them are told of", different.len()));
        }
    }
    Ok(())
}

/// Booked, and for the first time.
fn is_decided_sale(world: &World, kept: &Kept) -> bool {
    let places = world.books.of_event.get(&kept.key).into_iter().flatten();
    let mut entries = places.filter_map(|(shard, lsn)| world.books.entry(*shard, *lsn));
    let code = entries.next().map(|written| written.entry.code.as_str());
    matches!(kept.event.fact, Fact::Sale(_))
        && world.books.took(kept.key, kept.hash)
        && code.is_some_and(|code| code != table::ALREADY_RECOVERED.code)
}
