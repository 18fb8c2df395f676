//! What the background threads tell the desk; one thread takes it, in order.

use hardware::queue::TestReport;
use hardware::state::Health;
use ledger::store::print_jobs::JobId;
use sync::client::Change;

pub enum Notice {
    /// A command may have changed something.
    Changed,
    /// The printer's health changed.
    Printer(Health),
    /// A slip came out.
    Printed(JobId),
    /// A slip may be incomplete.
    Doubtful,
    /// So many characters of a slip come out as `〓`.
    SignsMissing(usize),
    /// The drawer did not open in time.
    DrawerShut,
    /// Something from headquarters was stored.
    Stored(Change),
    /// The line went up or down.
    Line,
    /// The health of a scanner or customer display changed.
    Device {
        device: String,
        health: Health,
    },
    /// A test page ended.
    Tested(TestReport),
    /// A code from a scanner of its own; `device` is its id.
    Scanned {
        device: String,
        text: String,
    },
    /// Time to tidy up.
    Idle,
    Stop,
}
