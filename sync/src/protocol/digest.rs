//! `POST /v1/sync/digest`: proves that a till holds what HQ holds, shard by shard, and brings the rows of a
//! shard where it does not. A digest finds damage and faults of programs, not forgers: sums can be made up.

use std::fmt;

use ledger::coupon::CouponState;
use ledger::id::{Anchor, CouponId, Hash, MemberId, Shard, StoreId};
use ledger::member::MemberState;
use ledger::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::hello::Cursor;

/// At most so many shards' rows at once.
pub const SHARDS_MAX: usize = 16;

/// A question of the till; the answers are [`DigestCompared`], rows as of a snapshot, and [`DigestHeard`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
pub enum DigestRequest {
    Compare {
        log_epoch: String,
        /// The store whose members the till holds; None when it holds all.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        members_of: Option<StoreId>,
        shards: Vec<ShardSum>,
    },
    /// At most [`SHARDS_MAX`] shards.
    Rows { log_epoch: String, shards: Vec<Shard> },
    /// The till put rows right: people are to know.
    Repaired { shards: Vec<ShardRepaired> },
}

/// What a till holds of one shard at its cursor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShardSum {
    #[serde(flatten)]
    pub at: Cursor,
    pub sum: Sum,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DigestCompared {
    pub hq_time: Timestamp,
    pub differ: Vec<Shard>,
    /// Not compared: HQ has news for the till there.
    pub behind: Vec<Shard>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShardRepaired {
    pub shard: Shard,
    /// The cursor at which it was done.
    pub lsn: u64,
    /// Rows that were put right.
    pub rows: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DigestHeard {
    pub hq_time: Timestamp,
}

/// Sum mod 2^128 of rows, in any order. 32 hex digits on the wire, the highest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Sum(pub u128);

impl fmt::Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl From<Sum> for String {
    fn from(sum: Sum) -> String {
        sum.to_string()
    }
}

impl TryFrom<String> for Sum {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Sum, Self::Error> {
        let hex = text.len() == 32 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let sum = u128::from_str_radix(&text, 16).ok().filter(|_| hex);
        sum.map(Sum).ok_or("a sum is 32 lower-case hex digits")
    }
}

/// The sums of all shards, row by row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sums(Vec<Sum>);

impl Default for Sums {
    fn default() -> Self {
        Sums(vec![Sum::default(); 256])
    }
}

impl Sums {
    pub fn of(&self, shard: Shard) -> Sum {
        self.0[usize::from(shard.0)]
    }

    /// A member whom HQ decided on; a provisional one is the till's own belief and counts nowhere.
    pub fn member(&mut self, id: MemberId, points: i64, card_no: &str, state: MemberState) {
        let state = match state {
            MemberState::Provisional => return,
            MemberState::Active => "active",
            MemberState::Blocked => "blocked",
            MemberState::Erased => "erased",
        };
        self.add(shard_of(id), &format!("member\n{id}\n{points}\n{card_no}\n{state}"));
    }

    /// `from` is another name of `root`, the one at the end of the way.
    pub fn alias(&mut self, from: MemberId, root: MemberId) {
        self.add(shard_of(from), &format!("alias\n{from}\n{root}"));
    }

    /// Stored value; none is no row.
    pub fn stored(&mut self, member: MemberId, fen: i64) {
        if fen != 0 {
            self.add(shard_of(member), &format!("stored\n{member}\n{fen}"));
        }
    }

    /// A coupon; `root` is the member at the end of the way from the one to whom it was given.
    pub fn coupon(&mut self, id: CouponId, root: MemberId, state: CouponState) {
        let state = match state {
            CouponState::Open => "open",
            CouponState::Used => "used",
            CouponState::Revoked => "revoked",
        };
        self.add(shard_of(root), &format!("coupon\n{id}\n{root}\n{state}"));
    }

    fn add(&mut self, shard: Shard, text: &str) {
        let hash = Hash::of(text.as_bytes()).0;
        let first: [u8; 16] = std::array::from_fn(|n| hash[n]);
        let sum = &mut self.0[usize::from(shard.0)].0;
        *sum = sum.wrapping_add(u128::from_be_bytes(first));
    }
}

/// The shard of a member's rows.
pub fn shard_of(member: MemberId) -> Shard {
    Anchor::from(member).shard()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(n: u8) -> MemberId {
        [n; 16].into()
    }

    #[test]
    fn sums_do_not_depend_on_the_order_and_tell_one_point_apart() {
        let (mut a, mut b, mut c) = (Sums::default(), Sums::default(), Sums::default());
        for n in 0..50 {
            a.member(member(n), i64::from(n), "8600", MemberState::Active);
            b.member(member(49 - n), i64::from(49 - n), "8600", MemberState::Active);
            c.member(member(n), i64::from(n) + i64::from(n == 7), "8600", MemberState::Active);
        }
        assert_eq!(a, b);
        let differ: Vec<u8> = (0..=255).filter(|n| a.of(Shard(*n)) != c.of(Shard(*n))).collect();
        assert_eq!(differ, [shard_of(member(7)).0]);
    }

    #[test]
    fn a_sum_is_read_as_it_was_written_and_nothing_else_is() {
        let sum = Sum(0x00ab);
        let text = serde_json::to_string(&sum).unwrap();
        assert_eq!(text, "\"000000000000000000000000000000ab\"");
        assert_eq!(serde_json::from_str::<Sum>(&text).unwrap(), sum);
        for bad in ["\"\"", "\"+00000000000000000000000000000ab\"", "7", "\"00AB\""] {
            assert!(serde_json::from_str::<Sum>(bad).is_err(), "{bad}");
        }
    }
}
