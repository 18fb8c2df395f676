//! Collects the effects of one decision: every movement has two sides, every balance is known after it.

use std::collections::HashMap;

use ledger::coupon::CouponState;
use ledger::id::{CouponId, EventKey, MemberId, Shard, StoreId};
use ledger::posting::{Account, ExceptionKind, Unit};

use super::decision::{CaseDraft, Decision, Mark, ShardEntry, case_id};
use super::table::{self, Rule};
use super::view::View;
use crate::protocol::entry::Effect;

/// The open page of one event.
pub struct Book<'v, V: View + ?Sized> {
    view: &'v V,
    key: EventKey,
    home: Shard,
    rule: Rule,
    entries: Vec<ShardEntry>,
    balances: HashMap<(Account, Unit), i64>,
    cases: Vec<CaseDraft>,
    marks: Vec<Mark>,
}

/// What went wrong and whom it concerns; becomes a case.
#[derive(Clone, Debug, Default)]
pub struct Concern {
    pub member: Option<MemberId>,
    pub other: Option<MemberId>,
    pub coupon: Option<CouponId>,
    pub detail: String,
}

impl<'v, V: View + ?Sized> Book<'v, V> {
    pub fn open(view: &'v V, key: EventKey, home: Shard) -> Self {
        Book {
            view,
            key,
            home,
            rule: table::OK,
            entries: vec![ShardEntry { shard: home, effects: Vec::new() }],
            balances: HashMap::new(),
            cases: Vec::new(),
            marks: Vec::new(),
        }
    }

    /// The balance in the home shard, with what this page has moved already.
    ///
    /// # Errors
    /// What the view reports.
    pub fn balance(&self, account: &Account, unit: Unit) -> Result<i64, V::Error> {
        match self.balances.get(&(account.clone(), unit)) {
            Some(balance) => Ok(*balance),
            None => self.view.balance(self.home, account, unit),
        }
    }

    /// One side of a movement. Callers post both; [`Book::transfer`] does.
    ///
    /// # Errors
    /// What the view reports.
    pub fn post(&mut self, account: Account, unit: Unit, delta: i64) -> Result<(), V::Error> {
        let balance_after = self.balance(&account, unit)?.saturating_add(delta);
        self.balances.insert((account.clone(), unit), balance_after);
        self.effect(self.home, Effect::Post { account, unit, delta, balance_after, named: None });
        Ok(())
    }

    /// Moves `amount` between two accounts; nothing for 0.
    ///
    /// # Errors
    /// What the view reports.
    pub fn transfer(&mut self, from: Account, to: Account, unit: Unit, amount: i64) -> Result<(), V::Error> {
        if amount == 0 {
            return Ok(());
        }
        self.post(from, unit, -amount)?;
        self.post(to, unit, amount)
    }

    /// Books `amount` as the store's loss and opens the case that explains it.
    ///
    /// # Errors
    /// What the view reports.
    pub fn exception(
        &mut self,
        rule: Rule,
        account: (ExceptionKind, &StoreId),
        (unit, amount): (Unit, i64),
        concern: Concern,
    ) -> Result<(), V::Error> {
        let counter = match unit {
            Unit::Points => Account::Programme,
            Unit::Fen => Account::Cost,
        };
        self.transfer(Account::Exception(account.0, account.1.clone()), counter, unit, amount)?;
        self.case(rule, (unit, amount), concern);
        Ok(())
    }

    pub fn case(&mut self, rule: Rule, (unit, amount): (Unit, i64), concern: Concern) {
        let n = self.cases.len();
        self.cases.push(CaseDraft {
            id: case_id(self.key, rule.code, n),
            kind: rule.code,
            shard: self.home,
            member: concern.member,
            other: concern.other,
            coupon: concern.coupon,
            unit,
            amount,
            detail: concern.detail,
        });
        self.ends_as(rule);
    }

    /// The event ends at least as badly as `rule`.
    pub fn ends_as(&mut self, rule: Rule) {
        self.rule = if self.rule == table::OK { rule } else { table::worse(self.rule, rule) };
    }

    pub fn coupon(&mut self, shard: Shard, id: CouponId, state: CouponState) {
        let by = (state == CouponState::Used).then_some(self.key);
        self.effect(shard, Effect::Coupon { id, state, by });
    }

    /// True when this page itself took the coupon already.
    pub fn took(&self, coupon: CouponId) -> bool {
        self.entries
            .iter()
            .flat_map(|entry| &entry.effects)
            .any(|effect| matches!(effect, Effect::Coupon { id, .. } if *id == coupon))
    }

    pub fn effect(&mut self, shard: Shard, effect: Effect) {
        match self.entries.iter_mut().find(|entry| entry.shard == shard) {
            Some(entry) => entry.effects.push(effect),
            None => self.entries.push(ShardEntry { shard, effects: vec![effect] }),
        }
    }

    pub fn mark(&mut self, mark: Mark) {
        self.marks.push(mark);
    }

    pub fn view(&self) -> &'v V {
        self.view
    }

    pub fn key(&self) -> EventKey {
        self.key
    }

    pub fn home(&self) -> Shard {
        self.home
    }

    pub fn close(self) -> Decision {
        Decision {
            rule: self.rule,
            home: self.home,
            entries: self.entries,
            cases: self.cases,
            waits_for: None,
            marks: self.marks,
        }
    }
}
