//! The window says what its screen is for, so that codes from scanners of their own are taken rightly.

use crate::desk::Desk;
use crate::failure::Answer;
use crate::scans;
use crate::view::ScanContextOf;

pub fn scan_context(desk: &Desk, args: ScanContextOf) -> Answer<()> {
    scans::turn_to(desk, args.screen);
    Ok(())
}
