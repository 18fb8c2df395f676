//! Stops all traffic with headquarters; selling goes on.

use crate::desk::Desk;
use crate::failure::Answer;
use crate::status;
use crate::view::SyncStatus;

pub fn sync_pause(desk: &Desk) -> Answer<SyncStatus> {
    desk.link.pause();
    status::sync(desk)
}
