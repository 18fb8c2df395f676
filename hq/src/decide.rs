//! Does what was decided: reads a received line, asks the pure rules, writes their answer, and asks
//! again for everything that waited for this event.

use std::collections::VecDeque;

use ledger::event::Event;
use ledger::fact::Fact;
use ledger::id::{EventKey, Hash, StoreId};
use ledger::time::Timestamp;
use sync::decide::arrival::Prior;
use sync::decide::{self, late, Arrival, Decision, Mark, Reading, Reference};
use sync::protocol::entry::Cause;

use crate::entries::{Heading, Scribe};
use crate::keys::Personal;
use crate::store::model::{DayRow, EventOutcome, EventRow, SaleRow};
use crate::store::{Result, StoreError};

/// A line at its place in a stream.
pub struct Received<'a> {
    pub key: EventKey,
    pub hash: Hash,
    pub line: &'a [u8],
    pub store: &'a StoreId,
    /// The opened personal data that came beside it.
    pub personal: Option<Personal>,
    /// What this event was decided as before headquarters was restored, as the till remembers.
    pub prior: Option<Prior>,
}

/// Keeps the line with its verdict, then decides what waited for it.
///
/// # Errors
/// What the database reports; the transaction is then worthless.
pub fn take_in(scribe: &mut Scribe<'_>, received: &Received<'_>) -> Result<()> {
    let reading = read(received.line, received.key);
    let outcome = judge(scribe, received, &reading)?;
    let arrived = references(received.key, &reading, &outcome);
    scribe.tx().put_event(&EventRow {
        key: received.key,
        hash: received.hash,
        line: received.line.to_vec(),
        received_at: scribe.now(),
        outcome,
    })?;
    reconsider(scribe, arrived)
}

/// Decides parked events of kinds that this version has learned.
///
/// # Errors
/// What the database reports.
pub fn reconsider_kinds(scribe: &mut Scribe<'_>) -> Result<()> {
    for key in scribe.tx().waiting_kinds()? {
        let arrived = again(scribe, key)?;
        reconsider(scribe, arrived)?;
    }
    Ok(())
}

fn reconsider(scribe: &mut Scribe<'_>, arrived: Vec<Reference>) -> Result<()> {
    let mut arrived = VecDeque::from(arrived);
    while let Some(reference) = arrived.pop_front() {
        for key in scribe.tx().waiting(&reference)? {
            arrived.extend(again(scribe, key)?);
        }
    }
    Ok(())
}

/// Decides a parked event once more; what it makes known, if that settles it.
fn again(scribe: &mut Scribe<'_>, key: EventKey) -> Result<Vec<Reference>> {
    let tx = scribe.tx();
    let missing = |what: &str| StoreError::Corrupt(format!("{what} of parked event {key} is missing"));
    let row = tx.event(key)?.ok_or_else(|| missing("the line"))?;
    let terminal = tx.terminal(key.terminal)?.ok_or_else(|| missing("the terminal"))?;
    let received = Received { key, hash: row.hash, line: &row.line, store: &terminal.store, personal: None, prior: None };
    let reading = read(&row.line, key);
    let outcome = judge(scribe, &received, &reading)?;
    tx.settle_event(key, &outcome)?;
    Ok(references(key, &reading, &outcome))
}

fn read(line: &[u8], key: EventKey) -> Reading {
    match std::str::from_utf8(line) {
        Ok(line) => decide::read(line, key),
        Err(error) => Reading::Undecodable(error.to_string()),
    }
}

/// What others may have waited for.
fn references(key: EventKey, reading: &Reading, outcome: &EventOutcome) -> Vec<Reference> {
    if outcome.waits_for.is_some() {
        return Vec::new();
    }
    let mut known = vec![Reference::Event(key)];
    if let Reading::Event(event) = reading
        && let Fact::MemberNew(join) = &event.fact
    {
        known.push(Reference::Member(join.member_id));
    }
    known
}

fn judge(scribe: &mut Scribe<'_>, received: &Received<'_>, reading: &Reading) -> Result<EventOutcome> {
    let decision = match (decide::line::unreadable(reading, received.key), reading) {
        (None, Reading::Event(event)) => {
            let name = own_data(received, event).map(|p| p.name.as_str());
            let arrival =
                Arrival { event, now: scribe.now(), prior: received.prior.as_ref(), store: received.store, name };
            decide::decide(scribe.tx(), arrival)?
        }
        (Some(decision), _) => decision,
        (None, _) => unreachable!("only an event is readable"),
    };
    let event = match reading {
        Reading::Event(event) => Some(&**event),
        _ => None,
    };
    let lsn = write_entries(scribe, received.key, event, &decision)?;
    if decision.waits_for.is_none() {
        keep_beside(scribe, received, event, &decision)?;
    }
    Ok(EventOutcome {
        verdict: decision.verdict(),
        code: decision.code().to_owned(),
        shard: decision.home,
        lsn,
        case: decision.case(),
        waits_for: decision.waits_for.map(|reference| reference.to_string()),
    })
}

/// Returns the lsn of the home shard's entry, 0 while parked.
fn write_entries(
    scribe: &mut Scribe<'_>,
    key: EventKey,
    event: Option<&Event>,
    decision: &Decision,
) -> Result<u64> {
    let heading = Heading {
        cause: Cause::Event(key),
        verdict: decision.verdict(),
        code: decision.code().to_owned(),
        case: decision.case(),
        kind: event.map_or("unreadable", |e| e.fact.kind()).to_owned(),
    };
    let mut home = 0;
    for entry in &decision.entries {
        let lsn = scribe.write(entry.shard, &heading, entry.effects.clone())?;
        if entry.shard == decision.home {
            home = lsn;
        }
    }
    Ok(home)
}

/// Marks, cases and the console's rows.
fn keep_beside(
    scribe: &Scribe<'_>,
    received: &Received<'_>,
    event: Option<&Event>,
    decision: &Decision,
) -> Result<()> {
    let (tx, now, key) = (scribe.tx(), scribe.now(), received.key);
    for case in &decision.cases {
        tx.put_case(key, received.store, case, now)?;
    }
    for mark in &decision.marks {
        match mark {
            Mark::Keep(keep) => tx.keep(keep)?,
            Mark::Refunded { sale } => tx.put_refunded(*sale, key)?,
            Mark::PhoneClaimed { phone, member } => tx.claim_phone(phone, *member)?,
            Mark::DayClosed { day, report_no, agreed, till, hq } => {
                let json = |totals| serde_json::to_value(totals).unwrap_or_default();
                let (till, hq) = (json(till), json(hq));
                let row = DayRow { key, report_no: *report_no, agreed: *agreed, till, hq };
                tx.put_day(received.store, *day, &row)?;
            }
        }
    }
    let Some(event) = event else { return Ok(()) };
    if let (Fact::MemberNew(join), Some(personal)) = (&event.fact, own_data(received, event)) {
        tx.put_pii(join.member_id, &personal.phone, &personal.name)?;
    }
    let Some(row) = sale_row(received, event, now) else { return Ok(()) };
    let biz_date = late::booked_on(tx, received.store, row.biz_date)?;
    tx.put_sale(&SaleRow { biz_date, ..row })
}

/// The personal data, if it is that of the member who joins here.
fn own_data<'a>(received: &'a Received<'_>, event: &Event) -> Option<&'a Personal> {
    let Fact::MemberNew(join) = &event.fact else { return None };
    received.personal.as_ref().filter(|personal| personal.phone_hash == join.phone_hash)
}

fn sale_row(received: &Received<'_>, event: &Event, now: Timestamp) -> Option<SaleRow> {
    let (receipt_no, total_fen, member, earned, redeemed) = match &event.fact {
        Fact::Sale(s) => {
            let member = s.member.as_ref().map(|m| m.member_id);
            (&s.receipt_no, s.total_fen.0, member, s.points_earned.0, s.points_redeemed.0)
        }
        Fact::Refund(r) => {
            (&r.receipt_no, -r.total_fen.0, r.member_id, -r.points_taken_back.0, -r.points_returned.0)
        }
        _ => return None,
    };
    Some(SaleRow {
        store: received.store.clone(),
        biz_date: event.head.biz_date,
        key: received.key,
        kind: event.fact.kind().to_owned(),
        receipt_no: receipt_no.clone(),
        total_fen,
        member,
        points_earned: earned,
        points_redeemed: redeemed,
        received_at: now,
        verdict: None,
        code: None,
        case: None,
    })
}
