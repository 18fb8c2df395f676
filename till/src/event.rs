//! What the till tells unasked.

use crate::view::{CustomerView, ReceiptView, Screen};

/// Called from any thread, after the change is committed: hand it on, do not work here.
pub trait EventSink: Send + Sync {
    /// Something on the screen changed.
    fn screen(&self, screen: &Screen);
    /// What the customer may see changed.
    fn customer(&self, view: &CustomerView);
    /// The virtual printer drew a slip.
    fn paper(&self, paper: &ReceiptView);
    /// False where nobody looks: then no screen is built after each command.
    fn is_watched(&self) -> bool {
        true
    }
}

/// Nobody looks.
pub struct Unseen;

impl EventSink for Unseen {
    fn screen(&self, _: &Screen) {}
    fn customer(&self, _: &CustomerView) {}
    fn paper(&self, _: &ReceiptView) {}
}
