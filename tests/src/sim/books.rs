//! HQ's log, read as a stranger would: every line, its chain, and what the effects add up to.

use std::collections::{BTreeMap, BTreeSet};

use hq::store::Read;
use ledger::coupon::CouponState;
use ledger::id::{Anchor, CouponId, EventKey, Hash, MemberId, Shard, StoreId};
use ledger::member::MemberState;
use ledger::posting::{Account, Unit};
use ledger::time::Timestamp;
use sync::protocol::entry::{Cause, Effect, Entry, chain};
use sync::protocol::hello::Cursor;
use sync::protocol::snapshot::MemberRow;

/// One line of a shard's log.
pub struct Written {
    pub chain: Hash,
    pub entry: Entry,
}

/// The log as far as it was read.
#[derive(Default)]
pub struct Books {
    timeline: u64,
    pub shards: BTreeMap<Shard, Vec<Written>>,
    /// Final balance of every account.
    pub balances: BTreeMap<(Shard, String, String), i64>,
    /// Which event headquarters took under each key.
    hashes: BTreeMap<EventKey, Hash>,
    /// Every entry of an event: one in each shard that it moved.
    pub of_event: BTreeMap<EventKey, Vec<(Shard, u64)>>,
}

/// A member as the log says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemberNow {
    pub row: Option<MemberRow>,
    pub points: i64,
    /// Stored value, fen.
    pub stored: i64,
    pub quotas: BTreeMap<StoreId, i64>,
    /// Stored value that stores were lent, fen, and until when.
    pub lent: BTreeMap<StoreId, (i64, Option<Timestamp>)>,
    pub erased: bool,
    pub alias: Option<MemberId>,
    /// Stores that hear no more of the member.
    pub left: BTreeSet<StoreId>,
}

/// What effects add up to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    pub members: BTreeMap<MemberId, MemberNow>,
    pub coupons: BTreeMap<CouponId, CouponState>,
    /// To whom each coupon was given.
    pub owners: BTreeMap<CouponId, MemberId>,
}

impl Books {
    /// Reads what is new; from the start when another database took the place of the last one.
    ///
    /// # Errors
    /// A violation of G1, G3 or G4.
    pub fn read(&mut self, tx: &dyn Read, timeline: u64) -> Result<(), String> {
        if self.timeline != timeline {
            *self = Books { timeline, ..Books::default() };
        }
        let heads = tx.heads().map_err(|e| e.to_string())?;
        for head in heads {
            let known = self.shards.get(&head.shard).map_or(0, Vec::len) as u64;
            if head.lsn > known {
                self.read_shard(tx, &head, known)?;
            }
        }
        Ok(())
    }

    fn read_shard(&mut self, tx: &dyn Read, head: &Cursor, known: u64) -> Result<(), String> {
        let shard = head.shard;
        let lines = tx.log_after(shard, known, u32::MAX).map_err(|e| e.to_string())?;
        let mut lsn = known;
        for line in lines {
            let before = self.shards.get(&shard).and_then(|w| w.last()).map_or(Hash::ZERO, |w| w.chain);
            lsn += 1;
            if line.lsn != lsn {
                return Err(format!("G3 shard {} jumps to lsn {} at {lsn}", shard.0, line.lsn));
            }
            if chain(&before, &line.line) != line.chain {
                return Err(format!("G3 the chain of shard {} breaks at lsn {lsn}", shard.0));
            }
            let entry: Entry = serde_json::from_str(&line.line)
                .map_err(|e| format!("G3 entry {lsn} of shard {} cannot be read: {e}", shard.0))?;
            if let Cause::Event(key) = entry.cause
                && let Some(hash) = tx.hash_of(key).map_err(|e| e.to_string())?
            {
                self.hashes.insert(key, hash);
            }
            self.enter(shard, lsn, &entry)?;
            self.shards.entry(shard).or_default().push(Written { chain: line.chain, entry });
        }
        if lsn != head.lsn {
            return Err(format!("G3 shard {} says lsn {} and holds {lsn}", shard.0, head.lsn));
        }
        Ok(())
    }

    fn enter(&mut self, shard: Shard, lsn: u64, entry: &Entry) -> Result<(), String> {
        if let Cause::Event(key) = entry.cause {
            let places = self.of_event.entry(key).or_default();
            if places.iter().any(|(known, _)| *known == shard) {
                return Err(format!("G1 event {key} was booked twice in shard {}", shard.0));
            }
            places.push((shard, lsn));
        }
        let mut sums: BTreeMap<String, i64> = BTreeMap::new();
        for effect in &entry.effects {
            let Effect::Post { account, unit, delta, balance_after, .. } = effect else { continue };
            let balance = self.balances.entry((shard, account.to_string(), unit.to_string())).or_default();
            *balance += delta;
            *sums.entry(unit.to_string()).or_default() += delta;
            if *balance != *balance_after {
                return Err(format!(
                    "G4 {account} in shard {} lsn {lsn}: {balance} {unit} told as {balance_after}",
                    shard.0
                ));
            }
        }
        match sums.into_iter().find(|(_, sum)| *sum != 0) {
            Some((unit, sum)) => Err(format!("G4 entry {lsn} of shard {} leaves {sum} {unit}", shard.0)),
            None => Ok(()),
        }
    }

    pub fn entry(&self, shard: Shard, lsn: u64) -> Option<&Written> {
        let n = usize::try_from(lsn.checked_sub(1)?).ok()?;
        self.shards.get(&shard)?.get(n)
    }

    /// True when the cursor stands on this log.
    pub fn holds(&self, cursor: &Cursor) -> bool {
        cursor.lsn == 0 || self.entry(cursor.shard, cursor.lsn).is_some_and(|w| w.chain == cursor.chain)
    }

    /// What the log says up to the cursors; a shard without one has not begun.
    pub fn at(&self, cursors: &BTreeMap<Shard, u64>) -> State {
        let mut state = State::default();
        for (shard, written) in &self.shards {
            for w in written.iter().take(at(cursors, *shard)) {
                w.entry.effects.iter().for_each(|effect| state.apply(effect));
            }
        }
        state
    }

    /// True when headquarters took this very event under the key.
    pub fn took(&self, key: EventKey, hash: Hash) -> bool {
        self.hashes.get(&key) == Some(&hash)
    }

    /// True when headquarters took another event under the key.
    pub fn took_another(&self, key: EventKey, hash: Hash) -> bool {
        self.hashes.get(&key).is_some_and(|known| *known != hash)
    }

    /// True when an entry of this very event lies at or below the cursors.
    pub fn is_folded(&self, (key, hash): (EventKey, Hash), folded: &BTreeMap<Shard, u64>) -> bool {
        let places = self.of_event.get(&key).into_iter().flatten();
        self.took(key, hash)
            && places.into_iter().any(|(shard, lsn)| folded.get(shard).is_some_and(|upto| lsn <= upto))
    }

    /// What `store` was last lent for a member above `floor` and up to `folded`; nothing when no word came.
    pub fn lent_since(
        &self,
        floor: &BTreeMap<Shard, u64>,
        folded: &BTreeMap<Shard, u64>,
        member: MemberId,
        store: &StoreId,
    ) -> i64 {
        let shard = Anchor::from(member).shard();
        let (from, upto) = (at(floor, shard), at(folded, shard));
        let written = self.shards.get(&shard).into_iter().flatten();
        let effects = written.take(upto).skip(from).flat_map(|w| &w.entry.effects);
        let words = effects.filter_map(|effect| match effect {
            Effect::Quota { member: m, store: s, points, .. } if *m == member && s == store => Some(*points),
            // Who enters is told with what the store is lent.
            Effect::Enter { row, store: s, quota, .. } if row.id == member && s == store => Some(*quota),
            _ => None,
        });
        words.last().unwrap_or(0)
    }

    /// The member that an id stands for, following every alias up to the cursors.
    pub fn root_of(&self, id: MemberId, folded: &BTreeMap<Shard, u64>) -> Option<MemberId> {
        let state = self.at(folded);
        let mut root = id;
        for _ in 0..8 {
            let to = state.members.get(&root)?.alias;
            // A survivor of whom nothing was told yet is found under the name.
            match to.filter(|to| state.members.get(to).is_some_and(|now| now.row.is_some())) {
                Some(to) => root = to,
                None => return Some(root),
            }
        }
        None
    }

    /// What the whole log says.
    pub fn now(&self) -> State {
        let all = self.shards.iter().map(|(shard, written)| (*shard, written.len() as u64)).collect();
        self.at(&all)
    }
}

fn at(cursors: &BTreeMap<Shard, u64>, shard: Shard) -> usize {
    usize::try_from(cursors.get(&shard).copied().unwrap_or(0)).unwrap_or(usize::MAX)
}

impl State {
    fn apply(&mut self, effect: &Effect) {
        match effect {
            Effect::Post { account: Account::Member(id), unit: Unit::Points, balance_after, .. } => {
                self.members.entry(*id).or_default().points = *balance_after;
            }
            Effect::Post { account: Account::Stored(id), unit: Unit::Fen, balance_after, .. } => {
                self.members.entry(*id).or_default().stored = *balance_after;
            }
            Effect::Erase { member } => {
                let member = self.members.entry(*member).or_default();
                member.erased = true;
                if let Some(row) = &mut member.row {
                    *row = MemberRow {
                        card_no: String::new(),
                        phone_hash: Hash::ZERO,
                        phone_mask: String::new(),
                        name: String::new(),
                        state: MemberState::Erased,
                        ..row.clone()
                    };
                }
            }
            Effect::Member { row } => self.members.entry(row.id).or_default().row = Some(row.clone()),
            Effect::Quota { member, store, points, fen, until } => {
                let member = self.members.entry(*member).or_default();
                member.quotas.insert(store.clone(), *points);
                member.lent.insert(store.clone(), (*fen, *until));
            }
            Effect::Alias { from, to } => self.members.entry(*from).or_default().alias = Some(*to),
            Effect::Coupon { id, state, .. } => drop(self.coupons.insert(*id, *state)),
            Effect::CouponIssued { row } => {
                self.coupons.insert(row.id, row.state);
                self.owners.insert(row.id, row.member);
            }
            Effect::Leave { store, member } => {
                self.members.entry(*member).or_default().left.insert(store.clone());
            }
            Effect::Enter { store, row, .. } => {
                self.members.entry(row.id).or_default().left.remove(store);
            }
            Effect::Unalias { from, .. } => self.members.entry(*from).or_default().alias = None,
            _ => {}
        }
    }
}
