//! Forgets the paper of somebody who was erased.

use super::JobId;
use crate::id::MemberId;
use crate::store::error::StoreError;
use crate::store::journal::place::Place;
use crate::store::tx::Tx;

/// Removes what was printed of the member's sales and refunds: it shows a masked name, the card's end, a new
/// card. What still waits for the printer is the customer's and gets out. How many documents went.
///
/// # Errors
/// The store's.
pub fn forget(tx: &Tx<'_>, member: MemberId) -> Result<usize, StoreError> {
    let places: Vec<i64> = tx.all(include_str!("of_member.sql"), [member.bytes()], |row| row.get(0))?;
    let mut gone = 0;
    for place in places {
        let (first, last) = JobId::of_event(Place(place));
        gone += tx.execute(include_str!("forget.sql"), (first.0, last.0))?;
    }
    Ok(gone)
}
