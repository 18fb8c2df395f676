//! What is known of scans between two commands: bounces, waiting codes, what the screen is for, what was
//! tried on the scan-test page. Payment codes are not kept.

use std::collections::VecDeque;

use hardware::scan::sieve::Sieve;
use hardware::scan::waiting::WaitingRoom;

use crate::view::{ScanFor, ScanSeen};

/// Most scans shown on the scan-test page.
const SEEN_MAX: usize = 20;

/// This many wrong check digits in a row are a scanner that is set wrongly.
const MISREAD_MAX: u32 = 3;

#[derive(Default)]
pub struct ScanState {
    pub sieve: Sieve,
    /// Device and text of codes that came while a dialog was open.
    pub room: WaitingRoom<(String, String)>,
    pub screen: ScanFor,
    seen: VecDeque<ScanSeen>,
    /// Codes in a row whose check digit was wrong.
    misread: u32,
}

impl ScanState {
    /// Newest first.
    pub fn seen(&self) -> Vec<ScanSeen> {
        self.seen.iter().cloned().collect()
    }

    /// A code was misread; true once that is no accident any more.
    pub fn misread(&mut self) -> bool {
        self.misread += 1;
        self.misread >= MISREAD_MAX
    }

    /// A code was read rightly.
    pub fn read_well(&mut self) {
        self.misread = 0;
    }

    pub fn note(&mut self, scan: ScanSeen) {
        self.seen.truncate(SEEN_MAX - 1);
        self.seen.push_front(scan);
    }

    pub fn forget(&mut self) {
        self.seen.clear();
    }
}
