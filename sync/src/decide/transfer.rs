//! C34: points from one member to another. Three steps, each whole in the log of one shard: set aside at the
//! source, credited to the target, taken from the source. The target's mark is written once and decides
//! whether the transfer happens, so whatever breaks off between two steps can be finished from either side.

use ledger::grant::{AuthId, Spend};
use ledger::id::{Anchor, MemberId, Shard, StoreId, TerminalId};
use ledger::member::MemberState;
use ledger::money::Fen;
use ledger::points::Points;
use ledger::posting::{Account, ExceptionKind, Unit};
use ledger::time::{BusinessDay, DAY_MS, Timestamp, Zone};
use serde::{Deserialize, Serialize};

use super::book::{Book, Concern};
use super::decision::{Decision, Mark};
use super::kept::{self, Hold, HoldState, Keep, Kept, hold_id};
use super::lot::{self, Lots};
use super::view::View;
use super::{hold, lending, order, programme, table};
use crate::protocol::transfer::{TransferRefusal, TransferRequest, Transferred};

/// Longer than anything takes to finish; a hold that outlives it would set funds aside for ever.
const HOLD_MS: i64 = 30 * DAY_MS;

/// The source's side. Id: the auth id; shard: the source's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    pub from: MemberId,
    pub to: MemberId,
    pub points: Points,
    /// Whose till asked: bears what goes wrong.
    pub store: StoreId,
    /// The first day on which any of the points would expire, if they do.
    #[serde(default)]
    pub good_until: Option<BusinessDay>,
    pub state: Transferred,
}

impl Kept for Transfer {
    const KIND: &'static str = "transfer";
}

/// The target's side: written once. Id: the auth id; shard: the target's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credited {
    pub credited: bool,
}

impl Kept for Credited {
    const KIND: &'static str = "credited";
}

pub fn shard_of(member: MemberId) -> Shard {
    Anchor::from(member).shard()
}

/// What HQ remembers of a transfer.
///
/// # Errors
/// What the view reports.
pub fn known<V: View + ?Sized>(view: &V, from: MemberId, auth: AuthId) -> Result<Option<Transfer>, V::Error> {
    kept::one(view, shard_of(from), &auth.0.to_string())
}

/// The first step: sets the points aside, or says no for ever. `asker` is the till and its store.
///
/// # Errors
/// What the view reports.
pub fn set_aside<V: View + ?Sized>(
    view: &V,
    ask: &TransferRequest,
    (terminal, store): (TerminalId, &StoreId),
    now: Timestamp,
) -> Result<Decision, V::Error> {
    let shard = shard_of(ask.from);
    let mut transfer = Transfer {
        from: ask.from,
        to: ask.to,
        points: ask.points,
        store: store.clone(),
        good_until: None,
        state: Transferred::Underway,
    };
    let mut book = Book::open(view, order::key(view, shard)?, shard);
    match refusal(view, ask, now)? {
        Some(code) => transfer.state = Transferred::Refused { code },
        None => {
            let today = BusinessDay::at(now, Zone::CHINA);
            transfer.good_until = Lots::of(view, ask.from)?.first_good(today);
            let hold = Hold {
                terminal,
                store: store.clone(),
                spend: Spend {
                    member: ask.from,
                    points: ask.points,
                    stored_fen: Fen::ZERO,
                    coupons: Vec::new(),
                },
                until: now.plus_ms(HOLD_MS),
                state: HoldState::Open,
                lsn: view.lsn(shard)? + 1,
                by: None,
            };
            book.mark(Mark::Keep(Keep::put(shard, hold_id(ask.from, ask.auth_id), &hold)));
        }
    }
    book.mark(Mark::Keep(Keep::put(shard, ask.auth_id.0.to_string(), &transfer)));
    Ok(book.close())
}

fn refusal<V: View + ?Sized>(
    view: &V,
    ask: &TransferRequest,
    now: Timestamp,
) -> Result<Option<TransferRefusal>, V::Error> {
    if ask.points <= Points::ZERO || ask.from == ask.to {
        return Ok(Some(TransferRefusal::Nothing));
    }
    for member in [ask.from, ask.to] {
        // A member who became another is asked for by the name that survived.
        let known = view.member(member)?.filter(|known| known.root == member);
        match known.map(|known| known.row.state) {
            None | Some(MemberState::Erased) => return Ok(Some(TransferRefusal::UnknownMember)),
            Some(MemberState::Blocked) => return Ok(Some(TransferRefusal::Blocked)),
            Some(MemberState::Active | MemberState::Provisional) => {}
        }
    }
    let balance = view.balance(shard_of(ask.from), &Account::Member(ask.from), Unit::Points)?;
    let free = balance - hold::held(view, ask.from, now, None)?.points.0;
    Ok((free < ask.points.0).then_some(TransferRefusal::Insufficient))
}

/// The second step: the target gets the points, unless it went meanwhile; None when this was decided before.
///
/// # Errors
/// What the view reports.
pub fn credit<V: View + ?Sized>(
    view: &V,
    auth: AuthId,
    transfer: &Transfer,
) -> Result<Option<Decision>, V::Error> {
    let (to, shard, id) = (transfer.to, shard_of(transfer.to), auth.0.to_string());
    if kept::one::<V, Credited>(view, shard, &id)?.is_some() {
        return Ok(None);
    }
    let there = view.member(to)?.is_some_and(|known| {
        known.root == to && matches!(known.row.state, MemberState::Active | MemberState::Provisional)
    });
    let mut book = Book::open(view, order::key(view, shard)?, shard);
    book.mark(Mark::Keep(Keep::put(shard, id, &Credited { credited: there })));
    if there {
        let points = transfer.points.0;
        book.transfer(Account::Programme, Account::Member(to), Unit::Points, points)?;
        if let Some(good_until) = transfer.good_until {
            let balance = book.balance(&Account::Member(to), Unit::Points)?;
            lot::add_until(&mut book, to, (points, balance), good_until)?;
        }
        lending::lend_again(&mut book, to, &transfer.store)?;
    }
    Ok(Some(book.close()))
}

/// The last step: what the target got is taken from the source, or what was set aside is free again; None
/// when there is nothing to finish. What was spent in the meantime is the store's exception.
///
/// # Errors
/// What the view reports.
pub fn finish<V: View + ?Sized>(
    view: &V,
    auth: AuthId,
    transfer: &Transfer,
    now: Timestamp,
) -> Result<Option<Decision>, V::Error> {
    let (shard, id) = (shard_of(transfer.from), auth.0.to_string());
    let mark: Option<Credited> = kept::one(view, shard_of(transfer.to), &id)?;
    let known = known(view, transfer.from, auth)?;
    let (Some(mark), Some(Transferred::Underway)) = (mark, known.map(|known| known.state)) else {
        return Ok(None);
    };
    let mut book = Book::open(view, order::key(view, shard)?, shard);
    let (state, held) = match mark.credited {
        true => (Transferred::Done, HoldState::Captured),
        false => (Transferred::Refused { code: TransferRefusal::UnknownMember }, HoldState::Released),
    };
    if mark.credited {
        take(&mut book, transfer, now)?;
    }
    let hold = hold_id(transfer.from, auth);
    if let Some(open) = kept::one::<V, Hold>(view, shard, &hold)? {
        book.mark(Mark::Keep(Keep::put(shard, hold, &Hold { state: held, ..open })));
    }
    book.mark(Mark::Keep(Keep::put(shard, id, &Transfer { state, ..transfer.clone() })));
    lending::lend_again(&mut book, transfer.from, &transfer.store)?;
    Ok(Some(book.close()))
}

fn take<V: View + ?Sized>(
    book: &mut Book<'_, V>,
    transfer: &Transfer,
    now: Timestamp,
) -> Result<(), V::Error> {
    let (from, points) = (transfer.from, transfer.points.0);
    let account = Account::Member(from);
    let debt = programme::latest(book.view())?.is_some_and(|p| p.programme.balance.overdraft_is_debt);
    let balance = book.balance(&account, Unit::Points)?;
    let covered = if debt { points } else { balance.clamp(0, points) };
    let mut lots = Lots::of(book.view(), from)?;
    lots.eat(covered, BusinessDay::at(now, Zone::CHINA));
    lots.close(book);
    book.transfer(account, Account::Programme, Unit::Points, covered)?;
    if covered == points {
        return Ok(());
    }
    let detail = format!("gave {}, had {} left", transfer.points, Points(covered));
    let concern = Concern { member: Some(from), other: Some(transfer.to), detail, ..Concern::default() };
    let account = (ExceptionKind::Overdraft, &transfer.store);
    book.exception(table::OVERDRAFT, account, (Unit::Points, points - covered), concern)
}
