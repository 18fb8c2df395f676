//! What is known of scans between two commands: bounces, waiting codes, what the screen is for, what was
//! tried on the scan-test page. Payment codes are not kept.

use std::collections::VecDeque;

use hardware::scan::sieve::Sieve;
use hardware::scan::waiting::WaitingRoom;

use crate::view::{ScanFor, ScanSeen};

/// Most scans shown on the scan-test page.
const SEEN_MAX: usize = 20;

#[derive(Default)]
pub struct ScanState {
    pub sieve: Sieve,
    /// Device and text of codes that came while a dialog was open.
    pub room: WaitingRoom<(String, String)>,
    pub screen: ScanFor,
    seen: VecDeque<ScanSeen>,
}

impl ScanState {
    /// Newest first.
    pub fn seen(&self) -> Vec<ScanSeen> {
        self.seen.iter().cloned().collect()
    }

    pub fn note(&mut self, scan: ScanSeen) {
        self.seen.truncate(SEEN_MAX - 1);
        self.seen.push_front(scan);
    }

    pub fn forget(&mut self) {
        self.seen.clear();
    }
}
