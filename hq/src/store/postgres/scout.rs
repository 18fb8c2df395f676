//! Goes ahead of a batch: a rehearsal runs on what is known, everything it misses is asked for in one
//! round trip, and it runs again, until nothing is missed. What the real run still misses it asks itself.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use ledger::event::Clocks;
use ledger::fact::Fact;
use ledger::id::{Anchor, CouponId, EventKey, Hash, MemberId, Shard, StoreId, Stream};
use ledger::member::MemberState;
use ledger::posting::{Account, Unit};
use ledger::time::Timestamp;
use serde_json::Value as Json;
use sync::decide::View;
use sync::decide::kept::{Kept as _, Published};
use sync::decide::programme;
use sync::decide::view::{KnownCoupon, KnownMember, Lent, Original};
use sync::protocol::snapshot::MemberRow;

use super::known::{AccountKey, KeptKey};
use super::rows::word;
use super::tx::Tx;
use crate::store::{Glimpse, Rehearsal, Result, StoreError};

/// Members with what they have, then what that leads to.
const REHEARSALS_MAX: usize = 4;

/// What a rehearsal missed.
#[derive(Default)]
pub struct Wishes {
    pub members: BTreeSet<MemberId>,
    pub balances: BTreeSet<AccountKey>,
    pub quotas: BTreeSet<MemberId>,
    pub coupons: BTreeSet<CouponId>,
    pub phones: BTreeSet<Hash>,
    pub refunds: BTreeSet<EventKey>,
    pub kept: BTreeSet<KeptKey>,
    pub under: BTreeSet<KeptKey>,
    /// Asked for once, at the beginning.
    pub waiting: BTreeSet<String>,
    /// Where it stands and what of it is parked; likewise.
    pub stream: Option<Stream>,
    pub settings: BTreeSet<&'static str>,
}

impl Wishes {
    fn is_empty(&self) -> bool {
        let Wishes { members, balances, quotas, coupons, phones, refunds, kept, under, .. } = self;
        let Wishes { waiting, stream, settings, .. } = self;
        members.is_empty()
            && balances.is_empty()
            && quotas.is_empty()
            && coupons.is_empty()
            && phones.is_empty()
            && refunds.is_empty()
            && kept.is_empty()
            && under.is_empty()
            && waiting.is_empty()
            && stream.is_none()
            && settings.is_empty()
    }
}

/// Looks at what a transaction knows; where it knows nothing there is nothing, and a wish.
struct Scout<'a, 'b> {
    tx: &'a Tx<'b>,
    wishes: RefCell<Wishes>,
}

impl Tx<'_> {
    pub fn rehearse(
        &self,
        stream: Option<Stream>,
        waiting: BTreeSet<String>,
        rehearsal: &Rehearsal<'_>,
    ) -> Result<()> {
        let mut wishes = Wishes { waiting, stream, ..Wishes::default() };
        for _ in 0..REHEARSALS_MAX {
            let scout = Scout { tx: self, wishes: RefCell::new(wishes) };
            rehearsal(&scout)?;
            let missed = scout.wishes.into_inner();
            if missed.is_empty() {
                return Ok(());
            }
            self.fetch(&missed)?;
            wishes = Wishes::default();
        }
        Ok(())
    }
}

impl Scout<'_, '_> {
    /// What this transaction may look at without waiting for others.
    fn may_ask(&self, shard: Shard) -> bool {
        !self.tx.must_hold(shard)
    }
}

/// Stands for a member who was not asked for yet: most of them are there, so that what they have is asked
/// for in the same question.
fn nobody(id: MemberId) -> MemberRow {
    MemberRow {
        id,
        card_no: String::new(),
        phone_hash: Hash::ZERO,
        phone_mask: String::new(),
        name: String::new(),
        tier: String::new(),
        state: MemberState::Active,
        home_store: StoreId::from(""),
        joined_at: Timestamp(0),
    }
}

impl Glimpse for Scout<'_, '_> {
    fn setting(&self, key: &'static str) -> Option<Vec<u8>> {
        if let Some(value) = self.tx.known.borrow().settings.get(key) {
            return value.clone();
        }
        self.wishes.borrow_mut().settings.insert(key);
        None
    }
}

impl View for Scout<'_, '_> {
    type Error = StoreError;

    fn member(&self, id: MemberId) -> Result<Option<KnownMember>> {
        if let Some(known) = self.tx.known.borrow().members.get(&id) {
            return Ok(known.clone());
        }
        if !self.may_ask(Anchor::from(id).shard()) {
            return Ok(None);
        }
        self.wishes.borrow_mut().members.insert(id);
        Ok(Some(KnownMember { row: nobody(id), root: id }))
    }

    fn card_owner(&self, _card_no: &str) -> Result<Option<MemberId>> {
        Ok(None)
    }

    fn phone_owner(&self, phone: &Hash) -> Result<Option<MemberId>> {
        if let Some(owner) = self.tx.known.borrow().phones.get(phone) {
            return Ok(*owner);
        }
        self.wishes.borrow_mut().phones.insert(*phone);
        Ok(None)
    }

    fn balance(&self, shard: Shard, account: &Account, unit: Unit) -> Result<i64> {
        let key = (shard, account.to_string(), word(&unit));
        if let Some(held) = self.tx.known.borrow().balances.get(&key) {
            return Ok(held.value);
        }
        if self.may_ask(shard) {
            self.wishes.borrow_mut().balances.insert(key);
        }
        Ok(0)
    }

    fn quotas(&self, member: MemberId) -> Result<Vec<Lent>> {
        if let Some(lents) = self.tx.known.borrow().quotas.get(&member) {
            return Ok(lents.iter().map(|held| held.value.clone()).collect());
        }
        if self.may_ask(Anchor::from(member).shard()) {
            self.wishes.borrow_mut().quotas.insert(member);
        }
        Ok(Vec::new())
    }

    fn coupon(&self, id: CouponId) -> Result<Option<KnownCoupon>> {
        if let Some(known) = self.tx.known.borrow().coupons.get(&id) {
            return Ok(known.clone());
        }
        self.wishes.borrow_mut().coupons.insert(id);
        Ok(None)
    }

    fn kept(&self, shard: Shard, kind: &str, id: &str) -> Result<Option<Json>> {
        let key = (shard, kind.to_owned(), id.to_owned());
        if let Some(held) = self.tx.known.borrow().kept.get(&key) {
            return Ok(held.value.clone());
        }
        if self.may_ask(shard) || Tx::is_guarded_elsewhere(kind) {
            self.wishes.borrow_mut().kept.insert(key);
        }
        Ok(None)
    }

    fn kept_under(&self, shard: Shard, kind: &str, prefix: &str) -> Result<Vec<(String, Json)>> {
        let key = (shard, kind.to_owned(), prefix.to_owned());
        if self.tx.known.borrow().prefixes.contains(&key) {
            return Ok(self.tx.known_under(key));
        }
        if self.may_ask(shard) || Tx::is_guarded_elsewhere(kind) {
            self.wishes.borrow_mut().under.insert(key);
        }
        Ok(Vec::new())
    }

    fn published(&self, id: &str) -> Result<Option<Arc<Published>>> {
        let key = (programme::SHARD, Published::KIND.to_owned(), id.to_owned());
        if self.tx.known.borrow().kept.contains_key(&key) {
            return self.tx.published(id);
        }
        self.wishes.borrow_mut().kept.insert(key);
        Ok(None)
    }

    fn original(&self, _key: EventKey) -> Result<Original> {
        Ok(Original::Undecided)
    }

    fn refunded_by(&self, sale: EventKey) -> Result<Option<EventKey>> {
        if let Some(refund) = self.tx.known.borrow().refunds.get(&sale) {
            return Ok(*refund);
        }
        self.wishes.borrow_mut().refunds.insert(sale);
        Ok(None)
    }

    fn facts(&self, _stream: Stream, _from: u64, _to: u64) -> Result<Vec<Fact>> {
        Ok(Vec::new())
    }

    fn hash_of(&self, _key: EventKey) -> Result<Option<Hash>> {
        Ok(None)
    }

    fn clocks(&self, _key: EventKey) -> Result<Option<Clocks>> {
        Ok(None)
    }

    fn earned_since(&self, _member: MemberId, _after: Timestamp) -> Result<i64> {
        Ok(0)
    }

    fn lsn(&self, shard: Shard) -> Result<u64> {
        Ok(self.tx.known.borrow().heads.get(&shard).map_or(0, |head| head.value.lsn))
    }
}
