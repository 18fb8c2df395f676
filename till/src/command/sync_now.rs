//! Starts a round with headquarters at once instead of at its time.

use crate::desk::Desk;
use crate::failure::Answer;
use crate::status;
use crate::view::SyncStatus;

pub fn sync_now(desk: &Desk) -> Answer<SyncStatus> {
    desk.link.hurry();
    status::sync(desk)
}
