//! The truth about queue and printer in plain words: from the journal and the jobs, not from a flag.

use hardware::error::ErrorExt;
use hardware::state::{BlockCause, DeviceState};
use ledger::store::print_jobs;
use ledger::store::{Reader, StoreError, journal};
use ledger::time::{MINUTE_MS, Timestamp};
use sync::client::lan;
use sync::store::outcomes;

use crate::desk::Desk;
use crate::failure::Answer;
use crate::view::{PrinterState, PrinterStatus, SyncStatus, UncertainJob};

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
        safe_on: lan::safe_on(r, &desk.link.copies())?,
        offline_since: link.offline_since.map(|at| at.to_string()),
    })
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
    let queued = print_jobs::queued_slips(r)?;
    let mut uncertain = print_jobs::uncertain(r)?;
    uncertain.extend(print_jobs::stale(r, fresh_from(desk.now()))?);
    let uncertain: Vec<UncertainJob> =
        uncertain.into_iter().map(|job| UncertainJob { job: job.id.0, receipt_no: job.name }).collect();
    let (state, text) = health(desk, !uncertain.is_empty());
    let queued = u32::try_from(queued).unwrap_or(u32::MAX);
    Ok(PrinterStatus { state, text: text.to_owned(), queued, uncertain })
}

/// Receipts queued before this moment ask first.
pub fn fresh_from(now: Timestamp) -> Timestamp {
    now.plus_ms(-RECEIPT_FRESH_MS)
}

/// What is wrong, and the one thing to do.
fn blocked_text(cause: Option<BlockCause>) -> &'static str {
    match cause {
        Some(BlockCause::CoverOpen) => "打印机盖子没合上,请合上,会自动接着打",
        Some(BlockCause::PaperEnd) => "打印机缺纸,请换纸,会自动接着打",
        Some(BlockCause::Cutter) => "打印机切刀卡住,请关机取纸再开机",
        Some(BlockCause::Overheated) => "打印头太热,稍等会自动接着打",
        Some(BlockCause::Unrecoverable) => "打印机故障,请关机再开机",
        Some(BlockCause::Offline) | None => "打印机脱机,请看打印机面板",
    }
}

fn health(desk: &Desk, asks: bool) -> (PrinterState, &'static str) {
    let health = desk.session().printer.clone();
    let Some(health) = health else { return (PrinterState::Ready, "正在连接打印机") };
    let permission = health.last_error.as_ref().and_then(|e| e.ext) == Some(ErrorExt::Permission);
    match health.state {
        _ if asks => (PrinterState::Asks, "有小票可能没打完,请看一下纸"),
        DeviceState::Opening => (PrinterState::Ready, "正在连接打印机"),
        DeviceState::Ready => (PrinterState::Ready, "打印机正常"),
        DeviceState::Busy => (PrinterState::Printing, "正在打印"),
        DeviceState::Absent => (PrinterState::Unreachable, "连不上打印机,小票会排队等候"),
        DeviceState::Disabled => (PrinterState::None, "打印机已停用"),
        DeviceState::Blocked => (PrinterState::Blocked, blocked_text(health.blocked)),
        DeviceState::Stuck => (PrinterState::Unreachable, "打印机没有反应,请拔下数据线再插上"),
        DeviceState::Failed if permission => (PrinterState::Blocked, "没有打印机的使用权限"),
        DeviceState::Failed => (PrinterState::Blocked, "打印机设置有误,小票会排队等候"),
    }
}
