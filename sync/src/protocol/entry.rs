//! What HQ decided: entries of the log, with effects instead of intents.

use std::collections::BTreeMap;

use ledger::coupon::CouponState;
use ledger::id::{CaseId, CouponId, EventKey, Hash, MemberId, Shard, StoreId};
use ledger::posting::{Account, Unit};
use ledger::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::push::Verdict;
use super::snapshot::{CouponRow, MemberRow};

/// Why an entry exists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    Event(EventKey),
    /// A job of HQ, by name: `opening`, `quota`, `expiry`.
    Job(String),
    Operator(CaseId),
}

/// One line of a shard's log; `lsn` is dense from 1. Its exact bytes are chained.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub shard: Shard,
    pub lsn: u64,
    pub t_hq: Timestamp,
    pub cause: Cause,
    pub verdict: Verdict,
    pub code: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<CaseId>,
    pub effects: Vec<Effect>,
    /// [`Person::commitment`] to who the members are whose rows the effects hold: in a line of the log
    /// those rows have nothing personal in them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub persons: BTreeMap<MemberId, Hash>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "effect", rename_all = "snake_case")]
pub enum Effect {
    /// One side of a movement; the movements of an entry cancel out in every unit.
    Post {
        account: Account,
        unit: Unit,
        delta: i64,
        balance_after: i64,
        /// The member that the fact named, when the account is that of its survivor.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        named: Option<MemberId>,
    },
    /// The member's row, whole. Points and quota are not in it: those move by `post` and `quota`.
    Member { row: MemberRow },
    Coupon {
        id: CouponId,
        state: CouponState,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<EventKey>,
    },
    /// A coupon newly given out.
    CouponIssued { row: CouponRow },
    Quota {
        member: MemberId,
        store: StoreId,
        points: i64,
        /// Stored value, fen: reserved at HQ, so the sum over all stores never exceeds the balance.
        #[serde(default, skip_serializing_if = "is_zero")]
        fen: i64,
        /// After this moment of HQ's clock the quota is worth nothing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
    },
    /// Two ids are one member from now on.
    Alias { from: MemberId, to: MemberId },
    /// `from` is no other name of `to` any more, but a member of its own. Ids that had become `from`
    /// before are told by an `unalias` and an `alias` of their own.
    Unalias { from: MemberId, to: MemberId },
    /// Everything personal of this member is to be forgotten, at HQ and at every till.
    Erase { member: MemberId },
    /// From this entry on `store` hears of this member; everything that a till holds of one is here.
    Enter {
        store: StoreId,
        row: MemberRow,
        points: i64,
        fen: i64,
        quota: i64,
        quota_fen: i64,
        /// After this moment of HQ's clock the stored value of the quota is worth nothing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
        coupons: Vec<CouponRow>,
        /// The member's other names: their cards and numbers find this one.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        names: Vec<MemberRow>,
        /// How far the logs of other shards stood that hold coupons of those names.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        names_at: Vec<(Shard, u64)>,
    },
    /// From this entry on `store` hears no more of this member.
    Leave { store: StoreId, member: MemberId },
}

fn is_zero(number: &i64) -> bool {
    *number == 0
}

/// What is personal in a member's row. It travels beside the entries and not in them, so that a log still
/// holds together after somebody was forgotten.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Nobody who lost it can try out names against the commitment.
    pub salt: Hash,
    pub card_no: String,
    pub phone_hash: Hash,
    pub phone_mask: String,
    pub name: String,
}

impl Effect {
    /// Every member's row in it.
    pub fn rows_mut(&mut self) -> impl Iterator<Item = &mut MemberRow> {
        let (row, names) = match self {
            Effect::Member { row } => (Some(row), None),
            Effect::Enter { row, names, .. } => (Some(row), Some(names)),
            _ => (None, None),
        };
        row.into_iter().chain(names.into_iter().flatten())
    }
}

impl Person {
    pub fn of(row: &MemberRow, salt: Hash) -> Person {
        Person {
            salt,
            card_no: row.card_no.clone(),
            phone_hash: row.phone_hash,
            phone_mask: row.phone_mask.clone(),
            name: row.name.clone(),
        }
    }

    /// BLAKE3 of `person` and the fields, joined by LF.
    pub fn commitment(&self) -> Hash {
        let Person { salt, card_no, phone_hash, phone_mask, name } = self;
        Hash::of(format!("person\n{salt}\n{card_no}\n{phone_hash}\n{phone_mask}\n{name}").as_bytes())
    }

    /// Makes the row this person's.
    pub fn put_into(&self, row: &mut MemberRow) {
        row.card_no.clone_from(&self.card_no);
        row.phone_hash = self.phone_hash;
        row.phone_mask.clone_from(&self.phone_mask);
        row.name.clone_from(&self.name);
    }
}

/// Leaves nothing personal in the row.
pub fn take_person(row: &mut MemberRow) {
    row.phone_hash = Hash::ZERO;
    [&mut row.card_no, &mut row.phone_mask, &mut row.name].into_iter().for_each(String::clear);
}

/// The chain value after an entry: BLAKE3 of the value before it and the entry's line.
pub fn chain(before: &Hash, entry_line: &str) -> Hash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&before.0);
    hasher.update(entry_line.as_bytes());
    Hash(*hasher.finalize().as_bytes())
}
