//! What HQ decided: entries of the log, with effects instead of intents.

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
    /// From this entry on `store` hears of this member; the row is whole.
    Enter {
        store: StoreId,
        row: MemberRow,
        points: i64,
        fen: i64,
        quota: i64,
        quota_fen: i64,
        coupons: Vec<CouponRow>,
    },
    /// From this entry on `store` hears no more of this member.
    Leave { store: StoreId, member: MemberId },
}

fn is_zero(number: &i64) -> bool {
    *number == 0
}

/// The chain value after an entry: BLAKE3 of the value before it and the entry's line.
pub fn chain(before: &Hash, entry_line: &str) -> Hash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&before.0);
    hasher.update(entry_line.as_bytes());
    Hash(*hasher.finalize().as_bytes())
}
