//! Does what was decided: reads a received line, asks the pure rules, writes their answer, and asks
//! again for everything that waited for this event.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::ops::RangeInclusive;

use ledger::event::Event;
use ledger::fact::Fact;
use ledger::id::{EventKey, Hash, StoreId};
use ledger::time::Timestamp;
use sync::decide::arrival::Prior;
use sync::decide::{self, Arrival, Decision, Mark, Reading, Reference, late, orphan, table};
use sync::protocol::entry::Cause;
use sync::protocol::push::Verdict;

use crate::entries::{Heading, Scribe};
use crate::keys::{Keys, Personal};
use crate::store::model::{DayRow, EventOutcome, EventRow, SaleRow};
use crate::store::{Result, StoreError, Write};
use crate::{history, interest, streams};

/// A line at its place in a stream.
pub struct Received<'a> {
    pub key: EventKey,
    pub hash: Hash,
    pub line: &'a [u8],
    /// What the line says, as [`read`] read it.
    pub reading: &'a Reading,
    pub store: &'a StoreId,
    /// The opened personal data that came beside it.
    pub personal: Option<Personal>,
    /// What this event was decided as before headquarters was restored, as the till remembers.
    pub prior: Option<Prior>,
    /// The terminal went on in another stream.
    pub left_behind: bool,
}

/// Keeps the line with its verdict, then decides what waited for it.
///
/// # Errors
/// What the database reports; the transaction is then worthless.
pub fn take_in(scribe: &mut Scribe<'_>, received: &Received<'_>) -> Result<()> {
    let outcome = judge(scribe, received)?;
    let arrived = references(received.key, received.reading, &outcome);
    scribe.tx().put_event(&EventRow {
        key: received.key,
        hash: received.hash,
        line: [received.line, &b" "[..usize::from(ledger::planted!("bytes_rewritten"))]].concat(),
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
        if ledger::planted!("kind_never_learned") {
            continue;
        }
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
pub(crate) fn again(scribe: &mut Scribe<'_>, key: EventKey) -> Result<Vec<Reference>> {
    revisit(scribe, key, |scribe, received| judge(scribe, received).map(Some))
}

/// Ends the waiting of a parked refund whose sale did not come in time; false for anything else.
///
/// # Errors
/// What the database reports.
pub fn give_up(scribe: &mut Scribe<'_>, key: EventKey) -> Result<bool> {
    let known = revisit(scribe, key, |scribe, received| {
        let Some(event) = happened(received.reading) else { return Ok(None) };
        let Fact::Refund(refund) = &event.fact else { return Ok(None) };
        let seller = scribe.tx().terminal(refund.original.key.terminal)?.map(|row| row.public_key);
        let arrival = arrival((scribe.now(), scribe.bundle()?), received, (&event, &[]));
        let Some(decision) = orphan::overdue(scribe.tx(), arrival, seller.as_deref()) else {
            return Ok(None);
        };
        let decision = late::name(scribe.tx(), arrival, decision)?;
        book(scribe, received, Some(&event), decision).map(Some)
    })?;
    let settled = !known.is_empty();
    reconsider(scribe, known)?;
    Ok(settled)
}

/// Looks at a parked event again. What it makes known, if `decide` settles it.
fn revisit(
    scribe: &mut Scribe<'_>,
    key: EventKey,
    decide: impl Fn(&mut Scribe<'_>, &Received<'_>) -> Result<Option<EventOutcome>>,
) -> Result<Vec<Reference>> {
    let tx = scribe.tx();
    let missing = |what: &str| StoreError::Corrupt(format!("{what} of parked event {key} is missing"));
    let row = tx.event(key)?.ok_or_else(|| missing("the line"))?;
    if row.outcome.waits_for.is_none() && !ledger::planted!("decided_again") {
        // Another server decided it before this one held its log.
        return Ok(Vec::new());
    }
    let terminal = tx.terminal(key.terminal)?.ok_or_else(|| missing("the terminal"))?;
    let stream = key.stream();
    let received = Received {
        key,
        hash: row.hash,
        line: &row.line,
        reading: &read(&row.line, key),
        store: &streams::store_of(tx, stream, &terminal)?,
        personal: None,
        prior: None,
        left_behind: history::is_left(tx, stream)?,
    };
    let Some(outcome) = decide(scribe, &received)? else { return Ok(Vec::new()) };
    tx.settle_event(key, &outcome)?;
    Ok(references(key, received.reading, &outcome))
}

/// Decides what waited for versions of the configuration up to the newest one.
///
/// # Errors
/// What the database reports.
pub fn reconsider_bundles(scribe: &mut Scribe<'_>, versions: RangeInclusive<u64>) -> Result<()> {
    reconsider(scribe, versions.map(Reference::Bundle).collect())
}

/// What a line says at its place.
pub fn read(line: &[u8], key: EventKey) -> Reading {
    match std::str::from_utf8(line) {
        Ok(line) => decide::read(line, key),
        Err(error) => Reading::Undecodable(error.to_string()),
    }
}

/// What others may have waited for.
fn references(key: EventKey, reading: &Reading, outcome: &EventOutcome) -> Vec<Reference> {
    if outcome.waits_for.is_some() || ledger::planted!("parked_for_ever") {
        return Vec::new();
    }
    makes_known(key, reading)
}

pub(crate) fn makes_known(key: EventKey, reading: &Reading) -> Vec<Reference> {
    if matches!(reading, Reading::UnknownKind(_)) {
        return Vec::new();
    }
    let mut known = vec![Reference::Event(key)];
    if let Some(event) = happened(reading) {
        if event.key() != key {
            known.push(Reference::Event(event.key()));
        }
        if let Fact::MemberNew(join) = &event.fact {
            known.push(Reference::Member(join.member_id));
        }
    }
    known
}

/// The event, the inner one when it was recovered.
pub(crate) fn happened(reading: &Reading) -> Option<Cow<'_, Event>> {
    let Reading::Event(event) = reading else { return None };
    Some(match event.fact {
        Fact::Recovered(_) => Cow::Owned(Event::clone(event).unwrapped()),
        _ => Cow::Borrowed(event),
    })
}

/// The key that HQ's tokens are checked with, when the event carries any.
fn key_for(scribe: &Scribe<'_>, event: &Event) -> Result<Vec<u8>> {
    match &event.fact {
        Fact::Sale(sale) if !sale.spending.grants.is_empty() => {
            Ok(Keys::load(scribe.tx())?.public().to_vec())
        }
        _ => Ok(Vec::new()),
    }
}

fn judge(scribe: &mut Scribe<'_>, received: &Received<'_>) -> Result<EventOutcome> {
    let reading = received.reading;
    let happened = happened(reading);
    let decision = match (decide::line::unreadable(reading, received.key), reading) {
        (None, Reading::Event(event)) => {
            let within = happened.as_deref().unwrap_or(event);
            let hq_key = key_for(scribe, within)?;
            let at = (scribe.now(), scribe.bundle()?);
            let arrival = Arrival { event, ..arrival(at, received, (within, &hq_key)) };
            decide::decide(scribe.tx(), arrival)?
        }
        (Some(decision), _) => decision,
        (None, _) => unreachable!("only an event is readable"),
    };
    book(scribe, received, happened.as_deref(), decision)
}

/// `event` with what travelled beside it, and the key that HQ's tokens are checked with.
pub(crate) fn arrival<'a>(
    (now, bundle): (Timestamp, u64),
    received: &'a Received<'_>,
    (event, hq_key): (&'a Event, &'a [u8]),
) -> Arrival<'a> {
    let personal = own_data(received, event);
    Arrival {
        event,
        hash: received.hash,
        now,
        prior: received.prior.as_ref(),
        store: received.store,
        name: personal.and_then(Personal::name),
        phone: personal.and_then(Personal::phone_hash),
        bundle,
        hq_key,
        left_behind: received.left_behind,
    }
}

/// Writes a decision with everything that is remembered of it.
fn book(
    scribe: &mut Scribe<'_>,
    received: &Received<'_>,
    happened: Option<&Event>,
    decision: Decision,
) -> Result<EventOutcome> {
    scribe.salt(received.personal.as_ref().map(|personal| personal.salt));
    let lsn = write_entries(scribe, received.key, happened, &decision)?;
    let at = interest::At { store: received.store, terminal: received.key.terminal };
    interest::follow(scribe, Some(at), decision.entries.iter().flat_map(|e| &e.effects))?;
    if decision.waits_for.is_none() {
        keep_marks(scribe.tx(), (received.key, received.store), &decision, scribe.now())?;
        if let Some(event) = happened
            && decision.rule != table::ALREADY_RECOVERED
        {
            keep_beside(scribe, received, event, &decision)?;
        }
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

/// Cases, and what is remembered beside the log. `key` names the decision: an event, or an order.
///
/// # Errors
/// What the database reports.
pub fn keep_marks(
    tx: &dyn Write,
    (key, store): (EventKey, &StoreId),
    decision: &Decision,
    now: Timestamp,
) -> Result<()> {
    for case in &decision.cases {
        tx.put_case(key, store, case, now)?;
    }
    for mark in &decision.marks {
        match mark {
            Mark::Keep(keep) => tx.keep(keep)?,
            Mark::Refunded { sale } => tx.put_refunded(*sale, key)?,
            Mark::PhoneReleased { phone, member } => tx.release_phone(phone, *member)?,
            Mark::PhoneClaimed { phone, member } => tx.claim_phone(phone, *member)?,
            Mark::DayClosed { day, report_no, agreed, till, hq } => {
                let json = |totals| serde_json::to_value(totals).unwrap_or_default();
                let (till, hq) = (json(till), json(hq));
                let row = DayRow { key, report_no: *report_no, agreed: *agreed, till, hq };
                tx.put_day(store, *day, &row)?;
            }
        }
    }
    Ok(())
}

/// Personal data, and the console's rows.
fn keep_beside(
    scribe: &Scribe<'_>,
    received: &Received<'_>,
    event: &Event,
    decision: &Decision,
) -> Result<()> {
    let (tx, now) = (scribe.tx(), scribe.now());
    let about = match &event.fact {
        Fact::MemberNew(join) => Some(join.member_id),
        Fact::MemberEdit(wish) if decision.verdict() == Verdict::Applied => Some(wish.member_id),
        _ => None,
    };
    if let (Some(member), Some(personal)) = (about, own_data(received, event)) {
        tx.put_pii(member, &personal.phone, &personal.name)?;
    }
    let Some(row) = sale_row(received, event, now) else { return Ok(()) };
    let biz_date = late::booked_on(tx, received.store, row.biz_date)?;
    tx.put_sale(&SaleRow { biz_date, ..row })
}

/// The personal data, if it is that of the member who joins or changes here.
fn own_data<'a>(received: &'a Received<'_>, event: &Event) -> Option<&'a Personal> {
    let personal = received.personal.as_ref()?;
    match &event.fact {
        Fact::MemberNew(join) => (personal.phone_hash == join.phone_hash).then_some(personal),
        Fact::MemberEdit(_) => Some(personal),
        _ => None,
    }
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
