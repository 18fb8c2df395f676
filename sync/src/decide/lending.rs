//! What each store that saw a member may let the member spend offline, after every move of the balance.
//!
//! Points: the chain's share of the balance, split evenly; the sum may exceed the balance when the chain
//! says so. Stored value: a bounded counter. What one store was told stays reserved until it cannot be
//! spent any more, so the sum of what stores may still spend never exceeds the balance.

use ledger::id::{MemberId, Shard, StoreId};
use ledger::member::MemberState;
use ledger::money::Fen;
use ledger::posting::{Account, Unit};
use ledger::programme::OfflineRule;
use ledger::quota::lend;
use ledger::time::{DAY_MS, HOUR_MS, MINUTE_MS, Timestamp};

use super::book::Book;
use super::hold;
use super::programme;
use super::view::{Lent, View};
use crate::protocol::entry::Effect;

/// How wrong a till may be about HQ's clock when it judges an end.
const CLOCK_ERROR_MS: i64 = 15 * MINUTE_MS;
/// How long after its end a sale made inside a quota may still arrive.
const UPLOAD_DELAY_MS: i64 = 7 * DAY_MS;

/// A store that HQ hears from about a member.
#[derive(Clone, Copy, Debug)]
pub struct Visit<'a> {
    pub store: &'a StoreId,
    /// HQ's clock.
    pub now: Timestamp,
    /// Stored value that this event spent without HQ.
    pub spent_fen: Fen,
}

/// A member's stored value as HQ sees it, fen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Funds {
    pub balance: i64,
    /// Set aside by open holds.
    pub held: i64,
}

/// Lends points anew to `store` and to every store that saw `member` before; unchanged quotas stay
/// unsaid. Stored value stays lent as it is.
///
/// # Errors
/// What the view reports.
pub fn lend_again<V: View + ?Sized>(
    book: &mut Book<'_, V>,
    member: MemberId,
    store: &StoreId,
) -> Result<(), V::Error> {
    lend_anew(book, member, store, None)
}

/// The same, and stored value to the store that comes.
///
/// # Errors
/// What the view reports.
pub fn lend_to<V: View + ?Sized>(
    book: &mut Book<'_, V>,
    member: MemberId,
    visit: Visit<'_>,
) -> Result<(), V::Error> {
    lend_anew(book, member, visit.store, Some(visit))
}

/// The chain's limits as last published.
///
/// # Errors
/// What the view reports.
pub fn rule<V: View + ?Sized>(view: &V) -> Result<OfflineRule, V::Error> {
    Ok(programme::latest(view)?.map(|last| last.programme.offline.clone()).unwrap_or_default())
}

/// Stored value that stores may still spend, as far as HQ can know.
pub fn reserved(lent: &[Lent], now: Timestamp) -> i64 {
    lent.iter().filter(|lent| is_live(lent, now)).map(|lent| lent.fen).sum()
}

fn lend_anew<V: View + ?Sized>(
    book: &mut Book<'_, V>,
    member: MemberId,
    store: &StoreId,
    visit: Option<Visit<'_>>,
) -> Result<(), V::Error> {
    let rule = rule(book.view())?;
    let mut lent = book.view().quotas(member)?;
    if !lent.iter().any(|known| known.store == *store) {
        lent.push(Lent { store: store.clone(), points: -1, fen: 0, until: None });
    }
    let before = lent.clone();
    if is_barred(book.view(), member)? {
        lent.iter_mut().for_each(|lent| *lent = nothing(&lent.store));
    } else {
        let stores = u32::try_from(lent.len()).unwrap_or(u32::MAX);
        let balance = book.balance(&Account::Member(member), Unit::Points)?;
        let points = lend(balance, stores, rule.points_share_permille);
        lent.iter_mut().for_each(|lent| lent.points = points);
        if let Some(visit) = visit {
            let balance = book.balance(&Account::Stored(member), Unit::Fen)?;
            let held = match rule.stored_share_permille {
                0 => 0,
                _ => hold::held(book.view(), member, visit.now, None)?.stored_fen.0,
            };
            lend_stored(&mut lent, visit, Funds { balance, held }, &rule);
        }
    }
    let shard: Shard = book.home();
    for (now, before) in lent.into_iter().zip(before) {
        if now != before {
            let Lent { store, points, fen, until } = now;
            book.effect(shard, Effect::Quota { member, store, points, fen, until });
        }
    }
    Ok(())
}

/// Nobody lends to a member who may not spend at all.
fn is_barred<V: View + ?Sized>(view: &V, member: MemberId) -> Result<bool, V::Error> {
    let known = view.member(member)?;
    Ok(known.is_some_and(|known| matches!(known.row.state, MemberState::Blocked | MemberState::Erased)))
}

fn nothing(store: &StoreId) -> Lent {
    Lent { store: store.clone(), points: 0, fen: 0, until: None }
}

fn is_live(lent: &Lent, now: Timestamp) -> bool {
    lent.until.is_some_and(|until| now < until.plus_ms(CLOCK_ERROR_MS + UPLOAD_DELAY_MS))
}

/// What the visiting store spent leaves its quota; then it gets its share as far as nobody else may
/// spend it. A quota that was told is never lowered otherwise: the store may not hear of it in time.
pub fn lend_stored(lent: &mut [Lent], visit: Visit<'_>, funds: Funds, rule: &OfflineRule) {
    for lent in lent.iter_mut().filter(|lent| !is_live(lent, visit.now)) {
        (lent.fen, lent.until) = (0, None);
    }
    let others: i64 = lent.iter().filter(|lent| lent.store != *visit.store).map(|lent| lent.fen).sum();
    let stores = u32::try_from(lent.len()).unwrap_or(u32::MAX);
    let share = lend(funds.balance, stores, rule.stored_share_permille.min(1000));
    let Some(mine) = lent.iter_mut().find(|lent| lent.store == *visit.store) else { return };
    mine.fen = (mine.fen - visit.spent_fen.0).max(0);
    if mine.fen <= share {
        let others = if ledger::planted!("stored_lent_twice") { 0 } else { others };
        let free = funds.balance - funds.held - others;
        mine.fen = share.min(free).max(mine.fen);
        mine.until = renewed(mine.until, visit.now, rule);
    }
    if mine.fen == 0 {
        mine.until = None;
    }
}

/// Renewed when half of the time has passed, so that not every sale says so.
fn renewed(until: Option<Timestamp>, now: Timestamp, rule: &OfflineRule) -> Option<Timestamp> {
    let term_ms = i64::from(rule.stored_hours) * HOUR_MS;
    until.filter(|until| until.since(now) > term_ms / 2).or(Some(now.plus_ms(term_ms)))
}
