//! What operators order, from the console or the command line: one order, one transaction, refused or done.
//! A running server notices what the command line wrote by following the database's heads.

use std::collections::BTreeMap;
use std::path::Path;

use ledger::id::{CaseId, MemberId, Shard, StoreId, TerminalId};
use ledger::time::Timestamp;
use serde::{Deserialize, Serialize};
use sync::decide::Decision;
use sync::decide::merge::below;
use sync::decide::order::{self, Order, Refusal};
use sync::protocol::entry::Cause;
use sync::protocol::snapshot::CouponRow;
use thiserror::Error;

use crate::decide::{keep_marks, reconsider_bundles};
use crate::entries::{CONFIG_VERSION, Heading, Scribe, published};
use crate::interest::{self, Holding};
use crate::store::again::{Conflicts, until_settled};
use crate::store::{Store, StoreError, Write};
use crate::streams;

pub mod args;
pub mod erasures;
pub mod forgotten;

/// Everything that can be ordered. One JSON object: `{"order":"block","member":"…","why":"…"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Wish {
    Member(Order),
    Terminal(TerminalOrder),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "order", rename_all = "snake_case")]
pub enum TerminalOrder {
    /// The till stands in another store from now on.
    Reassign { terminal: TerminalId, store: StoreId, till_no: u32 },
    /// The till may neither send nor hear any more; its unsent events come by supervised import.
    RevokeTerminal { terminal: TerminalId },
    /// From now on the till holds the chain's members or its store's.
    Hold { terminal: TerminalId, members: Holding },
    /// The store hears no more of a member, until the member comes again.
    Leave { store: StoreId, member: MemberId },
}

impl Wish {
    pub fn name(&self) -> &'static str {
        match self {
            Wish::Member(order) => order.name(),
            Wish::Terminal(TerminalOrder::Reassign { .. }) => "reassign",
            Wish::Terminal(TerminalOrder::RevokeTerminal { .. }) => "revoke_terminal",
            Wish::Terminal(TerminalOrder::Hold { .. }) => "hold",
            Wish::Terminal(TerminalOrder::Leave { .. }) => "leave",
        }
    }
}

/// What came of an order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Done {
    pub order: String,
    /// Entries that it wrote: shard and number.
    pub entries: Vec<(Shard, u64)>,
    /// Cases that it opened.
    pub cases: Vec<CaseId>,
}

#[derive(Debug, Error)]
pub enum OrderError {
    #[error("{}", why(*.0))]
    Refused(Refusal),
    #[error("there is no store {0}")]
    UnknownStore(StoreId),
    #[error("there is no terminal {0}")]
    UnknownTerminal(TerminalId),
    #[error("the list of erasures: {0}")]
    List(std::io::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Conflicts for OrderError {
    fn conflict(&self) -> Option<&[Shard]> {
        match self {
            OrderError::Store(error) => error.conflict(),
            _ => None,
        }
    }
}

impl OrderError {
    /// Code of the refusal for the console; None when the database failed.
    pub fn code(&self) -> Option<&'static str> {
        match self {
            OrderError::Refused(refusal) => Some(code(*refusal)),
            OrderError::UnknownStore(_) => Some("unknown_store"),
            OrderError::UnknownTerminal(_) => Some("unknown_terminal"),
            OrderError::List(_) | OrderError::Store(_) => None,
        }
    }
}

/// The refusal as the console says it.
pub fn code(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::UnknownMember => "unknown_member",
        Refusal::UnknownCoupon => "unknown_coupon",
        Refusal::Erased => "erased",
        Refusal::NotMerged => "not_merged",
        Refusal::CouponNotOpen => "coupon_not_open",
        Refusal::CouponExists => "coupon_exists",
    }
}

fn why(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::UnknownMember => "there is no such member",
        Refusal::UnknownCoupon => "there is no such coupon",
        Refusal::Erased => "the member was erased",
        Refusal::NotMerged => "the member is nobody's other name",
        Refusal::CouponNotOpen => "the coupon was used or revoked before",
        Refusal::CouponExists => "there is a coupon of this id",
    }
}

/// Carries an order out. `erasures` is the list outside the database that outlives its backups; an
/// erasure is on it before it is done.
///
/// # Errors
/// The refusal, or what the database or the list reports; nothing was done then.
pub fn carry_out(
    store: &dyn Store,
    now: Timestamp,
    wish: &Wish,
    erasures: Option<&Path>,
) -> Result<(Done, BTreeMap<Shard, u64>), OrderError> {
    until_settled(|first| {
        let tx = store.write()?;
        tx.lock(first)?;
        let mut scribe = Scribe::new(&*tx, now);
        let mut done = Done { order: wish.name().to_owned(), ..Done::default() };
        match wish {
            Wish::Member(order) => {
                let decision = member_order(&mut scribe, order)?;
                done.cases = decision.cases.iter().map(|case| case.id).collect();
                if let (Order::Erase { member }, Some(list)) = (order, erasures) {
                    forgotten::note(list, *member, now).map_err(OrderError::List)?;
                }
            }
            Wish::Terminal(order) => terminal_order(&mut scribe, order)?,
        }
        let moved = scribe.moved();
        tx.commit()?;
        done.entries = moved.iter().map(|(shard, lsn)| (*shard, *lsn)).collect();
        Ok((done, moved))
    })
}

fn member_order(scribe: &mut Scribe<'_>, order: &Order) -> Result<Decision, OrderError> {
    let tx = scribe.tx();
    let store = bearer(tx, order)?;
    let coupons = match order {
        Order::Erase { member } | Order::Unmerge { member } => coupons_of(tx, *member)?,
        _ => Vec::new(),
    };
    let decision = order::decide(tx, order, &store, &coupons)?.map_err(OrderError::Refused)?;
    let key = order::key(tx, decision.home)?;
    let heading = Heading {
        cause: Cause::Job(order.name().to_owned()),
        verdict: decision.verdict(),
        code: decision.code().to_owned(),
        case: decision.case(),
        kind: order.name().to_owned(),
    };
    for entry in decision.entries.iter().filter(|entry| !entry.effects.is_empty()) {
        scribe.write(entry.shard, &heading, entry.effects.clone())?;
    }
    interest::follow(scribe, None, decision.entries.iter().flat_map(|entry| &entry.effects))?;
    keep_marks(scribe.tx(), (key, &store), &decision, scribe.now())?;
    Ok(decision)
}

/// The store that bears what a case of this order may cost: the member's home.
fn bearer(tx: &dyn Write, order: &Order) -> Result<StoreId, StoreError> {
    let member = match order {
        Order::Block { member, .. }
        | Order::Unblock { member }
        | Order::Unmerge { member }
        | Order::Erase { member } => *member,
        Order::Merge { from, .. } => *from,
        Order::IssueCoupon { coupon } => coupon.member,
        Order::RevokeCoupon { coupon } => match tx.coupon(*coupon)? {
            Some(coupon) => coupon.member,
            None => return Ok(StoreId::from("")),
        },
    };
    Ok(tx.member(member)?.map_or_else(|| StoreId::from(""), |known| known.row.home_store))
}

/// Coupons of a member under any of its names.
fn coupons_of(tx: &dyn Write, member: MemberId) -> Result<Vec<CouponRow>, StoreError> {
    let Some(known) = tx.member(member)? else { return Ok(Vec::new()) };
    let mut coupons = tx.coupons_of(known.root)?;
    for (id, ..) in below(tx, known.root)? {
        coupons.extend(tx.coupons_of(id)?);
    }
    Ok(coupons)
}

fn terminal_order(scribe: &mut Scribe<'_>, order: &TerminalOrder) -> Result<(), OrderError> {
    let (tx, now) = (scribe.tx(), scribe.now());
    let terminal = |id: TerminalId| tx.terminal(id)?.ok_or(OrderError::UnknownTerminal(id));
    match order {
        TerminalOrder::Reassign { terminal: id, store, till_no } => {
            if tx.store(store)?.is_none() {
                return Err(OrderError::UnknownStore(store.clone()));
            }
            streams::reassign(tx, &terminal(*id)?, store, *till_no)?;
            // The till hears of its new store with its configuration.
            publish(scribe)?;
        }
        TerminalOrder::RevokeTerminal { terminal: id } => {
            let mut row = terminal(*id)?;
            row.revoked_at.get_or_insert(now);
            tx.put_terminal(&row)?;
        }
        TerminalOrder::Hold { terminal: id, members } => interest::choose(tx, &terminal(*id)?, *members)?,
        TerminalOrder::Leave { store, member } => {
            interest::leave(scribe, *member, store)?;
        }
    }
    Ok(())
}

/// Makes what the tables say the newest version of the configuration, and decides what waited for it.
///
/// # Errors
/// What the database reports.
pub fn publish(scribe: &mut Scribe<'_>) -> Result<u64, StoreError> {
    // Two publications at once get two numbers.
    scribe.tx().lock(&[Shard(0)])?;
    let version = published(scribe.tx())? + 1;
    scribe.tx().put_meta(CONFIG_VERSION, version.to_string().as_bytes())?;
    reconsider_bundles(scribe, version..=version)?;
    Ok(version)
}
