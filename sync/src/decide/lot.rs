//! C19: points expire in lots, oldest first, and a redemption counts for the day on which it happened:
//! what expired before it arrived comes back for it.

use ledger::id::{Anchor, EventKey, MemberId, Shard, StoreId};
use ledger::posting::{Account, Unit};
use ledger::programme::BalanceRule;
use ledger::time::BusinessDay;

use super::book::Book;
use super::decision::{Decision, Mark};
use super::kept::{self, Keep, Kept, Lot};
use super::lending;
use super::view::View;

/// The lots of one member, the one that expires first in front.
#[derive(Clone, Debug, Default)]
pub struct Lots {
    lots: Vec<(String, Lot)>,
    before: Vec<Lot>,
}

fn id(member: MemberId, expires_on: BusinessDay, lsn: u64) -> String {
    format!("{member}/{}/{lsn:016}", expires_on.number())
}

/// The lot's day is the last on which its points are good.
impl Lots {
    /// # Errors
    /// What the view reports.
    pub fn of<V: View + ?Sized>(view: &V, member: MemberId) -> Result<Self, V::Error> {
        let lots: Vec<(String, Lot)> =
            kept::under(view, Anchor::from(member).shard(), &format!("{member}/"))?;
        let before = lots.iter().map(|(_, lot)| lot.clone()).collect();
        Ok(Lots { lots, before })
    }

    /// Points that are left in all of them.
    pub fn left(&self) -> i64 {
        self.lots.iter().map(|(_, lot)| lot.points_left).sum()
    }

    /// The last day of the lot that would be spent first on `day`.
    pub fn first_good(&self, day: BusinessDay) -> Option<BusinessDay> {
        let good = self.lots.iter().filter(|(_, lot)| lot.points_left > 0 && lot.expires_on >= day);
        good.map(|(_, lot)| lot.expires_on).next()
    }

    /// Takes up to `points` that were good on `day`, those first that expire first. Of it, what had been
    /// expired since and is good again comes back.
    pub fn eat(&mut self, points: i64, day: BusinessDay) -> i64 {
        let (mut rest, mut reopened) = (points, 0);
        for (_, lot) in self.lots.iter_mut().filter(|(_, lot)| lot.expires_on >= day) {
            let live = lot.points_left.min(rest);
            lot.points_left -= live;
            rest -= live;
            if let Some((_, expired)) = lot.expired.as_mut().filter(|_| !ledger::planted!("ended_for_good")) {
                let back = (*expired).min(rest);
                *expired -= back;
                rest -= back;
                reopened += back;
            }
        }
        reopened
    }

    /// Takes back what a refund claws back: from the newest, or a purchase and its refund would lengthen the
    /// life of older points.
    pub fn take_back(&mut self, points: i64) {
        let mut rest = points;
        for (_, lot) in self.lots.iter_mut().rev() {
            let part = lot.points_left.min(rest);
            lot.points_left -= part;
            rest -= part;
        }
    }

    /// What expired before `day` and stayed so.
    pub fn expired_before(&self, day: BusinessDay) -> i64 {
        let old = self.lots.iter().filter(|(_, lot)| lot.expires_on < day);
        old.filter_map(|(_, lot)| lot.expired).map(|(_, points)| points).sum()
    }

    /// Expires what was good until before `today` of the `had` points that the account holds; `lsn` is the
    /// entry that does it. What it takes comes back. A merge, a parting, an erasure or a person's answer to a
    /// case moves points and no lots: of a lot that is left so, only what is there can expire.
    pub fn expire(&mut self, today: BusinessDay, lsn: u64, had: i64) -> i64 {
        let mut sum = 0;
        for (_, lot) in self.lots.iter_mut().filter(|(_, lot)| lot.expires_on < today && lot.points_left > 0)
        {
            let gone = lot.points_left.min(had.max(0) - sum);
            let before = lot.expired.map_or(0, |(_, points)| points);
            lot.expired = Some((lsn, before + gone));
            sum += gone;
            lot.points_left = 0;
        }
        sum
    }

    fn is_changed(&self) -> bool {
        self.lots.iter().zip(&self.before).any(|((_, lot), before)| lot != before)
    }

    /// Notes what changed.
    pub fn close<V: View + ?Sized>(self, book: &mut Book<'_, V>) {
        let shard = book.home();
        for ((id, lot), before) in self.lots.into_iter().zip(self.before) {
            if lot != before {
                book.mark(Mark::Keep(Keep::put(shard, id, &lot)));
            }
        }
    }
}

/// Earned points make a lot when they expire at all. A debt is paid first: only what is above zero is left.
pub fn add<V: View + ?Sized>(
    book: &mut Book<'_, V>,
    member: MemberId,
    (points, balance_after): (i64, i64),
    (rule, day): (&BalanceRule, BusinessDay),
) -> Result<(), V::Error> {
    let Some(months) = rule.expiry_months.filter(|_| points > 0 && !book.is_forgotten(member)) else {
        return Ok(());
    };
    add_until(book, member, (points, balance_after), day.plus_months(months))
}

/// The same, for points that are good until a day that is known.
///
/// # Errors
/// What the view reports.
pub fn add_until<V: View + ?Sized>(
    book: &mut Book<'_, V>,
    member: MemberId,
    (points, balance_after): (i64, i64),
    expires_on: BusinessDay,
) -> Result<(), V::Error> {
    let lsn = book.view().lsn(book.home())? + 1;
    let points_left = balance_after.clamp(0, points);
    let lot = Lot { points_left, points_earned: points, expires_on, expired: None };
    let shard = book.home();
    book.mark(Mark::Keep(Keep::put(shard, id(member, expires_on, lsn), &lot)));
    Ok(())
}

/// Takes what expired off a member's account; None when nothing did.
///
/// # Errors
/// What the view reports.
pub fn expire<V: View + ?Sized>(
    view: &V,
    key: EventKey,
    member: MemberId,
    (store, today): (&StoreId, BusinessDay),
) -> Result<Option<Decision>, V::Error> {
    let shard = Anchor::from(member).shard();
    let mut lots = Lots::of(view, member)?;
    let mut book = Book::open(view, key, shard);
    let account = Account::Member(member);
    let gone = lots.expire(today, view.lsn(shard)? + 1, book.balance(&account, Unit::Points)?);
    if !lots.is_changed() {
        return Ok(None);
    }
    book.transfer(account, Account::Programme, Unit::Points, gone)?;
    lots.close(&mut book);
    if gone > 0 {
        lending::lend_again(&mut book, member, store)?;
    }
    Ok(Some(book.close()))
}

/// The members of a shard who have lots that end before `today`.
///
/// # Errors
/// What the view reports.
pub fn due<V: View + ?Sized>(view: &V, shard: Shard, today: BusinessDay) -> Result<Vec<MemberId>, V::Error> {
    let rows = view.kept_under(shard, Lot::KIND, "")?;
    let mut members: Vec<MemberId> = Vec::new();
    for (id, body) in rows {
        let Ok(lot) = serde_json::from_value::<Lot>(body) else { continue };
        let member = id.split('/').next().and_then(|member| member.parse().ok());
        if let Some(member) = member.filter(|_| lot.expires_on < today && lot.points_left > 0)
            && members.last() != Some(&member)
        {
            members.push(member);
        }
    }
    Ok(members)
}
