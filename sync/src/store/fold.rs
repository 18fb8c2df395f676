//! Entries of HQ's log become confirmed state. The only way in which they do.

use std::collections::BTreeMap;

use ledger::id::{Epoch, EventKey, Hash, MemberId, Shard};
use ledger::money::Fen;
use ledger::points::Points;
use ledger::posting::{Account, Unit};
use ledger::quota::Quota;
use ledger::store::{
    Ledger, Reader, StoreError, Tx, accounts, coupons, existence as filter, journal, members, print_jobs,
};
use ledger::time::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::decide::person;
use crate::protocol::entry::{Cause, Effect, Entry, Person, chain};
use crate::protocol::hello::Cursor;
use crate::protocol::pull::Frame;
use crate::protocol::push::{Outcome, Verdict};

use super::interest::{self, At, Entered};
use super::{Own, cursors, existence, outcomes, parked, siblings};

/// Entries in one transaction before a checkout gets its turn.
const ENTRIES_PER_TX: usize = 500;

/// A frame and its entry lines exactly as HQ wrote them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameLines {
    pub frame: Frame,
    pub entries: Vec<String>,
}

/// What became of some frames.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folded {
    /// Cursors of all shards in the frames, as they stand now.
    pub cursors: Vec<Cursor>,
    pub entries: usize,
    /// Shards whose entries do not continue the chain known here.
    pub broken: Vec<Shard>,
    /// Balances that did not follow from the ones known here.
    pub diverged: usize,
}

/// Folds frames in; each frame with its cursor is in one transaction. A frame that does not start at
/// the cursor is left out, one that does not continue the chain is reported: neither changes anything.
///
/// # Errors
/// The store's. Frames folded before it stay folded.
pub fn frames(ledger: &Ledger, own: &Own, frames: &[FrameLines]) -> Result<Folded, StoreError> {
    answer(ledger, own, frames, None)
}

/// As [`frames`]; `heard_all` is HQ's time when nothing followed them in the shards asked about.
///
/// # Errors
/// The store's. Frames folded before it stay folded.
pub fn answer(
    ledger: &Ledger,
    own: &Own,
    frames: &[FrameLines],
    heard_all: Option<Timestamp>,
) -> Result<Folded, StoreError> {
    let mut folded = Folded::default();
    let mut rest = frames;
    while !rest.is_empty() {
        let (now, later) = rest.split_at(group(rest));
        rest = later;
        let part = ledger.write(|tx| {
            let mut part = Folded::default();
            let own = &own.here(tx)?;
            now.iter().try_for_each(|lines| fold_frame(tx, own, lines, &mut part))?;
            let stands = |(cursor, lines): (&Cursor, &FrameLines)| cursor.lsn >= lines.frame.to_lsn;
            let all_stand = folded.cursors.iter().chain(&part.cursors).zip(frames).all(stands);
            if let Some(hq_time) = heard_all.filter(|_| later.is_empty() && all_stand) {
                existence::heard_all(tx, hq_time)?;
            }
            Ok(part)
        })?;
        folded.cursors.extend(part.cursors);
        folded.broken.extend(part.broken);
        folded.entries += part.entries;
        folded.diverged += part.diverged;
    }
    Ok(folded)
}

/// How many frames go into the next transaction: at least one.
fn group(frames: &[FrameLines]) -> usize {
    let mut entries = 0;
    let fits = frames.iter().take_while(|lines| {
        entries += lines.entries.len();
        entries <= ENTRIES_PER_TX
    });
    fits.count().max(1)
}

/// How often HQ's balance did not follow from the one known here, ever.
///
/// # Errors
/// The store's.
pub fn divergences(r: &Reader) -> Result<u64, StoreError> {
    let count: Option<i64> = r.first(include_str!("divergence_count.sql"), [], |row| row.get(0))?;
    Ok(count.unwrap_or(0).unsigned_abs())
}

fn fold_frame(tx: &Tx<'_>, own: &Own, lines: &FrameLines, folded: &mut Folded) -> Result<(), StoreError> {
    let frame = &lines.frame;
    let cursor = cursors::of(tx, frame.shard)?;
    if frame.from_lsn != cursor.lsn {
        folded.cursors.push(cursor);
        return Ok(());
    }
    if !continues(&cursor, lines) && !ledger::planted!("gap_patched") {
        tracing::error!(shard = frame.shard.0, lsn = cursor.lsn, "entries do not continue the chain");
        folded.broken.push(frame.shard);
        folded.cursors.push(cursor);
        return Ok(());
    }
    let persons = frame.persons.iter().map(|person| (person.commitment(), person)).collect();
    let mut heard: BTreeMap<Epoch, u64> = BTreeMap::new();
    for (lsn, line) in placed(frame).zip(&lines.entries) {
        if ledger::planted!("cursor_alone") {
            break;
        }
        let read = fold_line(tx, own, (frame.shard, lsn, &persons), line)?;
        folded.diverged += read.diverged;
        if let Some(key) = read.own {
            let seq = heard.entry(key.epoch).or_default();
            *seq = key.seq.max(*seq);
        }
    }
    // HQ has what it decided, also where the answer to the push was lost: so its loss is noticed later.
    heard.into_iter().try_for_each(|(epoch, seq)| journal::mark(tx, epoch, seq, 0, 0))?;
    frame.existence.iter().try_for_each(|key| filter::add(tx, *key))?;
    let moved = Cursor { shard: frame.shard, lsn: frame.to_lsn, chain: frame.to_chain };
    if !ledger::planted!("cursor_stuck") {
        cursors::set(tx, &moved)?;
    }
    folded.entries += lines.entries.len();
    folded.cursors.push(moved);
    Ok(())
}

/// Numbers of the lines that came.
fn placed(frame: &Frame) -> impl Iterator<Item = u64> {
    let left_out = |lsn: &u64| frame.left_out.iter().any(|run| run.from_lsn < *lsn && *lsn <= run.to_lsn);
    (frame.from_lsn + 1..=frame.to_lsn).filter(move |lsn| !left_out(lsn))
}

/// Every number is a line or left out, none is both; and each line continues HQ's log over its exact bytes.
fn continues(cursor: &Cursor, lines: &FrameLines) -> bool {
    let frame = &lines.frame;
    let (mut lsn, mut at) = (cursor.lsn, cursor.chain);
    if frame.from_chain.is_some_and(|told| told != at)
        || frame.from_chain.is_none() != frame.left_out.is_empty()
    {
        return false;
    }
    let (mut runs, mut entries) = (frame.left_out.iter().peekable(), lines.entries.iter());
    while lsn < frame.to_lsn {
        (lsn, at) = match runs.next_if(|run| run.from_lsn == lsn && run.to_lsn > lsn) {
            Some(run) => (run.to_lsn, run.to_chain),
            None => match entries.next() {
                Some(line) => (lsn + 1, chain(&at, line)),
                None => return false,
            },
        };
    }
    let used = entries.next().is_none() && runs.next().is_none();
    used && lsn == frame.to_lsn && lines.entries.len() == frame.count as usize && at == frame.to_chain
}

/// What was in a line.
struct Read {
    /// Balances that did not follow from the ones known here.
    diverged: usize,
    /// The event of this till that it decides.
    own: Option<EventKey>,
}

fn fold_line(
    tx: &Tx<'_>,
    own: &Own,
    (shard, lsn, persons): (Shard, u64, &BTreeMap<Hash, &Person>),
    line: &str,
) -> Result<Read, StoreError> {
    let mut read = match serde_json::from_str::<Entry>(line) {
        Ok(entry) => entry,
        Err(_) => from_future(tx, shard, lsn, line)?,
    };
    person::opened(&mut read, persons);
    let mut diverged = 0;
    // A till of its store's members only takes in what is about them.
    let members_of = interest::members_of(tx)?;
    for (n, effect) in read.effects.iter().enumerate() {
        if members_of.is_some() && !interest::concerns(tx, effect)? {
            continue;
        }
        let before = &read.effects[..n];
        let at = At { shard, lsn, t_hq: read.t_hq, before, members_of: members_of.as_ref() };
        diverged += fold_effect(tx, own, &at, effect)?;
    }
    let own = match read.cause {
        Cause::Event(key) if key.terminal == own.terminal => {
            decided(tx, key, &read, shard, lsn)?.then_some(key)
        }
        Cause::Event(key) if read.verdict != Verdict::Parked => {
            siblings::decided(tx, key)?;
            None
        }
        _ => None,
    };
    Ok(Read { diverged, own })
}

/// An own event has its verdict: what was provisional is confirmed, corrected or void now. Under this
/// till's name another copy of it may have written too: those events are none of its own. True for its own.
fn decided(tx: &Tx<'_>, key: EventKey, entry: &Entry, shard: Shard, lsn: u64) -> Result<bool, StoreError> {
    if !journal::is_own(tx, key)? {
        return Ok(false);
    }
    if entry.verdict != Verdict::Parked && !ledger::planted!("pending_kept") {
        accounts::clear_pending(tx, key)?;
    }
    let outcome = Outcome {
        seq: key.seq,
        verdict: entry.verdict,
        code: entry.code.clone(),
        shard,
        lsn,
        case: entry.case,
    };
    outcomes::put(tx, key.epoch, &outcome)?;
    Ok(true)
}

fn fold_effect(tx: &Tx<'_>, own: &Own, at: &At<'_>, effect: &Effect) -> Result<usize, StoreError> {
    match effect {
        Effect::Post {
            account: account @ (Account::Member(_) | Account::Stored(_)),
            unit,
            delta,
            balance_after,
            named: _,
        } => {
            return fold_post(tx, at, account, *unit, *delta, *balance_after);
        }
        // Counter-accounts are HQ's books; a till has no use for them.
        Effect::Post { .. } => {}
        Effect::Member { row } => members::put(tx, &row.clone().into())?,
        Effect::Coupon { id, state, by: _ } => {
            coupons::set_state(tx, *id, *state)?;
            if at.members_of.is_some() {
                coupons::note_word(tx, *id, *state, at.lsn)?;
            }
        }
        Effect::CouponIssued { row } => coupons::put(tx, &row.clone().into())?,
        Effect::Quota { member, store, points, fen, until } if *store == own.store => {
            let quota = Quota { points: Points(*points), fen: Fen(*fen), until: *until };
            accounts::set_quota(tx, *member, quota)?;
        }
        Effect::Quota { .. } => {}
        Effect::Alias { from, to } => members::alias(tx, *from, *to)?,
        Effect::Unalias { from, to: _ } => members::unalias(tx, *from)?,
        Effect::Erase { member } => {
            if !ledger::planted!("erase_keeps_name") {
                members::erase(tx, *member)?;
            }
            journal::shred(tx, *member)?;
            print_jobs::forget(tx, *member)?;
        }
        Effect::Enter { .. } => {
            // Whose members a till holds may still be, or be again, another store's than where it stands.
            let store = at.members_of.unwrap_or(&own.store);
            if let Some(entered) = Entered::of(effect, store) {
                entered.fold(tx, at)?;
            }
        }
        Effect::Leave { store, member } => {
            // A till that holds all members keeps this one: it hears of everybody, whatever its store does.
            if at.members_of == Some(store) {
                interest::leave(tx, *member)?;
            }
        }
    }
    Ok(0)
}

/// HQ's balance is the balance. That it follows from the last one is checked all the same: this is
/// the continuous proof that nothing was missed. Of what HQ said beyond this entry, asked about the member,
/// nothing follows.
fn fold_post(
    tx: &Tx<'_>,
    at: &At<'_>,
    account: &Account,
    unit: Unit,
    delta: i64,
    balance_after: i64,
) -> Result<usize, StoreError> {
    let known = accounts::heard(tx, account, unit)?;
    let follows = known.lsn < at.lsn || (known.lsn == at.lsn && at.moved_before(account, unit));
    let expected = known.confirmed.saturating_add(delta);
    accounts::confirm(tx, account, unit, balance_after, at.lsn, at.t_hq)?;
    if !follows || expected == balance_after || at.is_unheard(tx, account)? {
        return Ok(0);
    }
    tracing::warn!(shard = at.shard.0, lsn = at.lsn, expected, told = balance_after, "a balance diverged");
    let params =
        (at.shard.0, at.lsn.cast_signed(), account.to_string(), unit.to_string(), expected, balance_after);
    tx.execute(include_str!("divergence_put.sql"), params)?;
    Ok(1)
}

/// An entry as far as any build can read it.
#[derive(Deserialize)]
struct Outline<'a> {
    t_hq: Timestamp,
    #[serde(borrow)]
    cause: &'a RawValue,
    #[serde(borrow)]
    verdict: &'a RawValue,
    #[serde(default)]
    code: String,
    #[serde(borrow, default)]
    effects: Vec<&'a RawValue>,
    #[serde(default)]
    persons: BTreeMap<MemberId, Hash>,
}

/// Keeps the line for a later build and returns what this one understands of it. What is provisional
/// stays so unless the verdict is readable.
fn from_future(tx: &Tx<'_>, shard: Shard, lsn: u64, line: &str) -> Result<Entry, StoreError> {
    parked::put(tx, shard, lsn, line, first_member(line))?;
    tracing::warn!(shard = shard.0, lsn, "an entry for a newer program was kept");
    let mut entry = Entry {
        shard,
        lsn,
        t_hq: Timestamp(0),
        cause: Cause::Job(String::new()),
        verdict: Verdict::Parked,
        code: String::new(),
        case: None,
        effects: Vec::new(),
        persons: BTreeMap::new(),
    };
    if let Ok(outline) = serde_json::from_str::<Outline<'_>>(line) {
        entry.t_hq = outline.t_hq;
        entry.code = outline.code;
        entry.cause = known(outline.cause).unwrap_or(entry.cause);
        entry.verdict = known(outline.verdict).unwrap_or(entry.verdict);
        entry.persons = outline.persons;
        entry.effects = outline.effects.into_iter().filter_map(known).collect();
    }
    Ok(entry)
}

fn known<T: DeserializeOwned>(raw: &RawValue) -> Option<T> {
    serde_json::from_str(raw.get()).ok()
}

/// The first member that the text names, by account or by field.
fn first_member(line: &str) -> Option<MemberId> {
    ["\"member:", "\"member\":\""].iter().find_map(|mark| {
        let start = line.find(mark)? + mark.len();
        line.get(start..start + 36)?.parse().ok()
    })
}
