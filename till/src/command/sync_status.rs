//! What headquarters has and has not, counted in the journal.

use crate::desk::Desk;
use crate::failure::Answer;
use crate::status;
use crate::view::SyncStatus;

pub fn sync_status(desk: &Desk) -> Answer<SyncStatus> {
    status::sync(desk)
}
