//! C1, C17, C19: points earned and spent. What the receipt says stands; what it cannot be paid from is the
//! store's exception, or the member's debt where the programme says so.

use ledger::id::{MemberId, StoreId};
use ledger::points::Points;
use ledger::posting::{Account, ExceptionKind, Unit};
use ledger::programme::BalanceRule;
use ledger::sale::Sale;
use ledger::time::{BusinessDay, Zone};

use super::arrival::Arrival;
use super::book::{Book, Concern};
use super::lot::{self, Lots};
use super::view::View;
use super::{clock, programme, table};

/// How the chain keeps points, and the day on which the event happened.
struct Keeping {
    rule: BalanceRule,
    day: BusinessDay,
    /// By headquarters' clock.
    today: BusinessDay,
}

fn keeping<V: View + ?Sized>(view: &V, arrival: Arrival<'_>) -> Result<Keeping, V::Error> {
    let newest = programme::latest(view)?;
    let rule = newest.map(|published| published.programme.balance.clone()).unwrap_or_default();
    let today = BusinessDay::at(arrival.now, Zone::CHINA);
    Ok(Keeping { rule, day: day_of(view, arrival)?, today })
}

/// The store's day by the till's best knowledge of the time; by headquarters' clock when it had none.
fn day_of<V: View + ?Sized>(view: &V, arrival: Arrival<'_>) -> Result<BusinessDay, V::Error> {
    let at = match clock::is_suspect(view, arrival.event)? {
        true => arrival.now,
        false => arrival.event.head.clocks.t_eff(),
    };
    Ok(BusinessDay::at(at, Zone::CHINA))
}

/// Spends what the receipt says, then earns.
///
/// # Errors
/// What the view reports.
pub fn decide<V: View + ?Sized>(
    book: &mut Book<'_, V>,
    arrival: Arrival<'_>,
    member: MemberId,
    sale: &Sale,
) -> Result<(), V::Error> {
    if book.is_forgotten(member) {
        // Nobody is there to be judged: only the sums are kept.
        let account = Account::Member(member);
        book.transfer(account.clone(), Account::Programme, Unit::Points, sale.points_redeemed.0)?;
        return book.transfer(Account::Programme, account, Unit::Points, sale.points_earned.0);
    }
    if sale.points_redeemed == Points::ZERO && sale.points_earned == Points::ZERO {
        return check(book, arrival, member, sale);
    }
    let keeping = keeping(book.view(), arrival)?;
    redeem(book, (member, arrival.store), sale.points_redeemed, &keeping)?;
    let account = Account::Member(member);
    book.transfer(Account::Programme, account.clone(), Unit::Points, sale.points_earned.0)?;
    if ledger::planted!("earn_twice") {
        book.transfer(Account::Programme, account.clone(), Unit::Points, sale.points_earned.0)?;
    }
    let balance = book.balance(&account, Unit::Points)?;
    lot::add(book, member, (sale.points_earned.0, balance), (&keeping.rule, keeping.day))?;
    check(book, arrival, member, sale)
}

fn redeem<V: View + ?Sized>(
    book: &mut Book<'_, V>,
    (member, store): (MemberId, &StoreId),
    points: Points,
    keeping: &Keeping,
) -> Result<(), V::Error> {
    let account = Account::Member(member);
    if points == Points::ZERO {
        return Ok(());
    }
    let mut lots = Lots::of(book.view(), member)?;
    // The nightly job may not have come to it yet.
    let had = book.balance(&account, Unit::Points)?;
    let gone = lots.expire(keeping.day.min(keeping.today), book.view().lsn(book.home())? + 1, had);
    book.transfer(account.clone(), Account::Programme, Unit::Points, gone)?;
    let reopened = lots.eat(points.0, keeping.day);
    book.transfer(Account::Programme, account.clone(), Unit::Points, reopened)?;
    let balance = book.balance(&account, Unit::Points)?;
    let covered = if keeping.rule.overdraft_is_debt { points.0 } else { balance.clamp(0, points.0) };
    book.transfer(account, Account::Programme, Unit::Points, covered)?;
    let concern = |detail| Concern { member: Some(member), detail, ..Concern::default() };
    let too_late = lots.expired_before(keeping.day);
    lots.close(book);
    if balance >= 0 && covered > balance {
        let detail = format!("spent {points}, had {balance}; the rest is the member's debt");
        book.case(table::OVERDRAFT, (Unit::Points, 0), concern(detail));
    }
    let short = points.0 - covered;
    let expired = short.min(too_late);
    for (rule, kind, part, why) in [
        (table::POINTS_EXPIRED, ExceptionKind::PointsExpired, expired, "expired before"),
        (table::OVERDRAFT, ExceptionKind::Overdraft, short - expired, "were not there"),
    ] {
        if part > 0 && !ledger::planted!("overdraft_unposted") {
            let detail = format!("spent {points}, had {covered}: {} {why}", Points(part));
            book.exception(rule, (kind, store), (Unit::Points, part), concern(detail))?;
        }
    }
    Ok(())
}

/// The lots after a refund that gave `net` points back, or took them; the rule that they follow.
///
/// # Errors
/// What the view reports.
pub fn put_back<V: View + ?Sized>(
    book: &mut Book<'_, V>,
    arrival: Arrival<'_>,
    member: MemberId,
    net: i64,
) -> Result<BalanceRule, V::Error> {
    let Keeping { rule, day, .. } = keeping(book.view(), arrival)?;
    if net > 0 {
        let balance = book.balance(&Account::Member(member), Unit::Points)?;
        lot::add(book, member, (net, balance), (&rule, day))?;
    } else if net < 0 {
        let mut lots = Lots::of(book.view(), member)?;
        lots.take_back(-net);
        lots.close(book);
    }
    Ok(rule)
}

/// C17: counts again with the programme that the receipt names. The printed figure stands; what it is more
/// or less than it should be stands on the exception account.
fn check<V: View + ?Sized>(
    book: &mut Book<'_, V>,
    arrival: Arrival<'_>,
    member: MemberId,
    sale: &Sale,
) -> Result<(), V::Error> {
    let Some(named) = &sale.member else { return Ok(()) };
    let Some(pinned) = programme::pinned(book.view(), sale.programme_version)? else { return Ok(()) };
    let due = pinned.programme.earns(sale.total_fen, &named.tier);
    let over = sale.points_earned.minus(due).0;
    if over != 0 {
        let detail = format!(
            "the receipt says {}, programme {} gives {due}",
            sale.points_earned, sale.programme_version
        );
        let concern = Concern { member: Some(member), detail, ..Concern::default() };
        let account = (ExceptionKind::CalcMismatch, arrival.store);
        book.exception(table::CALC_MISMATCH, account, (Unit::Points, over), concern)?;
    }
    let age_ms = pinned.retired_at.map(|at| arrival.event.head.clocks.t_eff().since(at));
    if age_ms.is_some_and(|age_ms| age_ms > programme::GRACE_MS) {
        book.ends_as(table::STALE_RULE);
    }
    Ok(())
}
