//! C10: a sale that headquarters had allowed beforehand. Its token is the evidence: the hold is captured
//! with the debit, or never was, or is over; never are both counted.

use ledger::grant::{AuthId, Grant};
use ledger::id::{Anchor, MemberId, Shard};
use ledger::sale::Sale;

use super::arrival::Arrival;
use super::book::Book;
use super::decision::Mark;
use super::kept::{self, Hold, HoldState, Keep, hold_id};
use super::view::View;
use crate::protocol::signature::verify;

/// Ends the holds that the sale captures, and those whose answer its till never got: what they set aside was
/// spent without them.
///
/// # Errors
/// What the view reports.
pub fn settle<V: View + ?Sized>(
    book: &mut Book<'_, V>,
    arrival: Arrival<'_>,
    member: Option<MemberId>,
    sale: &Sale,
) -> Result<(), V::Error> {
    for grant in sale.spending.grants.iter().filter(|grant| is_ours(arrival, grant)) {
        let holders = [Some(grant.spend.member), member];
        end(book, grant.auth_id, grant.shard, &holders, HoldState::Captured)?;
    }
    let named = sale.member.as_ref().map(|named| named.member_id);
    for auth in &sale.spending.unanswered {
        for holder in [named, member].into_iter().flatten() {
            end(book, *auth, Anchor::from(holder).shard(), &[Some(holder)], HoldState::Released)?;
        }
    }
    Ok(())
}

/// Signed by headquarters, for this terminal.
fn is_ours(arrival: Arrival<'_>, grant: &Grant) -> bool {
    grant.terminal == arrival.event.head.terminal && verify(arrival.hq_key, &grant.text(), &grant.sig)
}

/// A hold that is over already, or that headquarters forgot, stays as it is.
fn end<V: View + ?Sized>(
    book: &mut Book<'_, V>,
    auth: AuthId,
    shard: Shard,
    holders: &[Option<MemberId>],
    state: HoldState,
) -> Result<(), V::Error> {
    for holder in holders.iter().flatten() {
        let id = hold_id(*holder, auth);
        let Some(hold) = kept::one::<V, Hold>(book.view(), shard, &id)? else { continue };
        let ends = matches!(hold.state, HoldState::Open | HoldState::Expired);
        if ends && !ledger::planted!("hold_never_ends") {
            let ended = Hold { state, by: Some(book.key()), ..hold };
            book.mark(Mark::Keep(Keep::put(shard, id, &ended)));
        }
    }
    Ok(())
}
