//! Writes a fact into the journal with everything that the clocks and the day say of it.

use ledger::event::{Basis, Clocks, Known, SpendMode};
use ledger::fact::{ClockMark, Fact};
use ledger::id::Anchor;
use ledger::store::journal::{self, Appended, Draft};
use ledger::store::{StoreError, Tx};
use ledger::time::{BusinessDay, MINUTE_MS, Timestamp};
use sync::store::cursors;
use uuid::Uuid;

use crate::business_day;
use crate::clock_watch::{is_suspect, remembered, set_back_ms};
use crate::desk::Desk;
use crate::session::ClockMemory;
use crate::settings;
use crate::shop::Shop;

/// Uncertainty of a clock that was set back and has not caught up: HQ must not take it for a contact.
const SET_BACK_UNC_MS: u64 = 10 * MINUTE_MS.unsigned_abs();

/// A fact as a command hands it in.
pub struct Entry {
    /// Label of the event; the sale's or member's id where there is one.
    pub id: Option<Uuid>,
    pub fact: Fact,
    /// None = the terminal.
    pub anchor: Option<Anchor>,
    pub mode: SpendMode,
    pub sealed_pii: Option<Vec<u8>>,
}

impl Entry {
    /// A fact about the shop itself: no member, nothing spent.
    pub fn of(fact: Fact) -> Self {
        Entry { id: None, fact, anchor: None, mode: SpendMode::None, sealed_pii: None }
    }
}

/// Appends `entry` in the caller's transaction; in front of it a mark if the clock was set back.
/// Call [`committed`] after the commit.
///
/// # Errors
/// The ledger cannot be written.
pub fn record(
    desk: &Desk,
    tx: &Tx<'_>,
    shop: &Shop,
    day: BusinessDay,
    entry: Entry,
) -> Result<Appended, StoreError> {
    let (now, mono_ms) = (desk.now(), desk.clock.mono_ms());
    let memory = desk.session().clocks;
    if let Some(jump_ms) = set_back_ms(memory, now, mono_ms, desk.boot) {
        mark(desk, tx, shop, (day, now), memory, jump_ms)?;
    }
    append(desk, tx, shop, (day, now), entry)
}

/// Remembers what the clocks said at a fact that is now on the disk.
pub fn committed(desk: &Desk) {
    let (now, mono_ms) = (desk.now(), desk.clock.mono_ms());
    let mut session = desk.session();
    session.clocks = remembered(session.clocks, now, mono_ms, desk.boot);
}

fn mark(
    desk: &Desk,
    tx: &Tx<'_>,
    shop: &Shop,
    moment: (BusinessDay, Timestamp),
    memory: ClockMemory,
    jump_ms: i64,
) -> Result<(), StoreError> {
    append(desk, tx, shop, moment, Entry::of(Fact::ClockMark(ClockMark { jump_ms })))?;
    match memory.high {
        Some(high) => settings::set_clock_high(tx, high),
        None => Ok(()),
    }
}

fn append(
    desk: &Desk,
    tx: &Tx<'_>,
    shop: &Shop,
    (biz_date, now): (BusinessDay, Timestamp),
    entry: Entry,
) -> Result<Appended, StoreError> {
    let offset = desk.link.state().hq_offset_ms;
    // What HQ said was said to another clock than this one.
    let doubt_ms = if is_suspect(desk.session().clocks, now) { SET_BACK_UNC_MS } else { 0 };
    let clocks = Clocks {
        t_wall: now,
        t_mono_ms: desk.clock.mono_ms(),
        boot: desk.boot,
        hq_off_ms: offset.map(|(off, _)| off),
        hq_unc_ms: offset.map(|(_, unc)| unc.max(doubt_ms)),
    };
    let anchor = entry.anchor.unwrap_or_else(|| Anchor::terminal(shop.terminal));
    let known = knowledge(tx, shop, anchor, &entry.fact)?;
    let id = entry.id.unwrap_or_else(|| ledger::id::SaleId::new(now, desk.fresh()).0);
    let late_of = match entry.fact.counts_for_a_day() {
        true => business_day::late_of(tx, shop.zone(), now, biz_date)?,
        false => None,
    };
    journal::append(
        tx,
        Draft {
            id,
            fact: entry.fact,
            anchor,
            biz_date,
            late_of,
            clocks,
            mode: entry.mode,
            known,
            sealed_pii: entry.sealed_pii,
        },
    )
}

/// The configuration in force, and for a sale how far the shard of its member and coupons was heard.
fn knowledge(tx: &Tx<'_>, shop: &Shop, anchor: Anchor, fact: &Fact) -> Result<Known, StoreError> {
    let mut known = Known { bundle: Some(shop.version), basis: Vec::new() };
    if matches!(fact, Fact::Sale(_)) {
        let cursor = cursors::of(tx, anchor.shard())?;
        known.basis.push(Basis { shard: cursor.shard, lsn: cursor.lsn });
    }
    Ok(known)
}
