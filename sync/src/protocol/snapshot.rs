//! `GET /v1/sync/snapshot`: a till from nothing. Answer, zstd: one [`SnapshotHead`] line, then one
//! [`SnapshotRow`] line each. Everything stands at the pins: the feed goes on from there.

use ledger::coupon::{Benefit, CouponState};
use ledger::event::genesis;
use ledger::id::{CouponId, Epoch, Hash, MemberId, StoreId, Stream, TerminalId};
use ledger::member::MemberState;
use ledger::money::Fen;
use ledger::time::{BusinessDay, Timestamp};
use serde::{Deserialize, Serialize};

use super::hello::Cursor;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotHead {
    pub log_epoch: String,
    pub hq_time: Timestamp,
    pub pins: Vec<Cursor>,
    pub members: u64,
    pub coupons: u64,
    /// The store whose members these are; None when they are all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub members_of: Option<StoreId>,
    /// What of the streams of the store's tills the rows hold already: the till that wrote an event may not
    /// have heard so, and would count it twice. Of a till that is named at all, each stream that is not holds
    /// nothing: HQ may have gone back behind it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub counted: Vec<Counted>,
}

/// Events of one stream that the rows of a snapshot hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    pub terminal: TerminalId,
    pub epoch: Epoch,
    pub through: u64,
    /// Hash of event `through`: a till that has another one there went another way.
    pub hash: Hash,
    /// Not these: they wait for something.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waiting: Vec<u64>,
}

impl Counted {
    pub fn stream(&self) -> Stream {
        Stream { terminal: self.terminal, epoch: self.epoch }
    }

    /// Of a till of which HQ has nothing.
    pub fn nothing(terminal: TerminalId) -> Self {
        let stream = Stream { terminal, epoch: Epoch::FIRST };
        let (epoch, hash) = (stream.epoch, genesis(stream));
        Self { terminal, epoch, through: 0, hash, waiting: Vec::new() }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "row", rename_all = "snake_case")]
pub enum SnapshotRow {
    M {
        member: MemberRow,
        points: i64,
        quota: i64,
    },
    /// Comes after the rows of both: `from` is another name of `to`, its card and phone find `to`.
    A {
        from: MemberId,
        to: MemberId,
    },
    C {
        coupon: CouponRow,
    },
    /// A member's stored value, with what of it this store is lent; none for a member without any.
    S {
        member: MemberId,
        fen: i64,
        quota_fen: i64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
    },
    /// Last line: the snapshot is whole only with it.
    End {
        rows: u64,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberRow {
    pub id: MemberId,
    pub card_no: String,
    pub phone_hash: Hash,
    pub phone_mask: String,
    pub name: String,
    pub tier: String,
    pub state: MemberState,
    pub home_store: StoreId,
    pub joined_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CouponRow {
    pub id: CouponId,
    pub code: String,
    pub member: MemberId,
    pub title: String,
    pub benefit: Benefit,
    pub threshold_fen: Fen,
    pub starts_on: BusinessDay,
    pub ends_on: BusinessDay,
    pub home_store: StoreId,
    pub state: CouponState,
}

/// A coupon for whoever carries it is nobody's: its member has the coupon's own id, and every till knows it.
pub fn is_bearers(coupon: CouponId, member: MemberId) -> bool {
    CouponId::from(member.bytes()) == coupon
}
