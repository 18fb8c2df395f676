//! Collects the effects of one decision: every movement has two sides, every balance is known after it.

use std::collections::HashMap;

use ledger::coupon::CouponState;
use ledger::id::{CouponId, EventKey, MemberId, Shard, StoreId};
use ledger::posting::{Account, ExceptionKind, Unit};

use super::decision::{CaseDraft, Decision, Mark, ShardEntry, case_id};
use super::party::Party;
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
    party: Party,
    store: StoreId,
    /// Cases of the half before this one.
    cases_before: usize,
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
            party: Party::Nobody,
            store: StoreId::from(""),
            cases_before: 0,
            cases: Vec::new(),
            marks: Vec::new(),
        }
    }

    /// From now on what moves on the party's accounts says whom the fact named; what would move for an
    /// erased member moves on the anonymous account of `store`.
    pub fn speaks_for(&mut self, party: Party, store: &StoreId) {
        self.party = party;
        self.store = store.clone();
    }

    /// True when `member` was erased: nothing of theirs is judged or lent any more.
    pub fn is_forgotten(&self, member: MemberId) -> bool {
        self.party == Party::Erased(member)
    }

    fn stands_for(&self, account: Account) -> Account {
        match (&account, self.party) {
            (Account::Member(id) | Account::Stored(id), Party::Erased(gone)) if *id == gone => {
                Account::Anon(self.store.clone())
            }
            _ => account,
        }
    }

    /// The member whom the fact named, when `account` is that of its survivor.
    fn named(&self, account: &Account) -> Option<MemberId> {
        match (account, self.party) {
            (Account::Member(id) | Account::Stored(id), Party::Member { root, named }) => {
                (*id == root && named != root).then_some(named)
            }
            _ => None,
        }
    }

    /// The balance in the home shard, with what this page has moved already.
    ///
    /// # Errors
    /// What the view reports.
    pub fn balance(&self, account: &Account, unit: Unit) -> Result<i64, V::Error> {
        let account = self.stands_for(account.clone());
        match self.balances.get(&(account.clone(), unit)) {
            Some(balance) => Ok(*balance),
            None => self.view.balance(self.home, &account, unit),
        }
    }

    /// One side of a movement. Callers post both; [`Book::transfer`] does.
    ///
    /// # Errors
    /// What the view reports.
    pub fn post(&mut self, account: Account, unit: Unit, delta: i64) -> Result<(), V::Error> {
        let named = self.named(&account);
        self.post_as(account, named, unit, delta)
    }

    /// [`Book::post`] in the name of another member than the fact's.
    ///
    /// # Errors
    /// What the view reports.
    pub fn post_as(
        &mut self,
        account: Account,
        named: Option<MemberId>,
        unit: Unit,
        delta: i64,
    ) -> Result<(), V::Error> {
        let account = self.stands_for(account);
        let balance_after = self.balance(&account, unit)?.saturating_add(delta);
        self.balances.insert((account.clone(), unit), balance_after);
        self.effect(self.home, Effect::Post { account, unit, delta, balance_after, named });
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
        if ledger::planted!("one_sided_post") {
            return Ok(());
        }
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
        if ledger::planted!("case_doubled") && self.cases.is_empty() {
            self.case_once(rule, (unit, amount), concern.clone());
        }
        self.case_once(rule, (unit, amount), concern);
    }

    fn case_once(&mut self, rule: Rule, (unit, amount): (Unit, i64), concern: Concern) {
        let n = self.cases_before + self.cases.len();
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

    /// Goes on in another shard, for the other half of what crosses between two. The first half comes
    /// back closed; the same page goes on when it is the same shard.
    pub fn turn_to(self, home: Shard) -> (Option<Decision>, Self) {
        if home == self.home {
            return (None, self);
        }
        let mut next = Book::open(self.view, self.key, home);
        next.cases_before = self.cases_before + self.cases.len();
        (Some(self.close()), next)
    }

    /// Closes this half behind the first one, in whose shard the verdict stands.
    pub fn close_after(self, first: Option<Decision>) -> Decision {
        let second = self.close();
        let Some(mut whole) = first else { return second };
        whole.rule = table::worse(whole.rule, second.rule);
        for entry in second.entries {
            match whole.entries.iter_mut().find(|known| known.shard == entry.shard) {
                Some(known) => known.effects.extend(entry.effects),
                None => whole.entries.push(entry),
            }
        }
        whole.cases.extend(second.cases);
        whole.marks.extend(second.marks);
        whole
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
