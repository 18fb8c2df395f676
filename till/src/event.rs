//! What the till tells unasked.

use crate::view::{ReceiptView, Screen};

/// Called from any thread, after the change is committed: hand it on, do not work here.
pub trait EventSink: Send + Sync {
    /// Something on the screen changed.
    fn screen(&self, screen: &Screen);
    /// The virtual printer drew a slip.
    fn paper(&self, paper: &ReceiptView);
}

/// Nobody looks.
pub struct Unseen;

impl EventSink for Unseen {
    fn screen(&self, _: &Screen) {}
    fn paper(&self, _: &ReceiptView) {}
}
