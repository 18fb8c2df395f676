//! A headquarters of plain maps: folds decisions exactly as a database would, and checks each entry.

use std::collections::BTreeMap;
use std::convert::Infallible;

use ledger::event::{Clocks, Event};
use ledger::fact::Fact;
use ledger::id::{Anchor, CouponId, EventKey, Hash, MemberId, Shard, StoreId, Stream};
use ledger::member::MemberState;
use ledger::posting::{Account, Movement, Unit, balanced};
use ledger::time::Timestamp;
use serde_json::Value;
use sync::decide::attribution;
use sync::decide::kept::Keep;
use sync::decide::person;
use sync::decide::view::{KnownCoupon, KnownMember, Lent, Original};
use sync::decide::{Arrival, Decision, Mark, View, decide};
use sync::protocol::entry::{Cause, Effect, Entry, chain};
use sync::protocol::push::Verdict;

#[derive(Default)]
pub struct World {
    pub balances: BTreeMap<(Shard, String, String), i64>,
    members: BTreeMap<MemberId, KnownMember>,
    phones: BTreeMap<Hash, MemberId>,
    quotas: BTreeMap<MemberId, BTreeMap<String, Lent>>,
    pub coupons: BTreeMap<CouponId, KnownCoupon>,
    kept: BTreeMap<(Shard, String, String), Value>,
    events: BTreeMap<(u32, u64, u64), (Event, Decision)>,
    refunded: BTreeMap<String, EventKey>,
    /// Lines of each shard's log, as headquarters writes them.
    pub log: BTreeMap<Shard, Vec<String>>,
    chains: BTreeMap<Shard, Hash>,
}

fn place(key: EventKey) -> (u32, u64, u64) {
    (key.terminal.0, key.epoch.0, key.seq)
}

impl View for World {
    type Error = Infallible;

    fn member(&self, id: MemberId) -> Result<Option<KnownMember>, Infallible> {
        Ok(self.members.get(&id).cloned())
    }
    fn phone_owner(&self, phone: &Hash) -> Result<Option<MemberId>, Infallible> {
        Ok(self.phones.get(phone).copied())
    }
    fn balance(&self, shard: Shard, account: &Account, unit: Unit) -> Result<i64, Infallible> {
        let key = (shard, account.to_string(), unit.to_string());
        Ok(self.balances.get(&key).copied().unwrap_or(0))
    }
    fn card_owner(&self, card_no: &str) -> Result<Option<MemberId>, Infallible> {
        Ok(self.members.values().find(|known| known.row.card_no == card_no).map(|known| known.root))
    }
    fn kept(&self, shard: Shard, kind: &str, id: &str) -> Result<Option<Value>, Infallible> {
        Ok(self.kept.get(&(shard, kind.to_owned(), id.to_owned())).cloned())
    }
    fn kept_under(&self, shard: Shard, kind: &str, prefix: &str) -> Result<Vec<(String, Value)>, Infallible> {
        let mine =
            self.kept.iter().filter(|((at, of, id), _)| *at == shard && of == kind && id.starts_with(prefix));
        Ok(mine.map(|((.., id), body)| (id.clone(), body.clone())).collect())
    }
    fn quotas(&self, member: MemberId) -> Result<Vec<Lent>, Infallible> {
        let lent = self.quotas.get(&member).into_iter().flat_map(BTreeMap::values);
        Ok(lent.cloned().collect())
    }
    fn coupon(&self, id: CouponId) -> Result<Option<KnownCoupon>, Infallible> {
        Ok(self.coupons.get(&id).cloned())
    }
    fn original(&self, key: EventKey) -> Result<Original, Infallible> {
        Ok(match self.events.get(&place(key)) {
            Some((event, decision)) if decision.verdict() < Verdict::Parked => {
                let hash = match &event.fact {
                    Fact::Recovered(recovered) => recovered.orig_hash,
                    _ => event.seal().hash,
                };
                match event.clone().unwrapped().fact {
                    Fact::Sale(sale) => {
                        Original::Decided { sale: Box::new(sale), hash, posted: posted(decision) }
                    }
                    _ => Original::NotASale,
                }
            }
            Some((_, decision)) if decision.verdict() > Verdict::Parked => Original::NotASale,
            _ => Original::Undecided,
        })
    }
    fn refunded_by(&self, sale: EventKey) -> Result<Option<EventKey>, Infallible> {
        Ok(self.refunded.get(&sale.to_string()).copied())
    }
    fn facts(&self, stream: Stream, from: u64, to: u64) -> Result<Vec<Fact>, Infallible> {
        let range = (stream.terminal.0, stream.epoch.0, from)..=(stream.terminal.0, stream.epoch.0, to);
        Ok(self.events.range(range).map(|(_, (event, _))| event.clone().unwrapped().fact).collect())
    }
    fn hash_of(&self, key: EventKey) -> Result<Option<Hash>, Infallible> {
        Ok(self.events.get(&place(key)).map(|(event, _)| event.seal().hash))
    }
    fn clocks(&self, key: EventKey) -> Result<Option<Clocks>, Infallible> {
        Ok(self.events.get(&place(key)).map(|(event, _)| event.head.clocks))
    }
    fn earned_since(&self, member: MemberId, after: Timestamp) -> Result<i64, Infallible> {
        let account = Account::Member(member);
        let mut sum = 0;
        for line in self.log.values().flatten() {
            let entry: Entry = serde_json::from_str(line).unwrap();
            let Cause::Event(key) = entry.cause else { continue };
            if entry.t_hq <= after {
                continue;
            }
            let fact = self.events.get(&place(key)).map(|(event, _)| &event.fact);
            for movement in entry.effects.iter().filter_map(movement).filter(|m| m.account == account) {
                sum += match fact {
                    Some(Fact::Sale(_)) => movement.delta.max(0),
                    Some(Fact::Refund(_)) => movement.delta.min(0),
                    _ => 0,
                };
            }
        }
        Ok(sum)
    }
    fn lsn(&self, shard: Shard) -> Result<u64, Infallible> {
        Ok(self.log.get(&shard).map_or(0, |lines| lines.len() as u64))
    }
}

pub fn arrival<'a>(event: &'a Event, store: &'a StoreId) -> Arrival<'a> {
    Arrival {
        event,
        hash: event.seal().hash,
        now: event.head.clocks.t_wall,
        prior: None,
        store,
        name: Some("王小梅"),
        phone: None,
        bundle: u64::MAX,
        hq_key: &[],
        left_behind: false,
    }
}

fn posted(decision: &Decision) -> Vec<Movement> {
    let home = decision.entries.iter().filter(|entry| entry.shard == decision.home);
    home.flat_map(|entry| &entry.effects).filter_map(movement).collect()
}

fn movement(effect: &Effect) -> Option<Movement> {
    match effect {
        Effect::Post { account, unit, delta, .. } => {
            Some(Movement { account: account.clone(), unit: *unit, delta: *delta })
        }
        _ => None,
    }
}

impl World {
    /// Decides and folds one event of store S001.
    pub fn take(&mut self, event: &Event) -> Decision {
        self.take_at(event, "S001")
    }

    pub fn take_at(&mut self, event: &Event, store: &str) -> Decision {
        self.take_as(arrival(event, &StoreId::from(store)))
    }

    pub fn take_as(&mut self, arrival: Arrival<'_>) -> Decision {
        let (event, now) = (arrival.event, arrival.now);
        let Ok(decision) = decide(self, arrival);
        self.write(&decision, &Cause::Event(event.key()), now);
        self.events.insert(place(event.key()), (event.clone(), decision.clone()));
        decision
    }

    /// Folds a decision, whoever caused it, and writes its entries into the log.
    pub fn write(&mut self, decision: &Decision, cause: &Cause, now: Timestamp) {
        for entry in &decision.entries {
            let movements: Vec<_> = entry.effects.iter().filter_map(movement).collect();
            assert!(balanced(&movements), "{entry:?}");
            let lsn = self.append(entry.shard, &entry.effects, decision, cause, now);
            entry.effects.iter().for_each(|effect| self.apply_at(entry.shard, lsn, effect));
        }
        for mark in &decision.marks {
            match mark {
                Mark::Refunded { sale } => {
                    let Cause::Event(key) = cause else { panic!("only an event refunds") };
                    self.refunded.insert(sale.to_string(), *key);
                }
                Mark::PhoneReleased { phone, member } => {
                    self.phones.retain(|number, holder| number != phone || *holder != *member);
                }
                Mark::PhoneClaimed { phone, member } => drop(self.phones.insert(*phone, *member)),
                Mark::Keep(keep) => self.keep(keep),
                Mark::DayClosed { .. } => {}
            }
        }
    }

    fn append(
        &mut self,
        shard: Shard,
        effects: &[Effect],
        decision: &Decision,
        cause: &Cause,
        now: Timestamp,
    ) -> u64 {
        let lsn = self.log.get(&shard).map_or(0, Vec::len) as u64 + 1;
        let Ok(sealed) = person::sealed(self, (shard, lsn), effects.to_vec(), None);
        sealed.keeps.iter().for_each(|keep| self.keep(keep));
        let entry = Entry {
            shard,
            lsn,
            t_hq: now,
            cause: cause.clone(),
            verdict: decision.verdict(),
            code: decision.code().to_owned(),
            case: decision.case(),
            effects: sealed.effects,
            persons: sealed.persons,
        };
        let line = serde_json::to_string(&entry).unwrap();
        let before = self.chains.entry(shard).or_insert(Hash::ZERO);
        *before = chain(before, &line);
        self.log.entry(shard).or_default().push(line);
        lsn
    }

    pub fn keep(&mut self, keep: &Keep) {
        let place = (keep.shard, keep.kind.to_owned(), keep.id.clone());
        match &keep.body {
            Some(body) => drop(self.kept.insert(place, body.clone())),
            None => drop(self.kept.remove(&place)),
        }
    }

    pub fn apply(&mut self, shard: Shard, effect: &Effect) {
        self.apply_at(shard, 0, effect);
    }

    fn apply_at(&mut self, shard: Shard, lsn: u64, effect: &Effect) {
        let Ok(kept) = attribution::moved(self, shard, effect);
        if let Some(keep) = kept {
            self.keep(&keep);
        }
        let Ok(forgotten) = person::forgotten(self, effect);
        forgotten.iter().for_each(|keep| self.keep(keep));
        match effect {
            Effect::Post { account, unit, delta, balance_after, .. } => {
                let key = (shard, account.to_string(), unit.to_string());
                let balance = self.balances.entry(key).or_default();
                *balance += delta;
                assert_eq!(balance, balance_after, "{account}");
            }
            Effect::Member { row } => {
                let root = self.members.get(&row.id).map_or(row.id, |known| known.root);
                self.members.insert(row.id, KnownMember { row: row.clone(), root });
            }
            Effect::Coupon { id, state, by } => {
                let coupon = self.coupons.get_mut(id).expect("only a known coupon changes");
                assert_eq!(coupon.shard, shard, "a coupon is decided in its own shard");
                (coupon.state, coupon.used_by, coupon.changed_lsn) = (*state, *by, lsn);
            }
            Effect::CouponIssued { row } => {
                let coupon = KnownCoupon {
                    shard,
                    member: row.member,
                    home_store: row.home_store.clone(),
                    starts_on: row.starts_on,
                    ends_on: row.ends_on,
                    state: row.state,
                    used_by: None,
                    changed_lsn: 0,
                };
                self.coupons.insert(row.id, coupon);
            }
            Effect::Quota { member, store, points, fen, until } => {
                let lent = Lent { store: store.clone(), points: *points, fen: *fen, until: *until };
                self.quotas.entry(*member).or_default().insert(store.0.clone(), lent);
            }
            Effect::Alias { from, to } => {
                for known in self.members.values_mut().filter(|known| known.root == *from) {
                    known.root = *to;
                }
            }
            Effect::Unalias { from, .. } => {
                self.members.get_mut(from).expect("only a known member is parted").root = *from;
            }
            Effect::Erase { member } => {
                self.phones.retain(|_, holder| holder != member);
                let known = self.members.get_mut(member).expect("only a known member is erased");
                known.row.state = MemberState::Erased;
                (known.row.name, known.row.card_no) = (String::new(), String::new());
            }
            Effect::Enter { .. } | Effect::Leave { .. } => {}
        }
    }

    /// Gives a member points out of the programme, as an opening balance does.
    pub fn grant(&mut self, member: MemberId, points: i64) {
        let shard = Anchor::from(member).shard();
        for (account, delta) in [(Account::Programme, -points), (Account::Member(member), points)] {
            let Ok(before) = self.balance(shard, &account, Unit::Points);
            let balance_after = before + delta;
            self.apply(
                shard,
                &Effect::Post { account, unit: Unit::Points, delta, balance_after, named: None },
            );
        }
    }

    pub fn members(&self) -> impl Iterator<Item = MemberId> {
        self.members.keys().copied()
    }

    /// Sum of an account over all shards.
    pub fn total(&self, account: &str, unit: Unit) -> i64 {
        let mine = |key: &&(Shard, String, String)| key.1.starts_with(account) && key.2 == unit.to_string();
        self.balances.keys().filter(mine).map(|key| self.balances[key]).sum()
    }

    pub fn points(&self, member: MemberId) -> i64 {
        self.total(&Account::Member(member).to_string(), Unit::Points)
    }

    pub fn quota(&self, member: MemberId, store: &str) -> Option<i64> {
        self.quotas.get(&member)?.get(store).map(|lent| lent.points)
    }
}
