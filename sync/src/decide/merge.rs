//! C12, C13: two members become one and, if that was wrong, two again. HQ alone does either, in its order,
//! always between roots: whatever races, each member ends with one survivor and no point is lost.

use ledger::fact::MergeAsk;
use ledger::id::{Anchor, EventKey, MemberId, Shard, StoreId};
use ledger::posting::{Account, ExceptionKind, Unit};

use super::arrival::Arrival;
use super::book::{Book, Concern};
use super::decision::Decision;
use super::kept::{self, Merged};
use super::party::{self, Party};
use super::view::View;
use super::{attribution, lending, table};
use crate::protocol::entry::Effect;

/// What a member has: account, unit, and the counter-account by which it travels between shards.
type Purse = (fn(MemberId) -> Account, Unit, Account);

const PURSES: [Purse; 2] =
    [(Account::Member, Unit::Points, Account::Programme), (Account::Stored, Unit::Fen, Account::StoredFloat)];

pub fn shard_of(member: MemberId) -> Shard {
    Anchor::from(member).shard()
}

/// A till's wish that two members be one.
pub fn decide<V: View + ?Sized>(
    view: &V,
    arrival: Arrival<'_>,
    ask: &MergeAsk,
) -> Result<Decision, V::Error> {
    let home = arrival.event.head.anchor.shard();
    let (Party::Member { root: from, .. }, Party::Member { root: to, .. }) =
        (party::of(view, ask.from)?, party::of(view, ask.to)?)
    else {
        return Ok(Decision::rejected(home, table::UNKNOWN_MEMBER));
    };
    merge(view, arrival.event.key(), (from, to), arrival.store)
}

/// Makes `from` another name of `to`; both are roots. Equal roots are one already: nothing moves.
///
/// # Errors
/// What the view reports.
pub fn merge<V: View + ?Sized>(
    view: &V,
    key: EventKey,
    (from, to): (MemberId, MemberId),
    store: &StoreId,
) -> Result<Decision, V::Error> {
    let (here, there) = (shard_of(from), shard_of(to));
    if from == to {
        return Ok(Decision::without_effects(here));
    }
    let mut leaving = Book::open(view, key, here);
    leaving.effect(here, Effect::Alias { from, to });
    let mut parts = Vec::new();
    for purse in &PURSES {
        parts.push((purse, empty(&mut leaving, from, purse, here != there)?));
    }
    withdraw_quotas(&mut leaving, from)?;
    let (left, mut arriving) = leaving.turn_to(there);
    for ((account, unit, counter), parts) in parts {
        for (named, amount) in parts {
            if here != there {
                arriving.post(counter.clone(), *unit, -amount)?;
            }
            arriving.post_as(account(to), Some(named), *unit, amount)?;
        }
    }
    lending::lend_again(&mut arriving, to, store)?;
    Ok(arriving.close_after(left))
}

/// Takes everything off an account, in each name apart; returns what is to arrive in which name.
fn empty<V: View + ?Sized>(
    book: &mut Book<'_, V>,
    from: MemberId,
    (account, unit, counter): &Purse,
    leaves: bool,
) -> Result<Vec<(MemberId, i64)>, V::Error> {
    let others = attribution::on(book.view(), book.home(), from, *unit)?;
    let own = book.balance(&account(from), *unit)? - others.iter().map(|(_, sum)| sum).sum::<i64>();
    let mut parts = Vec::new();
    for (named, amount) in std::iter::once((from, own)).chain(others) {
        if amount == 0 {
            continue;
        }
        book.post_as(account(from), (named != from).then_some(named), *unit, -amount)?;
        if leaves {
            book.post(counter.clone(), *unit, amount)?;
        }
        parts.push((named, amount));
    }
    Ok(parts)
}

fn withdraw_quotas<V: View + ?Sized>(book: &mut Book<'_, V>, member: MemberId) -> Result<(), V::Error> {
    for lent in book.view().quotas(member)? {
        let shard = book.home();
        book.effect(shard, Effect::Quota { member, store: lent.store, points: 0, fen: 0, until: None });
    }
    Ok(())
}

/// Where a member stands in the forest of merges.
pub struct Branch {
    pub merged: Merged,
    /// It and everybody who had become it, each with its direct parent; itself first.
    pub members: Vec<(MemberId, MemberId)>,
}

/// The branch that hangs on `member` below `root`; None when it hangs nowhere there.
///
/// # Errors
/// What the view reports.
pub fn branch<V: View + ?Sized>(
    view: &V,
    root: MemberId,
    member: MemberId,
) -> Result<Option<Branch>, V::Error> {
    let all = below(view, root)?;
    let Some((_, parent, merged)) = all.iter().find(|(id, ..)| *id == member).copied() else {
        return Ok(None);
    };
    let mut members = vec![(member, parent)];
    members.extend(below(view, member)?.into_iter().map(|(id, parent, _)| (id, parent)));
    Ok(Some(Branch { merged, members }))
}

/// Everybody who became `root`, directly or not, each with its direct parent.
///
/// # Errors
/// What the view reports.
pub fn below<V: View + ?Sized>(
    view: &V,
    root: MemberId,
) -> Result<Vec<(MemberId, MemberId, Merged)>, V::Error> {
    let mut found: Vec<(MemberId, MemberId, Merged)> = Vec::new();
    let mut next = vec![root];
    while let Some(parent) = next.pop() {
        let children: Vec<(String, Merged)> = kept::under(view, shard_of(parent), &format!("{parent}/"))?;
        for (id, merged) in children {
            let Some(child) = id.split('/').nth(1).and_then(|id| id.parse().ok()) else { continue };
            found.push((child, parent, merged));
            next.push(child);
        }
    }
    Ok(found)
}

/// Parts `member` from `root` again: it gets back what it brought and what moved in its name since. What
/// one of the two spent of the other's is nobody's yet: the store's exception, with a case.
///
/// # Errors
/// What the view reports.
pub fn part<V: View + ?Sized>(
    view: &V,
    key: EventKey,
    (root, member): (MemberId, MemberId),
    branch: &Branch,
    store: &StoreId,
) -> Result<Decision, V::Error> {
    let (here, there) = (shard_of(root), shard_of(member));
    let mut giving = Book::open(view, key, here);
    let mut parted = Vec::new();
    for (purse, had) in PURSES.iter().zip([
        (branch.merged.from_points, branch.merged.to_points),
        (branch.merged.from_fen, branch.merged.to_fen),
    ]) {
        parted.push((purse, give_back(&mut giving, root, branch, purse, had, here != there)?));
    }
    for (purse, back) in &parted {
        shared_spend(&mut giving, (root, member), purse, back.root_over, store)?;
    }
    lending::lend_again(&mut giving, root, store)?;
    let (given, mut taking) = giving.turn_to(there);
    for ((account, unit, counter), back) in &parted {
        for (named, amount) in &back.parts {
            if here != there {
                taking.post(counter.clone(), *unit, -amount)?;
            }
            taking.post_as(account(member), (*named != member).then_some(*named), *unit, *amount)?;
        }
    }
    for (purse, back) in &parted {
        shared_spend(&mut taking, (member, root), purse, back.member_over, store)?;
    }
    rename(&mut taking, root, branch);
    lending::lend_again(&mut taking, member, store)?;
    Ok(taking.close_after(given))
}

/// What goes back in whose name, and who spent how much of the other's.
struct Back {
    parts: Vec<(MemberId, i64)>,
    member_over: i64,
    root_over: i64,
}

fn give_back<V: View + ?Sized>(
    book: &mut Book<'_, V>,
    root: MemberId,
    branch: &Branch,
    (account, unit, counter): &Purse,
    (member_had, root_had): (i64, i64),
    leaves: bool,
) -> Result<Back, V::Error> {
    let balance = book.balance(&account(root), *unit)?;
    let mut parts = attribution::on(book.view(), book.home(), root, *unit)?;
    parts.retain(|(named, _)| branch.members.iter().any(|(id, _)| id == named));
    for (named, amount) in &parts {
        book.post_as(account(root), Some(*named), *unit, -amount)?;
        if leaves {
            book.post(counter.clone(), *unit, *amount)?;
        }
    }
    let back: i64 = parts.iter().map(|(_, amount)| amount).sum();
    let over = |left: i64, had: i64| (had.min(0) - left).max(0);
    Ok(Back { parts, member_over: over(back, member_had), root_over: over(balance - back, root_had) })
}

/// Makes good what `spender` spent of `other`'s out of the store's exception.
fn shared_spend<V: View + ?Sized>(
    book: &mut Book<'_, V>,
    (spender, other): (MemberId, MemberId),
    (account, unit, _): &Purse,
    amount: i64,
    store: &StoreId,
) -> Result<(), V::Error> {
    if amount == 0 {
        return Ok(());
    }
    let exception = Account::Exception(ExceptionKind::SharedSpend, store.clone());
    book.transfer(exception, account(spender), *unit, amount)?;
    let detail = format!("{amount} {unit} were spent while the two were one");
    let concern = Concern { member: Some(spender), other: Some(other), detail, ..Concern::default() };
    book.case(table::SHARED_SPEND, (*unit, amount), concern);
    Ok(())
}

/// The branch hangs on `root` no more. Those at its ends are told first, so that in the end all of them are
/// other names of its first member.
fn rename<V: View + ?Sized>(book: &mut Book<'_, V>, root: MemberId, branch: &Branch) {
    let shard = book.home();
    let mut rest = branch.members.iter();
    if let Some((member, parent)) = rest.next() {
        book.effect(shard, Effect::Unalias { from: *member, to: *parent });
    }
    let rest: Vec<_> = rest.collect();
    for (id, _) in &rest {
        book.effect(shard, Effect::Unalias { from: *id, to: root });
    }
    for (id, parent) in rest.iter().rev() {
        book.effect(shard, Effect::Alias { from: *id, to: *parent });
    }
}
