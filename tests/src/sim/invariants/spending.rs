//! What a till lets a customer spend without headquarters, recomputed from the log and the record of
//! its own sales, never from what the till says of itself.

use std::collections::BTreeSet;

use ledger::event::SpendMode;
use ledger::fact::Fact;
use ledger::id::{EventKey, Hash, MemberId};

use super::downlink::{cursors, is_asked, is_on_the_move, is_parted, stands_on};
use crate::sim::terminal::Terminal;
use crate::sim::world::{World, at_till};

/// How many events were known before a sale.
pub struct Before(usize);

pub fn before(world: &World, _till: usize) -> Before {
    Before(world.oracle.len())
}

/// A sale on the store's quota stays inside what was lent, less what was spent of it and is undecided.
///
/// # Errors
/// A violation of the quota.
pub fn after(world: &mut World, till: usize, before: &Before) -> Result<(), String> {
    let Some((key, member, points)) = stand_in(world, before) else { return Ok(()) };
    world.read_books()?;
    let terminal = &world.tills[till];
    let Some(cursors) = cursors(terminal) else { return Ok(()) };
    if !stands_on(&world.books, terminal, &cursors)
        || is_on_the_move(world, terminal)
        || has_a_double(world, terminal)?
    {
        return Ok(());
    }
    let folded = cursors.iter().map(|c| (c.shard, c.lsn)).collect();
    let state = world.books.at(&folded);
    if is_asked(terminal, &state, member, &folded) {
        // Headquarters said what it lends when it was asked about the member.
        return Ok(());
    }
    let lent = match &terminal.quota_floor {
        Some(floor) => world.books.lent_since(floor, &folded, member, &terminal.store),
        None => state.members.get(&member).and_then(|m| m.quotas.get(&terminal.store)).copied().unwrap_or(0),
    };
    let spent = undecided(world, terminal, member, key, &folded);
    if points > (lent - spent).max(0) {
        return Err(format!(
            "C1 {key} spends {points} of {member} offline: {lent} were lent, {spent} of them spent"
        ));
    }
    Ok(())
}

/// What another machine spent under this till's numbers the till takes for its own until it hears of it.
fn has_a_double(world: &World, till: &Terminal) -> Result<bool, String> {
    let Some(ledger) = till.ledger() else { return Ok(false) };
    ledger.glance(|r| is_parted(r, world, till)).map_err(|e| e.to_string())
}

/// The sale that was just made, if it spent points on the quota.
fn stand_in(world: &World, before: &Before) -> Option<(EventKey, MemberId, i64)> {
    // What was wrapped anew in the meantime was sold before.
    let mut new = world.oracle.kept[before.0..].iter().filter(|kept| kept.wraps.is_none());
    let kept = new.find(|kept| matches!(kept.event.fact, Fact::Sale(_)))?;
    let Fact::Sale(sale) = &kept.event.fact else { return None };
    let member = sale.member.as_ref()?.member_id;
    let points = sale.points_redeemed.0;
    (kept.event.head.mode == SpendMode::StandIn && points > 0).then_some((kept.key, member, points))
}

/// Points of the member in this till's own sales that are not folded in yet.
fn undecided(
    world: &World,
    terminal: &Terminal,
    member: MemberId,
    but: EventKey,
    folded: &std::collections::BTreeMap<ledger::id::Shard, u64>,
) -> i64 {
    // What it does not hold it cannot count: it came back on an older disk. What it wrapped anew counts once.
    let own = world.oracle.kept.iter().filter(|kept| kept.key.terminal == terminal.id && kept.key != but);
    let held: Vec<_> = own.filter(|kept| at_till(terminal, kept)).collect();
    let wrapped: BTreeSet<Hash> = held.iter().filter_map(|kept| kept.wraps).collect();
    held.into_iter()
        .filter(|kept| !wrapped.contains(&kept.hash))
        .filter(|kept| !world.books.is_folded((kept.key, kept.hash), folded))
        .filter_map(|kept| match &kept.event.fact {
            Fact::Sale(sale) if sale.member.as_ref().is_some_and(|m| m.member_id == member) => {
                Some(sale.points_redeemed.0)
            }
            _ => None,
        })
        .sum()
}
