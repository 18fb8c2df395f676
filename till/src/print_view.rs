//! The print queue in plain words.

use ledger::store::print_jobs::{self, JobKind, JobState, PrintJob};

use crate::desk::Desk;
use crate::failure::Answer;
use crate::status::fresh_from;
use crate::view::{PrintJobKind, PrintJobView, PrintQueueView};

/// Ended slips that are listed.
const ENDED_LISTED: u32 = 20;

/// # Errors
/// The ledger cannot be read.
pub fn queue(desk: &Desk) -> Answer<PrintQueueView> {
    let fresh = fresh_from(desk.now());
    desk.read(|r| {
        let view = |job: &PrintJob| view(job, job.state == JobState::Queued && job.asks_first(fresh));
        let open: Vec<PrintJobView> = print_jobs::open(r)?.iter().map(view).collect();
        let ended: Vec<PrintJobView> = print_jobs::latest(r, ENDED_LISTED)?.iter().map(view).collect();
        let old = u32::try_from(open.iter().filter(|job| job.asks).count()).unwrap_or(u32::MAX);
        Ok(PrintQueueView { open, old, ended })
    })
}

fn view(job: &PrintJob, asks: bool) -> PrintJobView {
    let number = job.name.rsplit_once('-').map_or(job.name.as_str(), |(number, _)| number);
    PrintJobView {
        job: job.id.0,
        kind: kind(job.kind),
        number: if job.kind == JobKind::Drawer { job.name.clone() } else { number.to_owned() },
        copy_no: u32::from(job.copy_no),
        state: job.state.name().to_owned(),
        text: words(job, asks).to_owned(),
        asks,
        percent: u32::try_from(100 * job.sent.min(job.total) / job.total.max(1)).unwrap_or(100),
        attempts: job.attempts,
        created_at: job.created_at.to_string(),
    }
}

fn kind(kind: JobKind) -> PrintJobKind {
    match kind {
        JobKind::Receipt => PrintJobKind::Receipt,
        JobKind::Copy => PrintJobKind::Copy,
        JobKind::Report => PrintJobKind::Report,
        JobKind::Drawer => PrintJobKind::Drawer,
        JobKind::Test => PrintJobKind::Test,
    }
}

fn words(job: &PrintJob, asks: bool) -> &'static str {
    match job.state {
        JobState::Queued if asks => "等了太久,要不要打?",
        JobState::Queued => "排队等候",
        JobState::Sending => "打印中",
        JobState::Confirmed => "已打印",
        JobState::SentUnconfirmed if job.kind == JobKind::Drawer => "已打开",
        JobState::SentUnconfirmed => "已发送",
        JobState::Uncertain => "可能没打完",
        JobState::Failed => "打不出来",
        JobState::Cancelled => "不打了",
        JobState::Expired => "钱箱未弹开",
    }
}
