//! What each store that saw a member may let the member spend offline, after every move of the balance.

use ledger::id::{MemberId, Shard, StoreId};
use ledger::points::Points;
use ledger::posting::{Account, Unit};
use ledger::quota::lend;

use super::book::Book;
use super::view::{Lent, View};
use crate::protocol::entry::Effect;

/// Lends anew to `store` and to every store that saw `member` before; unchanged quotas stay unsaid.
///
/// # Errors
/// What the view reports.
pub fn lend_again<V: View + ?Sized>(
    book: &mut Book<'_, V>,
    member: MemberId,
    store: &StoreId,
) -> Result<(), V::Error> {
    let balance = book.balance(&Account::Member(member), Unit::Points)?;
    let mut lent = book.view().quotas(member)?;
    let newcomer = !lent.iter().any(|known| known.store == *store);
    if newcomer {
        lent.push(Lent { store: store.clone(), points: -1, fen: 0, until: None });
    }
    let points = lend(Points(balance), u32::try_from(lent.len()).unwrap_or(u32::MAX)).points.0;
    let shard: Shard = book.home();
    for Lent { store, points: before, fen, until } in lent {
        if before != points {
            book.effect(shard, Effect::Quota { member, store, points, fen, until });
        }
    }
    Ok(())
}
