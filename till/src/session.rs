//! Who is signed in, and what the screen says besides the ledger. Gone at a restart, on purpose.

use std::collections::HashMap;

use hardware::queue::TestReport;
use hardware::state::Health;
use ledger::event::Boot;
use ledger::time::Timestamp;
use sync::protocol::config::StaffRow;

use crate::scan_state::ScanState;
use crate::view::{LastSaleView, Strip};

#[derive(Default)]
pub struct Session {
    pub staff: Option<StaffRow>,
    pub strip: Option<Strip>,
    pub last_sale: Option<LastSaleView>,
    /// True for the rest of this start: key file in use, damaged file set aside.
    pub lasting: Vec<Strip>,
    pub printer: Option<Health>,
    /// Scanners and customer displays, by id.
    pub devices: HashMap<String, Health>,
    /// What the last test page found out.
    pub tested: Option<TestReport>,
    pub scans: ScanState,
    pub clocks: ClockMemory,
    /// Exceptions that were told of already.
    pub exceptions_told: u64,
}

/// What the clocks said at the last fact: a clock set back shows against it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClockMemory {
    pub wall: Option<Timestamp>,
    pub mono_ms: u64,
    pub boot: Boot,
    /// Latest wall time ever seen: the warning stays until it is reached again.
    pub high: Option<Timestamp>,
}

impl Session {
    /// The cart has changed: the last sale's change goes from the screen with the first line, a member's
    /// stored value also when another member comes.
    pub fn turn_to(&mut self, cart_is_empty: bool) {
        self.last_sale.take_if(|last| !cart_is_empty || last.stored.is_some());
    }

    pub fn say(&mut self, tone: &str, code: &str, message: impl Into<String>, hint: impl Into<String>) {
        self.strip = Some(strip(tone, code, message, hint));
    }
}

pub fn strip(tone: &str, code: &str, message: impl Into<String>, hint: impl Into<String>) -> Strip {
    Strip { tone: tone.to_owned(), code: code.to_owned(), message: message.into(), hint: hint.into() }
}
