//! One till's day: what it closed, what its facts add up to, and whether HQ has all of them.

use ledger::event::Event;
use ledger::fact::Fact;
use ledger::id::{EventKey, Stream, TerminalId};
use ledger::shift::DayClose;
use ledger::time::{BusinessDay, Zone};
use serde::Serialize;
use sync::decide::day::recount;

use crate::store::model::{DayRow, TerminalRow};
use crate::store::{Read, Result};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TillState {
    /// Its close is what its facts add up to.
    Agreed,
    /// It recorded nothing that day, and HQ has everything that it recorded.
    Quiet,
    Differs,
    /// No close, and facts of the day are here or may be at the till.
    Missing,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TillNight {
    pub terminal: TerminalId,
    pub till_no: u32,
    pub state: TillState,
    /// None without a close.
    pub report_no: Option<u32>,
    /// Sales minus refunds as the till closed them.
    pub till_total_fen: Option<i64>,
    /// The same from the facts that HQ has.
    pub hq_total_fen: i64,
    /// Names of the figures that differ.
    pub differs: Vec<&'static str>,
}

/// A fact of the day, wherever it was booked.
pub struct DayFact {
    pub key: EventKey,
    pub total_fen: i64,
}

/// The day that is counted.
pub struct Day {
    pub date: BusinessDay,
    pub zone: Zone,
}

/// None for a till that was not in service that day.
///
/// # Errors
/// What the database reports.
pub fn count(
    tx: &dyn Read,
    day: &Day,
    row: &TerminalRow,
    closes: &[DayRow],
    facts: &[DayFact],
) -> Result<Option<TillNight>> {
    let mine: Vec<&DayFact> = facts.iter().filter(|fact| fact.key.terminal == row.id).collect();
    let closes: Vec<&DayRow> = closes.iter().filter(|close| close.key.terminal == row.id).collect();
    let blank = TillNight {
        terminal: row.id,
        till_no: row.till_no,
        state: TillState::Missing,
        report_no: None,
        till_total_fen: None,
        hq_total_fen: mine.iter().map(|fact| fact.total_fen).sum(),
        differs: Vec::new(),
    };
    if !closes.is_empty() {
        return compare(tx, blank, &closes, &mine).map(Some);
    }
    if !mine.is_empty() {
        return Ok(Some(blank));
    }
    if !in_service(tx, day, row)? {
        return Ok(None);
    }
    let state = if was_quiet(tx, day, row)? { TillState::Quiet } else { TillState::Missing };
    Ok(Some(TillNight { state, ..blank }))
}

fn compare(tx: &dyn Read, blank: TillNight, closes: &[&DayRow], facts: &[&DayFact]) -> Result<TillNight> {
    let mut night = TillNight { till_total_fen: Some(0), hq_total_fen: 0, ..blank };
    let mut ranges = Vec::new();
    for row in closes {
        let Some(close) = close_at(tx, row.key)? else {
            night.differs.push("close");
            continue;
        };
        let counted = recount(tx, row.key, &close)?;
        night.report_no = Some(close.report_no);
        night.till_total_fen = night.till_total_fen.map(|sum| sum + close.totals.total_fen.0);
        night.hq_total_fen += counted.totals.total_fen.0;
        night.differs.extend(counted.differs);
        ranges.push((row.key, close.from_seq..=close.to_seq));
    }
    for fact in facts.iter().filter(|fact| !ranges.iter().any(|(at, range)| covers(*at, range, fact.key))) {
        night.hq_total_fen += fact.total_fen;
        night.differs.push("unclosed");
    }
    night.differs.dedup();
    night.state = if night.differs.is_empty() { TillState::Agreed } else { TillState::Differs };
    Ok(night)
}

fn covers(close: EventKey, range: &std::ops::RangeInclusive<u64>, key: EventKey) -> bool {
    close.epoch == key.epoch && range.contains(&key.seq)
}

fn close_at(tx: &dyn Read, key: EventKey) -> Result<Option<DayClose>> {
    Ok(match event_at(tx, key)?.map(|event| event.fact) {
        Some(Fact::DayClose(close)) => Some(close),
        _ => None,
    })
}

fn event_at(tx: &dyn Read, key: EventKey) -> Result<Option<Event>> {
    let Some(row) = tx.event(key)? else { return Ok(None) };
    Ok(std::str::from_utf8(&row.line).ok().and_then(|line| Event::parse(line).ok()))
}

/// Enrolled by then, not taken out of service before, and used at least once.
fn in_service(tx: &dyn Read, day: &Day, row: &TerminalRow) -> Result<bool> {
    let on = |at| BusinessDay::at(at, day.zone);
    let there = on(row.enrolled_at) <= day.date && row.revoked_at.is_none_or(|at| on(at) >= day.date);
    let used = row.told.is_some_and(|(_, seq)| seq > 0) || !tx.streams(row.id)?.is_empty();
    Ok(there && used)
}

/// True when nothing of the day can still be at the till: it went on to a later day without one (its
/// numbers have no hole), or it was in contact after the day and held nothing that HQ lacks.
fn was_quiet(tx: &dyn Read, day: &Day, row: &TerminalRow) -> Result<bool> {
    let newest = tx.streams(row.id)?.into_iter().max_by_key(|stream| stream.epoch);
    let (epoch, received) = newest.map_or((row.epoch, 0), |stream| (stream.epoch, stream.received));
    let stream = Stream { terminal: row.id, epoch };
    let last = stream.at(received);
    if event_at(tx, last)?.is_some_and(|event| event.head.biz_date > day.date) {
        return Ok(true);
    }
    let nothing_held = row.told.is_some_and(|(told, seq)| told == epoch && seq <= received);
    Ok(nothing_held && row.last_contact >= day.date.ends_at(day.zone))
}
