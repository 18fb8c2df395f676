//! What operators order about members and coupons. Refusing is an answer, not an error; ordering the same
//! twice changes nothing.

use ledger::coupon::CouponState;
use ledger::id::{CouponId, Epoch, EventKey, MemberId, Shard, StoreId, TerminalId};
use ledger::member::MemberState;
use serde::{Deserialize, Serialize};

use super::book::Book;
use super::decision::{Decision, Mark, ShardEntry};
use super::erase::erase;
use super::kept::{Block, Keep};
use super::merge::{self, shard_of};
use super::view::{KnownMember, View};
use crate::protocol::entry::Effect;
use crate::protocol::snapshot::CouponRow;

/// One wish of an operator, as the command line and the console say it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "order", rename_all = "snake_case")]
pub enum Order {
    /// The member may not spend anything from now on.
    Block {
        member: MemberId,
        why: String,
    },
    Unblock {
        member: MemberId,
    },
    /// `from` becomes another name of `to`.
    Merge {
        from: MemberId,
        to: MemberId,
    },
    /// `member` is nobody's other name any more.
    Unmerge {
        member: MemberId,
    },
    /// Everything personal is forgotten, for ever.
    Erase {
        member: MemberId,
    },
    RevokeCoupon {
        coupon: CouponId,
    },
    IssueCoupon {
        coupon: Box<CouponRow>,
    },
}

impl Order {
    /// Name of the cause in the log.
    pub fn name(&self) -> &'static str {
        match self {
            Order::Block { .. } => "block",
            Order::Unblock { .. } => "unblock",
            Order::Merge { .. } => "merge",
            Order::Unmerge { .. } => "unmerge",
            Order::Erase { .. } => "erase",
            Order::RevokeCoupon { .. } => "revoke_coupon",
            Order::IssueCoupon { .. } => "issue_coupon",
        }
    }
}

/// Why an order was not carried out, in order of precedence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    UnknownMember,
    UnknownCoupon,
    Erased,
    /// The member is nobody's other name.
    NotMerged,
    /// The coupon was used or revoked before.
    CouponNotOpen,
    /// There is a coupon of this id.
    CouponExists,
}

pub type Answer = Result<Decision, Refusal>;

/// The name that an order's cases go by where an event's have its key: terminal 0, the shard as epoch,
/// the number of its entry.
///
/// # Errors
/// What the view reports.
pub fn key<V: View + ?Sized>(view: &V, shard: Shard) -> Result<EventKey, V::Error> {
    let seq = view.lsn(shard)? + 1;
    Ok(EventKey { terminal: TerminalId(0), epoch: Epoch(u64::from(shard.0)), seq })
}

/// What an order does. `store` bears what a case of it may cost; `coupons` are those of the member whom
/// an erasure or a parting names, under any of its names.
///
/// # Errors
/// What the view reports.
pub fn decide<V: View + ?Sized>(
    view: &V,
    order: &Order,
    store: &StoreId,
    coupons: &[CouponRow],
) -> Result<Answer, V::Error> {
    match order {
        Order::Block { member, why } => block(view, *member, Some(why)),
        Order::Unblock { member } => block(view, *member, None),
        Order::Merge { from, to } => unite(view, (*from, *to), store),
        Order::Unmerge { member } => part(view, *member, store, coupons),
        Order::Erase { member } => {
            let Some(known) = view.member(*member)? else { return Ok(Err(Refusal::UnknownMember)) };
            erase(view, key(view, shard_of(known.root))?, &known, coupons).map(Ok)
        }
        Order::RevokeCoupon { coupon } => revoke(view, *coupon),
        Order::IssueCoupon { coupon } => issue(view, coupon),
    }
}

/// The survivor whom `id` names.
fn survivor<V: View + ?Sized>(view: &V, id: MemberId) -> Result<Result<KnownMember, Refusal>, V::Error> {
    let root = match view.member(id)? {
        None => return Ok(Err(Refusal::UnknownMember)),
        Some(known) if known.row.state == MemberState::Erased => return Ok(Err(Refusal::Erased)),
        Some(known) => known.root,
    };
    Ok(view.member(root)?.ok_or(Refusal::UnknownMember))
}

fn block<V: View + ?Sized>(view: &V, id: MemberId, why: Option<&String>) -> Result<Answer, V::Error> {
    let known = match survivor(view, id)? {
        Ok(known) => known,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let (member, shard) = (known.root, shard_of(known.root));
    let state = if why.is_some() { MemberState::Blocked } else { MemberState::Active };
    if known.row.state == state {
        return Ok(Ok(Decision::without_effects(shard)));
    }
    let mut book = Book::open(view, key(view, shard)?, shard);
    book.effect(shard, Effect::Member { row: crate::protocol::snapshot::MemberRow { state, ..known.row } });
    book.mark(Mark::Keep(match why {
        Some(why) => {
            let block = Block { lsn: view.lsn(shard)? + 1, why: why.clone() };
            Keep::put(shard, member.to_string(), &block)
        }
        None => Keep::remove::<Block>(shard, member.to_string()),
    }));
    Ok(Ok(book.close()))
}

fn unite<V: View + ?Sized>(
    view: &V,
    (from, to): (MemberId, MemberId),
    store: &StoreId,
) -> Result<Answer, V::Error> {
    Ok(match (survivor(view, from)?, survivor(view, to)?) {
        (Ok(from), Ok(to)) => {
            let key = key(view, shard_of(from.root))?;
            Ok(merge::merge(view, key, (from.root, to.root), store)?)
        }
        (Err(refusal), _) | (_, Err(refusal)) => Err(refusal),
    })
}

fn part<V: View + ?Sized>(
    view: &V,
    member: MemberId,
    store: &StoreId,
    coupons: &[CouponRow],
) -> Result<Answer, V::Error> {
    let root = match survivor(view, member)? {
        Ok(known) => known.root,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let Some(branch) = merge::branch(view, root, member)? else { return Ok(Err(Refusal::NotMerged)) };
    let key = key(view, shard_of(member))?;
    let mut decision = merge::part(view, key, (root, member), &branch, store)?;
    let theirs = |row: &&CouponRow| branch.members.iter().any(|(id, _)| *id == row.member);
    for row in coupons.iter().filter(theirs).filter(|row| row.state == CouponState::Open) {
        // Tills had found them at the survivor.
        let entry = decision.entries.iter_mut().find(|entry| entry.shard == shard_of(row.member));
        match entry {
            Some(entry) => entry.effects.push(Effect::CouponIssued { row: row.clone() }),
            None => decision.entries.push(ShardEntry {
                shard: shard_of(row.member),
                effects: vec![Effect::CouponIssued { row: row.clone() }],
            }),
        }
    }
    Ok(Ok(decision))
}

fn revoke<V: View + ?Sized>(view: &V, id: CouponId) -> Result<Answer, V::Error> {
    let Some(coupon) = view.coupon(id)? else { return Ok(Err(Refusal::UnknownCoupon)) };
    if coupon.state != CouponState::Open {
        return Ok(Err(Refusal::CouponNotOpen));
    }
    let mut book = Book::open(view, key(view, coupon.shard)?, coupon.shard);
    book.coupon(coupon.shard, id, CouponState::Revoked);
    Ok(Ok(book.close()))
}

fn issue<V: View + ?Sized>(view: &V, row: &CouponRow) -> Result<Answer, V::Error> {
    let known = match survivor(view, row.member)? {
        Ok(known) => known,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if view.coupon(row.id)?.is_some() {
        return Ok(Err(Refusal::CouponExists));
    }
    let shard = shard_of(known.root);
    let mut book = Book::open(view, key(view, shard)?, shard);
    book.effect(shard, Effect::CouponIssued { row: CouponRow { member: known.root, ..row.clone() } });
    Ok(Ok(book.close()))
}
