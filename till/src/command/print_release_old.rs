//! One answer for all slips that waited too long: print them now, or let them go.

use ledger::store::print_jobs::{self, JobState};

use crate::desk::Desk;
use crate::failure::Answer;
use crate::fault::Fault;
use crate::print_view;
use crate::status::fresh_from;
use crate::view::{PrintQueueView, PrintRelease};

pub fn print_release_old(desk: &Desk, args: PrintRelease) -> Answer<PrintQueueView> {
    let staff = desk.staff()?;
    let (now, fresh) = (desk.now(), fresh_from(desk.now()));
    desk.write(|tx| {
        if args.print {
            print_jobs::release_stale(tx, fresh, &staff.id.0)?;
            return Ok::<_, Fault>(());
        }
        for job in print_jobs::stale(tx, fresh)? {
            print_jobs::decided_by(tx, job.id, &staff.id.0)?;
            print_jobs::finish(tx, job.id, JobState::Cancelled, None, now)?;
        }
        Ok(())
    })?;
    desk.press.wake();
    print_view::queue(desk)
}
