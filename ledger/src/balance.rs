//! A balance and its standing: what HQ confirmed, and what it has not decided yet.

use crate::points::Points;
use crate::time::Timestamp;

/// The member's points as this till sees them; the view is always `confirmed + pending`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Balance {
    pub confirmed: Points,
    /// Undecided movements of this till (and its siblings), signed.
    pub pending: Points,
    /// HQ's time of the last confirmed word on this account.
    pub confirmed_at: Option<Timestamp>,
}

impl Balance {
    pub fn view(&self) -> Points {
        self.confirmed.plus(self.pending)
    }
}
