//! Says of a code what was read, from which device, and what it would be taken for. Nothing is sold.

use crate::desk::Desk;
use crate::failure::Answer;
use crate::scans;
use crate::view::{ScanSeen, ScanTest};

pub fn scan_test(desk: &Desk, args: ScanTest) -> Answer<Vec<ScanSeen>> {
    if let Some(text) = &args.text {
        let seen = scans::seen(desk, "", text);
        desk.session().scans.note(seen);
    }
    Ok(desk.session().scans.seen())
}
