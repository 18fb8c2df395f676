//! Lets traffic with headquarters flow again.

use crate::desk::Desk;
use crate::failure::Answer;
use crate::status;
use crate::view::SyncStatus;

pub fn sync_resume(desk: &Desk) -> Answer<SyncStatus> {
    desk.link.resume();
    status::sync(desk)
}
