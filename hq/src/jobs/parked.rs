//! Events that wait too long: after a day a person hears of them; a refund whose sale did not come within
//! 72 hours is decided without it.

use ledger::id::EventKey;
use ledger::posting::Unit;
use ledger::time::{HOUR_MS, Timestamp};
use sync::decide::CaseDraft;
use sync::decide::decision::case_id;
use sync::decide::{orphan, table};

use crate::decide::give_up;
use crate::entries::Scribe;
use crate::store::again::until_settled;
use crate::store::{Result, Store, StoreError, Write};
use crate::streams;

/// An hour offline and an hour of trouble are usual; a day is not.
const CASE_AFTER_MS: i64 = 24 * HOUR_MS;
/// Of one tick; the rest has its turn at the next.
const ROWS_MAX: u32 = 500;
/// The answer of a case whose event was decided after all.
const ARRIVED: &str = "arrived";

/// # Errors
/// What the database reports.
pub fn tick(store: &dyn Store, now: Timestamp) -> Result<()> {
    look_at_waiting(store, now)?;
    close_settled(store, now)
}

fn look_at_waiting(store: &dyn Store, now: Timestamp) -> Result<()> {
    let tx = store.read()?;
    let mut due = Vec::new();
    for (key, received_at) in tx.waiting_since(now.plus_ms(-CASE_AFTER_MS), ROWS_MAX)? {
        let overdue = now.since(received_at) >= orphan::OVERDUE_MS;
        if overdue || tx.case(case_id(key, table::PARKED_TOO_LONG.code, 0))?.is_none() {
            due.push((key, overdue));
        }
    }
    drop(tx);
    for (key, overdue) in due {
        until_settled(|first| {
            let tx = store.write()?;
            tx.lock(first)?;
            wait_no_longer(&*tx, (key, overdue), now)?;
            tx.commit()
        })?;
    }
    Ok(())
}

/// What was decided after all needs nobody's answer.
fn close_settled(store: &dyn Store, now: Timestamp) -> Result<()> {
    let tx = store.read()?;
    let open = tx.cases_open(ROWS_MAX)?;
    let mut settled = Vec::new();
    for case in open.iter().filter(|case| case.kind == table::PARKED_TOO_LONG.code) {
        if tx.event(case.event)?.is_some_and(|event| event.outcome.waits_for.is_none()) {
            settled.push(case);
        }
    }
    drop(tx);
    for case in settled {
        let tx = store.write()?;
        tx.close_case(case.id, case.version, ARRIVED, now)?;
        tx.commit()?;
    }
    Ok(())
}

fn wait_no_longer(tx: &dyn Write, (key, overdue): (EventKey, bool), now: Timestamp) -> Result<()> {
    let mut scribe = Scribe::new(tx, now);
    if overdue && give_up(&mut scribe, key)? {
        return Ok(());
    }
    let Some(event) = tx.event(key)? else { return Ok(()) };
    let Some(waits_for) = event.outcome.waits_for else { return Ok(()) };
    let stream = key.stream();
    let terminal = tx.terminal(key.terminal)?;
    let terminal =
        terminal.ok_or_else(|| StoreError::Corrupt(format!("the terminal of {key} is missing")))?;
    let case = CaseDraft {
        id: case_id(key, table::PARKED_TOO_LONG.code, 0),
        kind: table::PARKED_TOO_LONG.code,
        shard: event.outcome.shard,
        member: None,
        other: None,
        coupon: None,
        unit: Unit::Fen,
        amount: 0,
        detail: format!("waits for {waits_for}"),
    };
    tx.put_case(key, &streams::store_of(tx, stream, &terminal)?, &case, now)
}
