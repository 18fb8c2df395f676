//! A person looked at the paper: the slip is done, or a copy of it is printed. Never the original again.

use ledger::store::print_jobs::{self, JobId, JobKind, JobState, PrintJob};
use ledger::store::{StoreError, Tx};
use ledger::time::Zone;

use crate::desk::Desk;
use crate::failure::{Answer, Failure};
use crate::fault::Fault;
use crate::paper::as_copy;
use crate::paper_view;
use crate::view::PrintAnswerChoice;

/// # Errors
/// `unknown_job` when nobody has to decide about it, or no longer.
pub fn answer(desk: &Desk, job: i64, choice: PrintAnswerChoice) -> Answer<()> {
    let zone = desk.shop()?.zone();
    let by = desk.session().staff.as_ref().map(|staff| staff.id.0.clone()).unwrap_or_default();
    desk.write(|tx| {
        let job = print_jobs::by_id(tx, JobId(job))?.filter(waits).ok_or_else(unknown)?;
        print_jobs::decided_by(tx, job.id, &by)?;
        let state = match choice {
            PrintAnswerChoice::Complete => JobState::SentUnconfirmed,
            PrintAnswerChoice::Copy | PrintAnswerChoice::Skip => JobState::Cancelled,
        };
        print_jobs::finish(tx, job.id, state, None, desk.now())?;
        if choice == PrintAnswerChoice::Copy {
            copy(desk, tx, job.id, zone)?;
        }
        Ok::<_, Fault>(())
    })?;
    desk.press.wake();
    Ok(())
}

/// Only what waits for a word: uncertain slips, and slips that have not gone out yet.
fn waits(job: &PrintJob) -> bool {
    job.kind != JobKind::Drawer && matches!(job.state, JobState::Uncertain | JobState::Queued)
}

/// A copy says what the original said, under one line that says that it is a copy.
fn copy(desk: &Desk, tx: &Tx<'_>, of: JobId, zone: Zone) -> Result<(), Fault> {
    let original = print_jobs::original_of(tx, of)?.ok_or_else(unknown)?;
    let number = original.name.rsplit_once('-').map_or(original.name.as_str(), |(number, _)| number);
    let paper = paper_view::read(&original.doc)?;
    let made = |copy_no: u8| {
        let doc = as_copy(&paper, u32::from(copy_no), desk.now(), zone);
        let unreadable = |e: serde_json::Error| StoreError::Unreadable { what: "a slip", why: e.to_string() };
        Ok::<_, StoreError>((format!("{number}-{copy_no}"), serde_json::to_string(&doc).map_err(unreadable)?))
    };
    let id = print_jobs::enqueue_copy(tx, original.id, desk.now(), made)?.ok_or_else(unknown)?;
    if !desk.press.exists() {
        print_jobs::finish(tx, id, JobState::Cancelled, None, desk.now())?;
    }
    Ok(())
}

fn unknown() -> Failure {
    Failure::new("unknown_job", "这张小票已经处理过了", "不用再选")
}
