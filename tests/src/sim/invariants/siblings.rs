//! What a till knows of its siblings' sales: counted once, and not forgotten before headquarters knows.

use std::collections::BTreeMap;

use ledger::id::{Epoch, EventKey, Hash, TerminalId};
use ledger::store::{Reader, StoreError, siblings};

use super::downlink::{cursors, stands_on};
use crate::sim::terminal::Terminal;
use crate::sim::world::World;

/// No event of a sibling is in the confirmed state and pending as well; none that headquarters does not
/// have has ceased to be pending.
pub fn g5_siblings_count_once(world: &World) -> Result<(), String> {
    let Some(view) = world.office.view() else { return Ok(()) };
    for till in world.tills.iter().filter(|_| world.theme.lan) {
        let Some(cursors) = cursors(till) else { continue };
        if !stands_on(&world.books, till, &cursors) {
            continue;
        }
        let folded: BTreeMap<_, _> = cursors.iter().map(|c| (c.shard, c.lsn)).collect();
        let Some(ledger) = till.ledger() else { continue };
        let (pending, heard) = ledger.read(told).map_err(|e| e.to_string())?;
        for kept in world.oracle.kept.iter().filter(|kept| kept.key.terminal != till.id) {
            let key = kept.key;
            // A copy of the sibling may have told of another event under its number.
            let is_pending = pending.get(&key) == Some(&kept.hash);
            if is_pending && world.books.is_folded((key, kept.hash), &folded) {
                return Err(format!("G5 till {} counts {key} of a sibling twice", till.no));
            }
            let through = heard.get(&(key.terminal, key.epoch)).copied().unwrap_or(0);
            let moves = !kept.event.head.legs.is_empty() && kept.wraps.is_none();
            if !is_pending
                && moves
                && key.seq <= through
                && is_sibling(world, till, key)
                && is_unheard(&*view, key)?
                && !is_forked(world, key)
            {
                return Err(format!("C3 till {} forgot {key} of a sibling", till.no));
            }
        }
    }
    Ok(())
}

/// Headquarters does not have it. What it has, also what waits there, no till tells its siblings any more.
fn is_unheard(view: &dyn hq::store::Read, key: EventKey) -> Result<bool, String> {
    Ok(view.event(key).map_err(|e| e.to_string())?.is_none())
}

/// A till that moved to another store has other siblings than before.
fn is_sibling(world: &World, till: &Terminal, key: EventKey) -> bool {
    world.tills.iter().any(|other| other.id == key.terminal && other.store == till.store)
}

/// Two machines wrote under one key: which of them the till heard is not known here.
fn is_forked(world: &World, key: EventKey) -> bool {
    world.unsafe_since.is_some() || world.oracle.of(key).count() > 1
}

type Heard = BTreeMap<(TerminalId, Epoch), u64>;
type Pending = BTreeMap<EventKey, Hash>;

const PENDING: &str = "SELECT DISTINCT terminal, epoch, seq, line
    FROM sib_pending JOIN sib_event USING (terminal, epoch, seq)";

fn told(r: &Reader) -> Result<(Pending, Heard), StoreError> {
    let rows = r.all(PENDING, (), |row| {
        let key = EventKey {
            terminal: TerminalId(row.get(0)?),
            epoch: Epoch(row.get::<_, i64>(1)?.cast_unsigned()),
            seq: row.get::<_, i64>(2)?.cast_unsigned(),
        };
        Ok((key, Hash::of(row.get::<_, String>(3)?.as_bytes())))
    })?;
    let heard = siblings::all_heard(r)?;
    let through = heard.into_iter().map(|h| ((h.stream.terminal, h.stream.epoch), h.through));
    Ok((rows.into_iter().collect(), through.collect()))
}
