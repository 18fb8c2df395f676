//! Entries and cases as a story tells them: one short line for each movement.

use ledger::coupon::CouponState;
use ledger::id::{CouponId, EventKey, MemberId, StoreId};
use ledger::member::MemberState;
use ledger::posting::{Account, Unit};
use sync::protocol::entry::{Cause, Effect, Entry};

use crate::cast::Cast;
use crate::play::Taken;
use crate::story::CaseLine;

/// An open or answered case, whichever headquarters kept it.
#[derive(Clone, Debug)]
pub struct KnownCase {
    pub kind: String,
    pub event: EventKey,
    pub store: StoreId,
    pub member: Option<MemberId>,
    pub other: Option<MemberId>,
    pub coupon: Option<CouponId>,
    pub unit: Unit,
    pub amount: i64,
    pub answer: Option<String>,
}

/// What an entry says. Quotas stay unsaid: they follow every balance.
pub fn entry(cast: &Cast, entry: &Entry) -> Vec<String> {
    entry.effects.iter().filter_map(|effect| line(cast, effect)).map(|line| cast.plain(&line)).collect()
}

fn line(cast: &Cast, effect: &Effect) -> Option<String> {
    match effect {
        Effect::Post { account, unit, delta, balance_after, named } => {
            let rest = match account {
                Account::Member(_) | Account::Stored(_) => format!(", {balance_after} left"),
                _ => String::new(),
            };
            let named = named.map_or_else(String::new, |id| format!(", for {id}"));
            Some(format!("{account} {delta:+} {unit}{rest}{named}"))
        }
        Effect::Member { row } => Some(format!("{} is {}{}", row.id, row.tier, state(row.state))),
        Effect::Coupon { id, state, by } => {
            let by = by.map_or_else(String::new, |key| format!(" by {}", cast.step(key)));
            Some(format!("{id} {}{by}", coupon(*state)))
        }
        Effect::CouponIssued { row } => Some(format!("{} given to {}", row.id, row.member)),
        Effect::Alias { from, to } => Some(format!("{from} is {to}")),
        Effect::Unalias { from, to } => Some(format!("{from} is not {to}")),
        Effect::Erase { member } => Some(format!("{member} is erased")),
        Effect::Enter { store, row, .. } => Some(format!("{store} hears of {}", row.id)),
        Effect::Leave { store, member } => Some(format!("{store} hears no more of {member}")),
        Effect::Quota { .. } => None,
    }
}

fn state(state: MemberState) -> &'static str {
    match state {
        MemberState::Active => "",
        MemberState::Provisional => ", provisional",
        MemberState::Blocked => ", blocked",
        MemberState::Erased => ", erased",
    }
}

fn coupon(state: CouponState) -> &'static str {
    match state {
        CouponState::Open => "open",
        CouponState::Used => "used",
        CouponState::Revoked => "revoked",
    }
}

/// The step that an entry belongs to; None for what a job or a person did.
pub fn step(cast: &Cast, entry: &Entry) -> Option<String> {
    match &entry.cause {
        Cause::Event(key) => Some(cast.step(*key)),
        Cause::Job(_) | Cause::Operator(_) => None,
    }
}

pub fn case(cast: &Cast, known: &KnownCase) -> CaseLine {
    let member = |id: Option<MemberId>| id.and_then(|id| cast.members.get(&id).cloned());
    CaseLine {
        kind: known.kind.clone(),
        of: cast.step(known.event),
        member: member(known.member),
        other: member(known.other),
        coupon: known.coupon.and_then(|id| cast.coupons.get(&id).cloned()),
        amount: format!("{} {}", known.amount, known.unit),
        answer: known.answer.clone(),
    }
}

/// `applied_with_exception overdraft`
pub fn verdict(taken: &Taken) -> String {
    let verdict = serde_json::to_value(taken.verdict).unwrap();
    format!("{} {}", verdict.as_str().unwrap_or_default(), taken.code)
}
