//! The list of erasures, one JSON line each, beside the database and not in it: a backup that is restored
//! brings people back who asked to be forgotten. Before a restored headquarters serves anybody, the list is
//! carried out again, and whenever a till offers such a person's join once more.

use std::path::Path;

use ledger::id::MemberId;
use ledger::member::MemberState;
use ledger::time::Timestamp;
use sync::decide::order::{Order, Refusal};

use super::forgotten;
use super::{OrderError, Wish, carry_out};
use crate::store::{Store, StoreError};

/// [`carry_out_again`], with a word in the log when a backup had brought somebody back.
///
/// # Errors
/// What the database or the list reports.
pub fn outlive_backups(store: &dyn Store, now: Timestamp, list: &Path) -> Result<usize, OrderError> {
    let erased = carry_out_again(store, now, list)?;
    if erased > 0 {
        tracing::warn!(erased, "members were erased again that a backup had brought back");
    }
    Ok(erased)
}

/// Erases everybody on the list who is there again; how many were. Who is not here yet, because a till
/// offers the join again only later, is met by the next call.
///
/// # Errors
/// What the database or the list reports.
pub fn carry_out_again(store: &dyn Store, now: Timestamp, list: &Path) -> Result<usize, OrderError> {
    let mut erased = 0;
    for member in returned(store, list)? {
        match carry_out(store, now, &Wish::Member(Order::Erase { member }), None) {
            Ok((done, _)) => erased += usize::from(!done.entries.is_empty()),
            Err(OrderError::Refused(Refusal::UnknownMember)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(erased)
}

/// Those on the list whom the database knows by more than an id.
fn returned(store: &dyn Store, list: &Path) -> Result<Vec<MemberId>, OrderError> {
    let wanted = forgotten::read(list).map_err(OrderError::List)?;
    let tx = store.read()?;
    let here = wanted.into_keys().map(|member| {
        let known = tx.member(member)?;
        Ok(known.is_some_and(|known| known.row.state != MemberState::Erased).then_some(member))
    });
    here.filter_map(Result::transpose).collect::<Result<_, StoreError>>().map_err(OrderError::from)
}
