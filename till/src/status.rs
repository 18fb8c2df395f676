//! The truth about queue and printer in plain words: from the journal and the jobs, not from a flag.

use hardware::state::DeviceState;
use ledger::store::print_jobs::{self, Waiting};
use ledger::store::{Reader, StoreError, journal, shifts};
use ledger::time::{MINUTE_MS, Timestamp};
use sync::client::lan;
use sync::protocol::push::Verdict;
use sync::store::outcomes;

use crate::desk::Desk;
use crate::device_view::{cause, cause_words};
use crate::failure::Answer;
use crate::fleet::Role;
use crate::view::{DayAck, DayStanding, DeviceCause, PrinterState, PrinterStatus, SyncStatus, UncertainJob};

/// A receipt that waited longer than this asks before it prints: its customer is gone.
pub const RECEIPT_FRESH_MS: i64 = 15 * MINUTE_MS;

/// # Errors
/// The ledger cannot be read.
pub fn sync(desk: &Desk) -> Answer<SyncStatus> {
    desk.read(|r| Ok(read_sync(desk, r)?))
}

/// # Errors
/// The ledger cannot be read.
pub fn read_sync(desk: &Desk, r: &Reader) -> Result<SyncStatus, StoreError> {
    let link = desk.link.state();
    let counts = journal::counts(r)?;
    Ok(SyncStatus {
        online: link.online,
        paused: link.paused,
        unreceived: counts.unreceived,
        oldest_unreceived_at: counts.oldest_unreceived_at.map(|at| at.to_string()),
        received_through: counts.received_through,
        decided_through: counts.decided_through,
        stable_through: counts.stable_through,
        exceptions: outcomes::unseen_count(r)?,
        siblings: desk.link.copies().present(),
        safe_on: lan::safe_on(r, &counts, &desk.link.copies())?,
        offline_since: link.offline_since.map(|at| at.to_string()),
        last_close: last_close(r)?,
    })
}

fn last_close(r: &Reader) -> Result<Option<DayAck>, StoreError> {
    let Some(close) = shifts::last_day_close(r)? else { return Ok(None) };
    let exception = outcomes::of(r, close.key.epoch, close.key.seq)?
        .is_some_and(|outcome| outcome.verdict == Verdict::AppliedWithException);
    let streams = journal::streams(r)?;
    let decided = streams.iter().any(|s| s.stream.epoch == close.key.epoch && s.decided >= close.key.seq);
    let standing = match (exception, decided) {
        (true, _) => DayStanding::Differs,
        (false, true) => DayStanding::Agreed,
        (false, false) => DayStanding::Waiting,
    };
    Ok(Some(DayAck { business_day: close.business_day.to_string(), report_no: close.report_no, standing }))
}

/// # Errors
/// The ledger cannot be read.
pub fn printer(desk: &Desk) -> Answer<PrinterStatus> {
    desk.read(|r| Ok(read_printer(desk, r)?))
}

/// # Errors
/// The ledger cannot be read.
pub fn read_printer(desk: &Desk, r: &Reader) -> Result<PrinterStatus, StoreError> {
    if !desk.press.exists() {
        return Ok(PrinterStatus { text: "没有打印机".to_owned(), ..PrinterStatus::default() });
    }
    let Waiting { slips, stale: old } = print_jobs::waiting(r, fresh_from(desk.now()))?;
    let uncertain = print_jobs::uncertain(r)?;
    let uncertain: Vec<UncertainJob> = uncertain
        .into_iter()
        .map(|job| UncertainJob { job: job.id.0, receipt_no: plain(&job.name) })
        .collect();
    let well = health(desk);
    let (state, text) = match (uncertain.is_empty(), old) {
        (false, _) => (PrinterState::Asks, "有小票可能没打完,请看一下纸".to_owned()),
        (true, 1..) => (PrinterState::Asks, format!("有 {old} 张小票等了太久,要不要打?")),
        (true, 0) => (well.0, well.2),
    };
    Ok(PrinterStatus { state, text, cause: well.1, place: desk.press.place(), queued: slips, old, uncertain })
}

/// The number on the paper; a copy keeps its own behind it.
fn plain(name: &str) -> String {
    name.strip_suffix("-0").unwrap_or(name).to_owned()
}

/// Receipts queued before this moment ask first.
pub fn fresh_from(now: Timestamp) -> Timestamp {
    now.plus_ms(-RECEIPT_FRESH_MS)
}

/// The printer's state, why it does not print, and both in words.
fn health(desk: &Desk) -> (PrinterState, Option<DeviceCause>, String) {
    let health = desk.session().printer.clone();
    let Some(health) = health else { return (PrinterState::Ready, None, "正在连接打印机".to_owned()) };
    let Some(cause) = cause(&health) else {
        let (state, text) = match health.state {
            DeviceState::Opening => (PrinterState::Ready, "正在连接打印机"),
            DeviceState::Busy => (PrinterState::Printing, "正在打印"),
            _ => (PrinterState::Ready, "打印机正常"),
        };
        return (state, None, text.to_owned());
    };
    let state = match health.state {
        DeviceState::Absent | DeviceState::Stuck => PrinterState::Unreachable,
        _ => PrinterState::Blocked,
    };
    (state, Some(cause), sentence(desk, cause))
}

fn sentence(desk: &Desk, cause: DeviceCause) -> String {
    let (text, hint) = cause_words(Role::Printer, cause);
    if matches!(cause, DeviceCause::Absent | DeviceCause::Refused) {
        let place = desk.press.place();
        let at = if place.is_empty() { place } else { format!(" {place}") };
        return format!("连不上打印机{at},小票会排队等候,{hint}");
    }
    let kept = if text.contains("没有丢") { "" } else { ",小票会排队等候" };
    format!("打印机{}{kept},{hint}", text.trim_start_matches("打印机"))
}
