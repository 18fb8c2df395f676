//! What the cashier says of a receipt that may be incomplete.

use ledger::store::print_jobs::{self, JobId, JobKind, JobState, PrintJob};

use crate::desk::Desk;
use crate::failure::{Answer, Failure};
use crate::fault::Fault;
use crate::paper::as_copy;
use crate::paper_view;
use crate::slips::{self, Slip};
use crate::status;
use crate::view::{PrinterChoice, PrinterResolve, PrinterStatus};

pub fn printer_resolve(desk: &Desk, args: PrinterResolve) -> Answer<PrinterStatus> {
    let zone = desk.shop()?.zone();
    desk.write(|tx| {
        let job = print_jobs::by_id(tx, JobId(args.job))?.filter(waits).ok_or_else(unknown)?;
        let state = match args.choice {
            PrinterChoice::Complete => JobState::SentUnconfirmed,
            PrinterChoice::PrintCopy | PrinterChoice::Skip => JobState::Cancelled,
        };
        print_jobs::finish(tx, job.id, state, None, desk.now())?;
        if args.choice == PrinterChoice::PrintCopy {
            let event = print_jobs::event_of(tx, job.id)?.ok_or_else(unknown)?;
            let copy_no = print_jobs::next_copy_no(tx, event)?.ok_or_else(unknown)?;
            let doc = as_copy(&paper_view::read(&job.doc)?, u32::from(copy_no), desk.now(), zone);
            let number = job.name.rsplit_once('-').map_or(job.name.as_str(), |(number, _)| number);
            let slip = Slip { event: Some(event), kind: JobKind::Copy, number, copy_no };
            slips::enqueue(desk, tx, slip, &doc, desk.now())?;
        }
        Ok::<_, Fault>(())
    })?;
    desk.press.wake();
    status::printer(desk)
}

/// Only what waits for a word: uncertain slips, and receipts too old to print by themselves.
fn waits(job: &PrintJob) -> bool {
    job.kind != JobKind::Drawer && matches!(job.state, JobState::Uncertain | JobState::Queued)
}

fn unknown() -> Failure {
    Failure::new("unknown_job", "这张小票已经处理过了", "不用再选")
}
