//! A till's disk: full, and wrong.

use ledger::store::journal;

use super::folder;
use super::post::Happening;
use super::world::World;

const SECOND_MS: i64 = 1_000;
const PAGE_LIMIT_OFF: &str = "4294967294";

/// No page more: the next sale must be refused whole, and selling go on once there is room.
///
/// # Errors
/// What a refused sale left behind.
pub fn fill(world: &mut World, till: usize) -> Result<(), String> {
    let Some(ledger) = world.tills[till].ledger().cloned() else { return Ok(()) };
    let limit = |pages: &str| -> Result<(), String> {
        let sql = format!("PRAGMA max_page_count = {pages}");
        let set = ledger.write(|tx| tx.first(&sql, [], |_| Ok(())));
        set.map(drop).map_err(|e| e.to_string())
    };
    // The smallest number that SQLite takes is the number of pages in use.
    limit("1")?;
    for _ in 0..3 {
        super::cashier::work(world, till)?;
    }
    world.run_for(2 * SECOND_MS)?;
    limit(PAGE_LIMIT_OFF)
}

/// One byte of the ledger is another than was written: the program refuses to start, or the byte was one
/// that nothing depends on. Then the disk is put right.
///
/// # Errors
/// A till that starts on a damaged ledger with another history.
pub fn rot(world: &mut World, till: usize) -> Result<(), String> {
    let held = |e: std::io::Error| e.to_string();
    let Some(before) = streams(world, till) else { return Ok(()) };
    world.kill_till(till, false)?;
    let home = world.tills[till].folder.clone();
    let (data, state) = (home.join("data"), home.join("state"));
    let (data_aside, state_aside) = (home.join("sound"), home.join("sound-state"));
    folder::replace(&data, &data_aside).map_err(held)?;
    folder::replace(&state, &state_aside).map_err(held)?;
    bend(world, &data.join("ledger.db")).map_err(held)?;
    let floor = world.tills[till].quota_floor.clone();
    let started = world.tills[till].boot().is_ok();
    let after = streams(world, till);
    world.tills[till].halt();
    world.tills[till].quota_floor = floor;
    world.note(format!("till {till} starts on a bent ledger: {started}"));
    folder::replace(&data_aside, &data).map_err(held)?;
    folder::replace(&state_aside, &state).map_err(held)?;
    if started && after.is_some_and(|after| after != before) {
        return Err(format!("G9 till {till} started on a damaged ledger and shows another history"));
    }
    let in_ms = world.chance.between(SECOND_MS, 20 * SECOND_MS);
    world.plan_in(in_ms, Happening::Boot(till));
    Ok(())
}

fn bend(world: &mut World, file: &std::path::Path) -> std::io::Result<()> {
    let mut bytes = std::fs::read(file)?;
    let at = usize::try_from(world.chance.below(bytes.len() as u64)).unwrap_or(0);
    if let Some(byte) = bytes.get_mut(at) {
        *byte ^= 1 << world.chance.below(8);
    }
    std::fs::write(file, bytes)
}

/// Where each stream ends; None while the program does not run, or its ledger cannot be read.
fn streams(world: &World, till: usize) -> Option<Vec<(u64, ledger::id::Hash)>> {
    let all = world.tills[till].ledger()?.read(journal::streams).ok()?;
    Some(all.into_iter().map(|state| (state.last_seq, state.head_hash)).collect())
}
