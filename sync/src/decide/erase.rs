//! C26: a person wants to be forgotten. Every name of the member goes blank, points and stored value fall to
//! the store's anonymous account, open coupons end; whatever arrives later moves there too. The number is
//! free: whoever joins with it is somebody new.

use ledger::coupon::CouponState;
use ledger::id::{EventKey, MemberId, StoreId};
use ledger::member::MemberState;
use ledger::posting::{Account, Unit};
use ledger::profile::ProfileField;

use super::attribution;
use super::book::Book;
use super::decision::{Decision, Mark};
use super::kept::{Attributed, Block, FieldState, Keep, attributed_id, field_id};
use super::merge::{below, shard_of};
use super::view::{KnownMember, View};
use crate::protocol::entry::Effect;
use crate::protocol::snapshot::CouponRow;

/// Everything that HQ keeps of one member under any of its names. `coupons` are those of all of them.
///
/// # Errors
/// What the view reports.
pub fn erase<V: View + ?Sized>(
    view: &V,
    key: EventKey,
    known: &KnownMember,
    coupons: &[CouponRow],
) -> Result<Decision, V::Error> {
    let root = known.root;
    let home = shard_of(root);
    if known.row.state == MemberState::Erased {
        return Ok(Decision::without_effects(home));
    }
    let store = view.member(root)?.map_or_else(|| known.row.home_store.clone(), |known| known.row.home_store);
    let mut book = Book::open(view, key, home);
    let names = below(view, root)?;
    forfeit(&mut book, root, &store)?;
    for coupon in coupons.iter().filter(|coupon| coupon.state == CouponState::Open) {
        book.coupon(shard_of(coupon.member), coupon.id, CouponState::Revoked);
    }
    for id in std::iter::once(root).chain(names.into_iter().map(|(id, ..)| id)) {
        forget(&mut book, id)?;
    }
    Ok(book.close())
}

/// Points and stored value go to the anonymous account, in the name of nobody.
fn forfeit<V: View + ?Sized>(
    book: &mut Book<'_, V>,
    root: MemberId,
    store: &StoreId,
) -> Result<(), V::Error> {
    for (account, unit) in [(Account::Member(root), Unit::Points), (Account::Stored(root), Unit::Fen)] {
        let balance = book.balance(&account, unit)?;
        book.transfer(account, Account::Anon(store.clone()), unit, balance)?;
        for (named, _) in attribution::on(book.view(), book.home(), root, unit)? {
            let removed = Keep::remove::<Attributed>(book.home(), attributed_id(root, named, unit));
            book.mark(Mark::Keep(removed));
        }
    }
    Ok(())
}

fn forget<V: View + ?Sized>(book: &mut Book<'_, V>, id: MemberId) -> Result<(), V::Error> {
    let shard = shard_of(id);
    for lent in book.view().quotas(id)? {
        book.effect(shard, Effect::Quota { member: id, store: lent.store, points: 0, fen: 0, until: None });
    }
    for field in ProfileField::ALL {
        book.mark(Mark::Keep(Keep::remove::<FieldState>(shard, field_id(id, field))));
    }
    book.mark(Mark::Keep(Keep::remove::<Block>(shard, id.to_string())));
    book.effect(shard, Effect::Erase { member: id });
    Ok(())
}
