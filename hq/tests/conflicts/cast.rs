//! Who plays: handles as ids and back, and what is so before the story begins.

use std::collections::BTreeMap;

use ledger::coupon::{Benefit, CouponState};
use ledger::id::{Anchor, CouponId, EventKey, Hash, MemberId, Shard};
use ledger::member::{MemberState, card_no};
use ledger::money::Fen;
use ledger::posting::{Account, Unit};
use ledger::programme::Programme;
use serde_json::{Map, Value, json};
use sync::decide::ShardEntry;
use sync::decide::order::Order;
use sync::protocol::entry::Effect;
use sync::protocol::snapshot::{CouponRow, MemberRow};

use crate::story::{Given, GivenCoupon, GivenMember, Moment, Story};

/// Names of everything that a log line can hold.
#[derive(Clone, Debug, Default)]
pub struct Cast {
    pub members: BTreeMap<MemberId, String>,
    pub coupons: BTreeMap<CouponId, String>,
    pub steps: BTreeMap<String, String>,
}

pub fn sixteen(name: &str) -> [u8; 16] {
    let digest = Hash::of(name.as_bytes()).0;
    std::array::from_fn(|i| digest[i])
}

pub fn member_id(handle: &str) -> MemberId {
    MemberId::from(sixteen(&format!("member:{handle}")))
}

pub fn coupon_id(handle: &str) -> CouponId {
    CouponId::from(sixteen(&format!("coupon:{handle}")))
}

/// An order with ids where the story says handles.
pub fn order(words: &Map<String, Value>) -> Order {
    let mut words = words.clone();
    for (word, value) in &mut words {
        match word.as_str() {
            "member" | "from" | "to" => *value = json!(member_id(value.as_str().unwrap())),
            "coupon" => *value = json!(coupon_id(value.as_str().unwrap())),
            _ => {}
        }
    }
    serde_json::from_value(words.into()).expect("the story's order is one")
}

/// The card that a member carries.
pub fn card(handle: &str) -> String {
    let digest = Hash::of(handle.as_bytes()).0;
    card_no(u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]]) % 100_000_000)
}

pub fn phone(text: &str) -> Hash {
    Hash::of(format!("phone:{text}").as_bytes())
}

/// The programme of a story: the demo's, with what the story says otherwise.
pub fn programme(given: &Given) -> Programme {
    let demo = include_str!("../../../fixtures/demo/programme.json");
    let mut settings: Value = serde_json::from_str(demo).unwrap();
    let programme = settings["programme"].as_object_mut().unwrap();
    programme.extend(given.programme.clone());
    serde_json::from_value(settings["programme"].take()).expect("the story's programme is one")
}

impl Cast {
    pub fn of(story: &Story) -> Self {
        let mut cast = Cast::default();
        for handle in story.given.members.keys() {
            cast.meet(handle);
        }
        for handle in story.given.coupons.keys() {
            cast.coupons.insert(coupon_id(handle), handle.clone());
        }
        cast
    }

    /// A member joins the cast.
    pub fn meet(&mut self, handle: &str) {
        self.members.insert(member_id(handle), handle.to_owned());
    }

    /// The step that recorded an event.
    pub fn step(&self, key: EventKey) -> String {
        self.steps.get(&key.to_string()).cloned().unwrap_or_else(|| key.to_string())
    }

    /// Ids as handles, in any text.
    pub fn plain(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (id, handle) in &self.members {
            text = text.replace(&id.to_string(), handle);
        }
        for (id, handle) in &self.coupons {
            text = text.replace(&id.to_string(), handle);
        }
        text
    }
}

/// The opening entries, one per shard that holds anything.
pub fn opening(given: &Given) -> Vec<ShardEntry> {
    let mut book = Opening::default();
    for (handle, member) in &given.members {
        book.member(handle, member);
    }
    for (handle, coupon) in &given.coupons {
        let row = coupon_row(handle, coupon);
        book.put(Anchor::from(row.member).shard(), Effect::CouponIssued { row });
    }
    book.entries.into_iter().map(|(shard, effects)| ShardEntry { shard, effects }).collect()
}

#[derive(Default)]
struct Opening {
    entries: BTreeMap<Shard, Vec<Effect>>,
    balances: BTreeMap<(Shard, String), i64>,
}

impl Opening {
    fn put(&mut self, shard: Shard, effect: Effect) {
        self.entries.entry(shard).or_default().push(effect);
    }

    fn post(&mut self, shard: Shard, account: Account, unit: Unit, delta: i64) {
        let balance = self.balances.entry((shard, account.to_string())).or_default();
        *balance += delta;
        let balance_after = *balance;
        self.put(shard, Effect::Post { account, unit, delta, balance_after, named: None });
    }

    fn member(&mut self, handle: &str, given: &GivenMember) {
        let id = member_id(handle);
        let shard = Anchor::from(id).shard();
        self.put(shard, Effect::Member { row: member_row(handle, given) });
        if given.points != 0 {
            self.post(shard, Account::Programme, Unit::Points, -given.points);
            self.post(shard, Account::Member(id), Unit::Points, given.points);
        }
        if given.stored_fen != 0 {
            self.post(shard, Account::StoredFloat, Unit::Fen, -given.stored_fen);
            self.post(shard, Account::Stored(id), Unit::Fen, given.stored_fen);
        }
    }
}

fn member_row(handle: &str, given: &GivenMember) -> MemberRow {
    let joined: Moment = "01-01 10:00".to_owned().try_into().unwrap();
    MemberRow {
        id: member_id(handle),
        card_no: card(handle),
        phone_hash: phone(given.phone.as_deref().unwrap_or(handle)),
        phone_mask: "199****0000".into(),
        name: given.name.clone(),
        tier: given.tier.clone(),
        state: MemberState::Active,
        home_store: given.home.as_str().into(),
        joined_at: joined.0,
    }
}

fn coupon_row(handle: &str, given: &GivenCoupon) -> CouponRow {
    CouponRow {
        id: coupon_id(handle),
        code: format!("CP{handle}"),
        member: member_id(&given.member),
        title: "立减".into(),
        benefit: Benefit::Off { off_fen: Fen(given.off_fen) },
        threshold_fen: Fen::ZERO,
        starts_on: given.starts_on,
        ends_on: given.ends_on,
        home_store: given.home.as_str().into(),
        state: CouponState::Open,
    }
}
