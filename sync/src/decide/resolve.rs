//! What a person's answer to a case moves. Every answer brings the exception account back to zero.

use ledger::id::{Anchor, EventKey, MemberId, Shard, StoreId};
use ledger::posting::{Account, ExceptionKind, Unit};
use serde::{Deserialize, Serialize};

use super::book::Book;
use super::decision::ShardEntry;
use super::party::{self, Party};
use super::view::View;
use super::{lending, table};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// The chain bears it.
    WriteOff,
    /// The store bears it: the same postings, another line in the settlement.
    StorePays,
    /// The member owes the points; the balance may go below zero.
    MemberOwes,
    /// The member gets the points that the receipt left out.
    CreditMember,
    /// The two members are one.
    Merge,
    /// They are two people who share a number.
    KeepApart,
    /// Seen, nothing moves.
    Acknowledge,
}

/// An open case, as far as its answer needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenCase {
    pub event: EventKey,
    pub kind: String,
    pub shard: Shard,
    pub store: StoreId,
    pub member: Option<MemberId>,
    pub other: Option<MemberId>,
    pub unit: Unit,
    pub amount: i64,
}

/// Answers that a case of this kind allows.
pub fn choices(kind: &str) -> &'static [Choice] {
    use Choice::{Acknowledge, CreditMember, KeepApart, MemberOwes, Merge, StorePays, WriteOff};
    match kind {
        k if k == table::OVERDRAFT.code || k == table::SHARED_SPEND.code => {
            &[WriteOff, StorePays, MemberOwes]
        }
        k if k == table::CALC_MISMATCH.code => &[WriteOff, StorePays, CreditMember],
        k if k == table::MERGE_CANDIDATE.code => &[Merge, KeepApart],
        k if account(k).is_some() => &[WriteOff, StorePays],
        _ => &[Acknowledge],
    }
}

/// A small loss of points is not worth a conversation.
const SMALL_POINTS: i64 = 500;

/// The answer that headquarters would give; a person takes it with one key or gives another.
pub fn proposal(kind: &str, unit: Unit, amount: i64) -> Choice {
    let is = |rules: &[table::Rule]| rules.iter().any(|rule| rule.code == kind);
    if is(&[table::MERGE_CANDIDATE]) {
        return Choice::KeepApart;
    }
    if is(&[table::CALC_MISMATCH]) && amount < 0 {
        return Choice::CreditMember;
    }
    let owed = unit == Unit::Points && amount > SMALL_POINTS;
    if is(&[table::OVERDRAFT, table::SHARED_SPEND]) && owed {
        return Choice::MemberOwes;
    }
    let good_faith = [
        table::OVERDRAFT,
        table::SHARED_SPEND,
        table::COUPON_EXPIRED,
        table::REVOKED_HONOURED,
        table::POINTS_EXPIRED,
        table::CALC_MISMATCH,
    ];
    match account(kind) {
        None => Choice::Acknowledge,
        Some(_) if is(&good_faith) => Choice::WriteOff,
        Some(_) => Choice::StorePays,
    }
}

/// Who answers a case of this kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    /// The store whose till it happened at: it knows the customer and the drawer.
    Store,
    Headquarters,
}

pub fn owner(kind: &str) -> Owner {
    let stores = [table::DAY_DIFFERS, table::OVER_REFUND, table::ORPHAN_REFUND, table::PARKED_TOO_LONG];
    if stores.iter().any(|rule| rule.code == kind) { Owner::Store } else { Owner::Headquarters }
}

/// The entries that answer a case; empty when nothing moves. None when the case does not allow `choice`.
///
/// # Errors
/// What the view reports.
pub fn resolve<V: View + ?Sized>(
    view: &V,
    case: &OpenCase,
    choice: Choice,
) -> Result<Option<Vec<ShardEntry>>, V::Error> {
    if !choices(&case.kind).contains(&choice) {
        return Ok(None);
    }
    match choice {
        Choice::KeepApart | Choice::Acknowledge => Ok(Some(Vec::new())),
        Choice::Merge => merge(view, case).map(Some),
        Choice::WriteOff | Choice::StorePays => {
            let counter = if case.unit == Unit::Points { Account::Programme } else { Account::Cost };
            settle(view, case, counter).map(Some)
        }
        Choice::MemberOwes | Choice::CreditMember => charge(view, case),
    }
}

/// The exception account that a case of this kind stands on; None when nothing does.
pub fn account(kind: &str) -> Option<ExceptionKind> {
    match kind {
        k if k == table::OVERDRAFT.code => Some(ExceptionKind::Overdraft),
        k if k == table::SV_OVERDRAFT.code => Some(ExceptionKind::StoredOverdraft),
        k if k == table::COUPON_EXPIRED.code => Some(ExceptionKind::CouponExpired),
        k if k == table::REVOKED_HONOURED.code || k == table::COUPON_REVOKED.code => {
            Some(ExceptionKind::CouponRevoked)
        }
        k if k == table::POINTS_EXPIRED.code => Some(ExceptionKind::PointsExpired),
        k if k == table::CALC_MISMATCH.code => Some(ExceptionKind::CalcMismatch),
        k if k == table::COUPON_REUSE.code || k == table::COUPON_UNKNOWN.code => {
            Some(ExceptionKind::CouponReuse)
        }
        k if k == table::OVER_REFUND.code => Some(ExceptionKind::OverRefund),
        k if k == table::ORPHAN_REFUND.code => Some(ExceptionKind::OrphanRefund),
        k if k == table::SHARED_SPEND.code => Some(ExceptionKind::SharedSpend),
        _ => None,
    }
}

fn settle<V: View + ?Sized>(view: &V, case: &OpenCase, payer: Account) -> Result<Vec<ShardEntry>, V::Error> {
    let Some(kind) = account(&case.kind) else { return Ok(Vec::new()) };
    let mut book = Book::open(view, case.event, case.shard);
    let exception = Account::Exception(kind, case.store.clone());
    book.transfer(payer, exception, case.unit, case.amount)?;
    Ok(book.close().entries)
}

/// The member pays with points, or gets them; by the name that survived, wherever its account stands now.
/// None when the case is not about a member's points.
fn charge<V: View + ?Sized>(view: &V, case: &OpenCase) -> Result<Option<Vec<ShardEntry>>, V::Error> {
    let (Some(named), Unit::Points) = (case.member, case.unit) else { return Ok(None) };
    let Some(kind) = account(&case.kind) else { return Ok(None) };
    let member = view.member(named)?.map_or(named, |known| known.root);
    let exception = Account::Exception(kind, case.store.clone());
    let mut settling = Book::open(view, case.event, case.shard);
    let home = Anchor::from(member).shard();
    let payer = if home == case.shard { Account::Member(member) } else { Account::Programme };
    settling.transfer(payer, exception, Unit::Points, case.amount)?;
    let (settled, mut charging) = settling.turn_to(home);
    if settled.is_some() {
        charging.transfer(Account::Member(member), Account::Programme, Unit::Points, case.amount)?;
    }
    lending::lend_again(&mut charging, member, &case.store)?;
    Ok(Some(charging.close_after(settled).entries))
}

/// The later member becomes another name of the earlier; what it has follows. Nobody becomes one with a member
/// who was erased meanwhile: the case is answered, and nothing moves.
fn merge<V: View + ?Sized>(view: &V, case: &OpenCase) -> Result<Vec<ShardEntry>, V::Error> {
    let (Some(from), Some(to)) = (case.member, case.other) else { return Ok(Vec::new()) };
    match (party::of(view, from)?, party::of(view, to)?) {
        (Party::Member { root: from, .. }, Party::Member { root: to, .. }) if from != to => {
            Ok(super::merge::merge(view, case.event, (from, to), &case.store)?.entries)
        }
        _ => Ok(Vec::new()),
    }
}
