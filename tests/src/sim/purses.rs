//! C19 told a second time: points of members lot by lot, in headquarters' order, without a word of the code that
//! decides. Where points never end there are no lots, and a purse is a number.

use std::collections::{BTreeMap, BTreeSet};

use ledger::event::Clocks;
use ledger::id::MemberId;
use ledger::time::{BusinessDay, MINUTE_MS, Timestamp, Zone};

/// A till that heard headquarters so exactly is believed about the time: PROTOCOL, "Time".
const CONTACT_UNC_MS: u64 = 5 * MINUTE_MS.unsigned_abs();

/// Points that were earned together and end together.
#[derive(Clone, Debug)]
struct Lot {
    /// The last day on which they are good.
    ends_on: BusinessDay,
    left: i64,
    /// Taken at their end.
    gone: i64,
}

#[derive(Clone, Debug, Default)]
struct Purse {
    points: i64,
    /// The one that ends first in front; of one day the one that was earned first.
    lots: Vec<Lot>,
}

/// When something happened, as far as that is certain.
pub struct When {
    /// By the till's clock; another one by headquarters', where the till's may be wrong.
    days: Vec<BusinessDay>,
    today: BusinessDay,
}

impl When {
    pub fn of(clocks: &Clocks, decided_at: Timestamp) -> Self {
        let (day, today) =
            (BusinessDay::at(clocks.t_eff(), Zone::CHINA), BusinessDay::at(decided_at, Zone::CHINA));
        let heard = clocks.hq_off_ms.is_some() && clocks.hq_unc_ms.is_some_and(|unc| unc <= CONTACT_UNC_MS);
        let days = if heard || day == today { vec![day] } else { vec![day, today] };
        When { days, today }
    }
}

/// What a sale took of what it wanted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Spent {
    pub covered: i64,
    /// Of the rest, what was there once and had ended.
    pub ended: i64,
    /// Of the rest, what never was there.
    pub missing: i64,
}

#[derive(Default)]
pub struct Purses {
    /// For how many months points are good; None: for ever.
    pub months: Option<u32>,
    of: BTreeMap<MemberId, Purse>,
    /// Members whose points people moved, or who may be two: headquarters' word is taken.
    taken: BTreeSet<MemberId>,
}

impl Purses {
    pub fn points(&self, member: MemberId) -> i64 {
        self.of.get(&member).map_or(0, |purse| purse.points)
    }

    /// What the programme began with, or nobody can say better than headquarters.
    pub fn told(&mut self, member: MemberId, delta: i64) {
        self.of.entry(member).or_default().points += delta;
    }

    /// From now on headquarters' word is taken for the member, where points end at all.
    pub fn take_word(&mut self, member: MemberId) {
        if self.months.is_some() {
            self.taken.insert(member);
        }
    }

    /// None when headquarters' word was taken: what it `moved`.
    pub fn sale(
        &mut self,
        member: MemberId,
        when: &When,
        (redeemed, earned): (i64, i64),
        moved: i64,
    ) -> Option<Spent> {
        let months = self.months;
        self.fits(member, when, moved, |purse, day| {
            let spent = purse.spend(redeemed, day, when.today);
            purse.earn(earned, day, months);
            spent
        })
    }

    /// Of a sale so much is given back, less what it had earned.
    pub fn give_back(&mut self, member: MemberId, when: &When, net: i64, moved: i64) {
        let months = self.months;
        self.fits(member, when, moved, |purse, day| {
            if net < 0 {
                purse.take_back(-net);
            } else {
                purse.earn(net, day, months);
            }
        });
    }

    /// The night before `today` takes what has ended; what it should have taken where that is something else.
    pub fn night(&mut self, member: MemberId, today: BusinessDay, moved: i64) -> Option<i64> {
        if self.taken.contains(&member) {
            self.told(member, moved);
            return None;
        }
        let purse = self.of.entry(member).or_default();
        let before = purse.points;
        purse.end(today);
        let due = purse.points - before;
        (due != moved).then_some(due)
    }

    /// Does it as on the day that explains what headquarters `moved`.
    fn fits<T>(
        &mut self,
        member: MemberId,
        when: &When,
        moved: i64,
        what: impl Fn(&mut Purse, BusinessDay) -> T,
    ) -> Option<T> {
        if self.months.is_some() && when.days.len() > 1 {
            // Which of two days a lot begins with cannot be seen before it ends.
            self.taken.insert(member);
        }
        let purse = self.of.entry(member).or_default();
        if self.taken.contains(&member) {
            purse.points += moved;
            return None;
        }
        let day = when.days.first().copied().unwrap_or(when.today);
        Some(what(purse, day))
    }
}

impl Purse {
    /// Takes what was good until before `today`, but nothing that is not there.
    fn end(&mut self, today: BusinessDay) {
        for lot in self.lots.iter_mut().filter(|lot| lot.ends_on < today) {
            let part = lot.left.min(self.points.max(0));
            (lot.left, lot.gone) = (0, lot.gone + part);
            self.points -= part;
        }
    }

    fn spend(&mut self, redeemed: i64, day: BusinessDay, today: BusinessDay) -> Spent {
        if redeemed == 0 {
            return Spent::default();
        }
        self.end(day.min(today));
        let mut rest = redeemed;
        for lot in self.lots.iter_mut().filter(|lot| lot.ends_on >= day) {
            let live = lot.left.min(rest);
            let back = lot.gone.min(rest - live);
            (lot.left, lot.gone) = (lot.left - live, lot.gone - back);
            self.points += back;
            rest -= live + back;
        }
        let covered = self.points.clamp(0, redeemed);
        self.points -= covered;
        let short = redeemed - covered;
        let ended: i64 = self.lots.iter().filter(|lot| lot.ends_on < day).map(|lot| lot.gone).sum();
        Spent { covered, ended: short.min(ended), missing: short - short.min(ended) }
    }

    fn earn(&mut self, points: i64, day: BusinessDay, months: Option<u32>) {
        self.points += points;
        let Some(months) = months.filter(|_| points > 0) else { return };
        let lot = Lot { ends_on: day.plus_months(months), left: self.points.clamp(0, points), gone: 0 };
        let at = self.lots.partition_point(|known| known.ends_on <= lot.ends_on);
        self.lots.insert(at, lot);
    }

    /// From what ends last: a purchase and its refund must not lengthen the life of older points.
    fn take_back(&mut self, points: i64) {
        self.points -= points;
        let mut rest = points;
        for lot in self.lots.iter_mut().rev() {
            let part = lot.left.min(rest);
            lot.left -= part;
            rest -= part;
        }
    }
}
