//! The printer as the commands see it: they write jobs into the ledger and ring the bell.

use hardware::receipt::doc::Doc;
use ledger::store::print_jobs::JobId;

pub trait Press: Send + Sync {
    /// The ledger holds a new job. Returns at once.
    fn wake(&self);

    /// Opens the drawer now or not at all. Returns at once.
    fn open_drawer(&self, job: JobId);

    /// Columns of the paper: 32 (58 mm) or 48 (80 mm).
    fn columns(&self) -> usize;

    /// The printer draws its paper for the window.
    fn is_virtual(&self) -> bool;

    /// There is a printer at all.
    fn exists(&self) -> bool;

    /// Where a network printer is looked for, `10.0.0.8:9100`; empty for others.
    fn place(&self) -> String;

    /// The paper of `doc` as a PNG, when it can be drawn.
    fn draw(&self, doc: &Doc) -> Vec<u8>;

    /// Ends printing; a slip that does not get done in time waits for the next start.
    fn stop(&self);
}
