//! C24: headquarters runs an older version for a while. What a till of a later one says is kept as it came, and
//! decided once the newer headquarters starts.

use hq::store::model::{EventOutcome, EventRow};
use ledger::event::Event;
use ledger::id::{Anchor, Stream};
use ledger::store::journal;
use sync::decide::table;
use sync::protocol::push::Verdict;

use crate::sim::cashier::{Wants, serve};
use crate::sim::world::World;

const REGULARS: u64 = 2;

/// Either the newer version starts, or a till says something that the older one does not know.
pub fn act(world: &mut World) -> Result<(), String> {
    if world.cast.dice.odds(350) {
        world.note("headquarters starts as its newer version");
        return world.restart_hq();
    }
    let n = 1 + u32::try_from(world.cast.dice.below(REGULARS)).unwrap_or(0);
    let wants = *world.cast.dice.pick(&[Wants::Nothing, Wants::Points, Wants::Coupon]);
    let no = world.cast.one_of(world.tills.len());
    serve(world, no, n, wants)?;
    keep_strange(world, no)
}

/// The next event of the till arrives, and is kept as a version does that knows nothing of its kind.
fn keep_strange(world: &mut World, no: usize) -> Result<(), String> {
    let Some(app) = world.office.app().cloned() else { return Ok(()) };
    let Some(stream) = selling(world, no)? else { return Ok(()) };
    let tx = app.store.write().map_err(|e| e.to_string())?;
    let Some(known) = tx.stream(stream).map_err(|e| e.to_string())? else { return Ok(()) };
    let key = stream.at(known.received + 1);
    let Some(ledger) = world.tills[no].ledger() else { return Ok(()) };
    let next = ledger.read(|r| journal::event(r, key)).map_err(|e| e.to_string())?;
    let Some(next) = next.filter(|next| next.sealed_pii.is_none()) else { return Ok(()) };
    let Ok(event) = Event::parse(&next.line) else { return Ok(()) };
    if event.head.prev != known.head {
        return Ok(());
    }
    let kind = event.fact.kind();
    let outcome = EventOutcome {
        verdict: Verdict::Parked,
        code: table::UNKNOWN_KIND.code.to_owned(),
        shard: Anchor::terminal(key.terminal).shard(),
        lsn: 0,
        case: None,
        waits_for: Some(format!("kind:{kind}")),
    };
    let row =
        EventRow { key, hash: next.hash, line: next.line.into_bytes(), received_at: app.now(), outcome };
    tx.put_event(&row).and_then(|()| tx.put_stream(stream, key.seq, &row.hash)).map_err(|e| e.to_string())?;
    tx.commit().map_err(|e| e.to_string())?;
    world.reached.insert("C24");
    world.note(format!("headquarters does not know what {key} is, a {kind}"));
    Ok(())
}

fn selling(world: &World, no: usize) -> Result<Option<Stream>, String> {
    let Some(ledger) = world.tills[no].ledger() else { return Ok(None) };
    let head = ledger.read(journal::head).map_err(|e| e.to_string())?;
    Ok(head.map(|head| head.stream))
}
