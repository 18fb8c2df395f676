//! C20, C21: an event of a history that HQ could not continue, re-wrapped into the stream after it. What
//! happened is the inner event, and it is decided once, by its hash: whatever a clone, a restored copy
//! or a restored HQ sends again changes nothing.

use ledger::event::Event;
use ledger::fact::{Fact, Recovered};
use ledger::id::{EventKey, Hash};

use super::arrival::Arrival;
use super::decision::{Decision, Mark};
use super::kept::{self, DecidedAs, Keep, inner_shard};
use super::line::{self, Reading};
use super::table;
use super::view::View;

/// What the wrapper holds.
enum Inner {
    /// As it is to be decided: with the wrapper's place, so that no key ever stands for two events.
    Event(Box<Event>),
    Not(Decision),
}

/// `judge` decides the inner event.
pub fn decide<V: View + ?Sized>(
    view: &V,
    arrival: Arrival<'_>,
    recovered: &Recovered,
    judge: impl Fn(Arrival<'_>) -> Result<Decision, V::Error>,
) -> Result<Decision, V::Error> {
    let key = arrival.event.key();
    let event = match unwrap(arrival.event, recovered) {
        Inner::Event(event) => event,
        Inner::Not(decision) => return Ok(decision),
    };
    let was = EventKey { terminal: key.terminal, epoch: recovered.orig_epoch, seq: recovered.orig_seq };
    let home = event.head.anchor.shard();
    let original = view.hash_of(was)? == Some(recovered.orig_hash);
    if original || decided_as(view, &recovered.orig_hash)?.is_some() {
        return Ok(Decision { rule: table::ALREADY_RECOVERED, ..Decision::without_effects(home) });
    }
    let inner = Arrival { event: &event, hash: recovered.orig_hash, left_behind: false, ..arrival };
    let mut decision = judge(inner)?;
    if decision.waits_for.is_none() {
        let keep =
            Keep::put(inner_shard(&recovered.orig_hash), recovered.orig_hash.to_string(), &DecidedAs { key });
        decision.marks.push(Mark::Keep(keep));
    }
    Ok(decision)
}

/// The decision about an event that came re-wrapped before it came itself; None for any other.
///
/// # Errors
/// What the view reports.
pub fn again<V: View + ?Sized>(view: &V, arrival: Arrival<'_>) -> Result<Option<Decision>, V::Error> {
    if !arrival.left_behind || decided_as(view, &arrival.hash)?.is_none() {
        return Ok(None);
    }
    let home = arrival.event.head.anchor.shard();
    Ok(Some(Decision { rule: table::ALREADY_RECOVERED, ..Decision::without_effects(home) }))
}

/// The key under which the event at `key` with `hash` was decided: another one when it was recovered.
///
/// # Errors
/// What the view reports.
pub fn place_of<V: View + ?Sized>(view: &V, key: EventKey, hash: &Hash) -> Result<EventKey, V::Error> {
    if view.hash_of(key)? == Some(*hash) {
        return Ok(key);
    }
    Ok(decided_as(view, hash)?.map_or(key, |decided| decided.key))
}

fn decided_as<V: View + ?Sized>(view: &V, hash: &Hash) -> Result<Option<DecidedAs>, V::Error> {
    kept::one(view, inner_shard(hash), &hash.to_string())
}

fn unwrap(outer: &Event, recovered: &Recovered) -> Inner {
    let key = outer.key();
    let home = outer.head.anchor.shard();
    let differs = |why: &str| Inner::Not(Decision::quarantined(key, home, &table::RECOVERED_DIFFERS, why));
    if Hash::of(recovered.orig_line.as_bytes()) != recovered.orig_hash {
        return differs("the inner line does not have the hash that is named");
    }
    let was = EventKey { terminal: key.terminal, epoch: recovered.orig_epoch, seq: recovered.orig_seq };
    match line::read(&recovered.orig_line, was) {
        Reading::Event(inner) if matches!(inner.fact, Fact::Recovered(_)) => {
            differs("a recovered event is wrapped once, not twice")
        }
        Reading::Event(mut inner) => {
            (inner.head.epoch, inner.head.seq) = (key.epoch, key.seq);
            Inner::Event(inner)
        }
        reading => {
            Inner::Not(line::unreadable(&reading, key).unwrap_or_else(|| Decision::without_effects(home)))
        }
    }
}
