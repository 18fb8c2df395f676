//! G8: a sequential model of the rules, written for reading, fed with the same facts in HQ's order. It
//! shares no code with the decision it checks.

use std::collections::{BTreeMap, BTreeSet};

use hq::jobs::keeping;
use ledger::coupon::CouponState;
use ledger::fact::Fact;
use ledger::id::{CouponId, EventKey, Hash, MemberId, Shard};
use ledger::posting::{Account, ExceptionKind, Unit};
use ledger::refund::Refund;
use ledger::sale::Sale;
use ledger::time::{BusinessDay, Zone};
use sync::decide::table;
use sync::protocol::entry::{Cause, Effect, Entry};
use sync::protocol::push::Verdict;

use super::actors::MONTHS;
use super::cast::Actor;
use super::oracle::Kept;
use super::purses::{Purses, Spent, When};
use super::world::World;

/// Kinds of cases that the model foresees.
const JUDGED: [&str; 3] = [table::OVERDRAFT.code, table::POINTS_EXPIRED.code, table::COUPON_REUSE.code];
/// The job that gave the first members their points.
const OPENING: &str = "opening";

/// What the model knows.
#[derive(Default)]
struct Model {
    purses: Purses,
    alias: BTreeMap<MemberId, MemberId>,
    used: BTreeMap<CouponId, Hash>,
    /// Covered and earned points of every sale that was decided, by the hash of what happened.
    sales: BTreeMap<Hash, (i64, i64)>,
    /// Sales of which the till could not say who bought: headquarters' word on their points is taken.
    guests: BTreeSet<Hash>,
    refunded: BTreeSet<Hash>,
    /// Sales that were given back before they came.
    orphans: BTreeSet<Hash>,
    erased: BTreeSet<MemberId>,
    issued: BTreeSet<CouponId>,
    revoked: BTreeSet<CouponId>,
    /// Events that must have a case of a kind.
    exceptions: BTreeSet<(EventKey, &'static str)>,
}

/// Final balances and coupons are those of the model.
pub fn g8_a_sequential_model_agrees(world: &World) -> Result<(), String> {
    let model = replay(world)?;
    let state = world.books.now();
    exceptions_agree(world, &model)?;
    for (id, now) in &state.members {
        let points = model.purses.points(*id);
        if points != now.points {
            return Err(format!("G8 {id} has {} points, the model says {points}", now.points));
        }
    }
    for (id, now) in &state.coupons {
        let used = *now == CouponState::Used;
        if used != (model.used.contains_key(id) && !model.revoked.contains(id)) {
            return Err(format!("G8 coupon {id} is {now:?}, the model says used: {used}"));
        }
    }
    Ok(())
}

/// Every overdraft and every coupon used twice has its case, and no other sale has one.
fn exceptions_agree(world: &World, model: &Model) -> Result<(), String> {
    let cases = world.office.cases()?.ok_or("G8 headquarters is down")?;
    for (key, kind) in &model.exceptions {
        if !cases.iter().any(|case| case.event == *key && case.kind == *kind) {
            return Err(format!("G8 {key} has no case {kind}, the model says it must"));
        }
    }
    for case in cases.iter().filter(|case| JUDGED.contains(&case.kind.as_str())) {
        if !model.exceptions.iter().any(|(key, kind)| case.event == *key && case.kind == *kind) {
            return Err(format!("G8 {} has a case {}, the model sees none", case.event, case.kind));
        }
    }
    Ok(())
}

/// The order in which headquarters decided: every shard's own, by its clock, and nothing before what it refers to.
fn replay(world: &World) -> Result<Model, String> {
    let mut model = Model::default();
    model.purses.months = world.cast.has(Actor::Expiry).then_some(MONTHS);
    let mut replay = Replay { world, next: BTreeMap::new(), done: BTreeSet::new(), model };
    let shards: Vec<Shard> = world.books.shards.keys().copied().collect();
    while replay.step_oldest(&shards)? {}
    let left = shards.iter().filter_map(|shard| Some((shard.0, replay.entry(*shard)?)));
    let left: Vec<String> =
        left.map(|(shard, e)| format!("{shard}/{} {:?} {}", e.lsn, e.cause, e.code)).collect();
    match left.is_empty() {
        false => Err(format!("G8 these entries stand in no possible order: {}", left.join("; "))),
        true => Ok(replay.model),
    }
}

struct Replay<'w> {
    world: &'w World,
    /// Entries of each shard that were taken.
    next: BTreeMap<Shard, u64>,
    done: BTreeSet<EventKey>,
    model: Model,
}

impl<'w> Replay<'w> {
    fn entry(&self, shard: Shard) -> Option<&'w Entry> {
        let taken = self.next.get(&shard).copied().unwrap_or(0);
        self.world.books.entry(shard, taken + 1).map(|written| &written.entry)
    }

    /// Takes the oldest entry that can be taken: one headquarters has one clock, whatever shard it writes to.
    fn step_oldest(&mut self, shards: &[Shard]) -> Result<bool, String> {
        let next = shards.iter().filter_map(|shard| Some((self.entry(*shard)?.t_hq, *shard)));
        let mut next: Vec<_> = next.collect();
        next.sort_by_key(|(t_hq, _)| *t_hq);
        for (_, shard) in next {
            if self.step(shard)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Takes the shard's next entry, if everything that it depends on was taken.
    fn step(&mut self, shard: Shard) -> Result<bool, String> {
        let Some(entry) = self.entry(shard) else { return Ok(false) };
        let Cause::Event(key) = entry.cause else {
            match &entry.cause {
                Cause::Job(name) if name == keeping::EXPIRE => self.model.night(entry)?,
                // With these every member began.
                Cause::Job(name) if name == OPENING => self.model.believe(&entry.effects),
                // What headquarters does by itself is taken as it stands.
                _ => self.model.told(&entry.effects),
            }
            *self.next.entry(shard).or_default() += 1;
            return Ok(true);
        };
        let places = self.world.books.of_event.get(&key).cloned().unwrap_or_default();
        let ready = places.iter().all(|(s, lsn)| self.next.get(s).copied().unwrap_or(0) + 1 == *lsn);
        let kept = self.kept(key)?;
        // What was put aside moves nothing: whatever it names may come later, under another number.
        let orphan = entry.verdict >= Verdict::Quarantined
            || entry.code == table::ORPHAN_REFUND.code
            || entry.code == table::UNPROVEN_REFUND.code;
        let follows = |on: EventKey| orphan || self.done.contains(&on);
        if !ready || !self.depends_on(&kept.event.fact).into_iter().all(follows) {
            return Ok(false);
        }
        let skipped = entry.code == table::ALREADY_RECOVERED.code;
        let written = places.iter().filter_map(|(s, lsn)| self.world.books.entry(*s, *lsn));
        let effects: Vec<Effect> = written.flat_map(|written| written.entry.effects.clone()).collect();
        if self.model.is_too_early(&kept.event.fact, &effects) {
            return Ok(false);
        }
        if entry.code == table::ORPHAN_REFUND.code
            && let Fact::Refund(refund) = &kept.event.fact
        {
            self.model.orphans.insert(refund.original.hash);
        }
        if entry.verdict < Verdict::Quarantined && !skipped {
            let when = When::of(&kept.event.head.clocks, entry.t_hq);
            self.model.take(
                (key, kept.wraps.unwrap_or(kept.hash)),
                &kept.event.fact,
                (effects.as_slice(), &when),
            );
        }
        places.iter().for_each(|(s, _)| *self.next.entry(*s).or_default() += 1);
        self.done.insert(key);
        Ok(true)
    }

    /// The event that headquarters decided, from the record of the tills.
    fn kept(&self, key: EventKey) -> Result<&'w Kept, String> {
        let view = self.world.office.view().ok_or("G8 headquarters is down")?;
        let hash = view.hash_of(key).map_err(|e| e.to_string())?;
        let kept = self.world.oracle.of(key).find(|kept| Some(kept.hash) == hash);
        kept.ok_or_else(|| format!("G8 nobody committed {key}"))
    }

    /// The event by which somebody became a member, where it is in the log.
    fn joined(&self, id: MemberId) -> Option<EventKey> {
        self.first(|kept| matches!(&kept.event.fact, Fact::MemberNew(join) if join.member_id == id))
    }

    /// The key under which such an event was decided, not only met again.
    fn first(&self, is_it: impl Fn(&Kept) -> bool) -> Option<EventKey> {
        let books = &self.world.books;
        let decided = |key: &EventKey| {
            let place = books.of_event.get(key).and_then(|places| places.first());
            let written = place.and_then(|(shard, lsn)| books.entry(*shard, *lsn));
            written.is_some_and(|w| w.entry.code != table::ALREADY_RECOVERED.code)
        };
        let kept =
            self.world.oracle.kept.iter().filter(|kept| books.took(kept.key, kept.hash) && is_it(kept));
        kept.map(|kept| kept.key).find(decided)
    }

    /// Events of the log that must come before a fact.
    fn depends_on(&self, fact: &Fact) -> Vec<EventKey> {
        match fact {
            Fact::Refund(refund) => {
                let original = refund.original.hash;
                self.first(|kept| kept.wraps.unwrap_or(kept.hash) == original).into_iter().collect()
            }
            Fact::Sale(sale) => sale.member.iter().filter_map(|m| self.joined(m.member_id)).collect(),
            _ => Vec::new(),
        }
    }
}

impl Model {
    fn root(&self, id: MemberId) -> MemberId {
        let mut root = id;
        while let Some(to) = self.alias.get(&root) {
            root = *to;
        }
        root
    }

    /// The merge, or the parting, after which this was booked comes first: it stands in another shard.
    fn is_too_early(&self, fact: &Fact, effects: &[Effect]) -> bool {
        let named = match fact {
            Fact::Sale(sale) => sale.member.as_ref().map(|named| named.member_id),
            Fact::Refund(refund) => refund.member_id,
            _ => None,
        };
        let Some(named) = named.filter(|named| !self.erased.contains(named)) else { return false };
        let mut accounts = effects.iter().filter_map(|effect| match effect {
            Effect::Post { account: Account::Member(id), .. } => Some(*id),
            _ => None,
        });
        let root = self.root(named);
        accounts.clone().next().is_some() && !accounts.any(|id| id == root)
    }

    fn take(&mut self, event: (EventKey, Hash), fact: &Fact, (effects, when): (&[Effect], &When)) {
        match fact {
            Fact::Sale(sale) => self.sale(event, sale, (effects, when)),
            Fact::Refund(refund) => self.refund(refund, (effects, when)),
            // Who is the same person is judged by names that only headquarters may read.
            Fact::MemberNew(_) => self.told(effects),
            _ => {}
        }
    }

    fn sale(&mut self, (key, hash): (EventKey, Hash), sale: &Sale, (effects, when): (&[Effect], &When)) {
        if self.orphans.contains(&hash) {
            return;
        }
        if let Some(named) = sale.member.as_ref().filter(|named| !self.erased.contains(&named.member_id)) {
            let member = self.root(named.member_id);
            let (redeemed, earned) = (sale.points_redeemed.0, sale.points_earned.0);
            let spent = self.purses.sale(member, when, (redeemed, earned), moved(member, effects));
            let spent = spent.unwrap_or_else(|| spent_as_told(redeemed, effects));
            if spent.missing > 0 {
                self.exceptions.insert((key, table::OVERDRAFT.code));
            }
            if spent.ended > 0 {
                self.exceptions.insert((key, table::POINTS_EXPIRED.code));
            }
            self.sales.insert(hash, (spent.covered, earned));
        }
        if sale.spending.guest.is_some() {
            self.guest((key, hash), sale, effects);
        }
        for used in sale.coupons.iter().filter(|used| self.issued.contains(&used.coupon_id)) {
            let honoured = |e: &Effect| matches!(e, Effect::Coupon { id, .. } if *id == used.coupon_id);
            if self.used.get(&used.coupon_id).is_some_and(|by| *by != hash) {
                self.exceptions.insert((key, table::COUPON_REUSE.code));
            } else if !self.revoked.contains(&used.coupon_id) || effects.iter().any(honoured) {
                self.used.insert(used.coupon_id, hash);
            }
        }
    }

    /// A guest's points are one member's, or people are told.
    fn guest(&mut self, (key, hash): (EventKey, Hash), sale: &Sale, effects: &[Effect]) {
        let mut whose = effects.iter().filter(
            |effect| matches!(effect, Effect::Post { account: Account::Member(_), delta, .. } if *delta > 0),
        );
        if whose.next().is_none() && sale.points_earned.0 > 0 {
            self.exceptions.insert((key, table::UNKNOWN_GUEST.code));
        }
        self.guests.insert(hash);
        self.told(effects);
    }

    fn refund(&mut self, refund: &Refund, (effects, when): (&[Effect], &When)) {
        let original = refund.original.hash;
        if !self.refunded.insert(original) {
            return;
        }
        if self.guests.contains(&original) {
            return self.told(effects);
        }
        let member = refund.member_id.filter(|member| !self.erased.contains(member));
        if let (Some(member), Some((covered, earned))) = (member, self.sales.get(&original)) {
            let member = self.root(member);
            self.purses.give_back(member, when, covered - earned, moved(member, effects));
        }
        for used in &refund.coupons {
            if self.used.get(&used.coupon_id) == Some(&original) {
                self.used.remove(&used.coupon_id);
            }
        }
    }

    /// What headquarters moves for reasons that are not told again here: from now on it is believed.
    fn told(&mut self, effects: &[Effect]) {
        let moved = effects.iter().filter_map(|effect| match effect {
            Effect::Post { account: Account::Member(id), .. } => Some(*id),
            Effect::Alias { from, .. } | Effect::Unalias { from, .. } => Some(*from),
            _ => None,
        });
        moved.for_each(|id| self.purses.take_word(id));
        self.believe(effects);
    }

    /// C19: the night takes what ended before its day, and nothing else.
    fn night(&mut self, entry: &Entry) -> Result<(), String> {
        let today = BusinessDay::at(entry.t_hq, Zone::CHINA);
        for effect in &entry.effects {
            let Effect::Post { account: Account::Member(id), delta, balance_after, .. } = effect else {
                continue;
            };
            if *balance_after < 0 {
                return Err(format!("C19 the night before {today} leaves {id} {balance_after} points"));
            }
            if let Some(due) = self.purses.night(*id, today, *delta) {
                return Err(format!("C19 the night before {today} moves {delta} of {id}, {due} is due"));
            }
        }
        Ok(())
    }

    fn believe(&mut self, effects: &[Effect]) {
        for effect in effects {
            match effect {
                Effect::Post { account: Account::Member(id), delta, .. } => self.purses.told(*id, *delta),
                Effect::Alias { from, to } => drop(self.alias.insert(*from, *to)),
                Effect::Unalias { from, .. } => drop(self.alias.remove(from)),
                Effect::Erase { member } => drop(self.erased.insert(*member)),
                Effect::CouponIssued { row } => drop(self.issued.insert(row.id)),
                Effect::Coupon { id, state: CouponState::Revoked, .. } => drop(self.revoked.insert(*id)),
                _ => {}
            }
        }
    }
}

/// What the effects move of a member's points.
fn moved(member: MemberId, effects: &[Effect]) -> i64 {
    let of = |effect: &Effect| match effect {
        Effect::Post { account, unit: Unit::Points, delta, .. } if *account == Account::Member(member) => {
            *delta
        }
        _ => 0,
    };
    effects.iter().map(of).sum()
}

/// What a sale took, where headquarters is believed.
fn spent_as_told(redeemed: i64, effects: &[Effect]) -> Spent {
    let lost = |wanted: ExceptionKind| -> i64 {
        let of = |effect: &Effect| match effect {
            Effect::Post { account: Account::Exception(kind, _), unit: Unit::Points, delta, .. }
                if *kind == wanted =>
            {
                -delta
            }
            _ => 0,
        };
        effects.iter().map(of).sum()
    };
    let (ended, missing) = (lost(ExceptionKind::PointsExpired), lost(ExceptionKind::Overdraft));
    Spent { covered: redeemed - ended - missing, ended, missing }
}
