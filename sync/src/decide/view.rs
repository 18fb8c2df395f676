//! What a decision may look at. HQ's databases implement it; tests use plain maps.

use ledger::coupon::CouponState;
use ledger::fact::Fact;
use ledger::id::{CouponId, EventKey, Hash, MemberId, Shard, StoreId, Stream};
use ledger::posting::{Account, Movement, Unit};
use ledger::sale::Sale;

use crate::protocol::snapshot::MemberRow;

/// A member as decided so far. `root` is the surviving member when this id became another name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownMember {
    pub row: MemberRow,
    pub root: MemberId,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownCoupon {
    /// The shard of the member to whom it was given.
    pub shard: Shard,
    pub state: CouponState,
    pub used_by: Option<EventKey>,
}

/// The sale that a refund names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Original {
    /// Not received, or received and waiting itself.
    Undecided,
    /// It has no effects to mirror: quarantined, or no sale.
    NotASale,
    Decided {
        sale: Box<Sale>,
        hash: Hash,
        /// What HQ posted for it, which is what a refund takes back.
        posted: Vec<Movement>,
    },
}

/// Reads only; consistent for the length of one decision.
pub trait View {
    type Error;

    /// # Errors
    /// When the state cannot be read.
    fn member(&self, id: MemberId) -> Result<Option<KnownMember>, Self::Error>;
    /// Who holds this phone number.
    ///
    /// # Errors
    /// When the state cannot be read.
    fn phone_owner(&self, phone: &Hash) -> Result<Option<MemberId>, Self::Error>;
    /// Zero for an account that never moved.
    ///
    /// # Errors
    /// When the state cannot be read.
    fn balance(&self, shard: Shard, account: &Account, unit: Unit) -> Result<i64, Self::Error>;
    /// The stores that saw a member, with what they may let the member spend offline.
    ///
    /// # Errors
    /// When the state cannot be read.
    fn quotas(&self, member: MemberId) -> Result<Vec<(StoreId, i64)>, Self::Error>;
    /// # Errors
    /// When the state cannot be read.
    fn coupon(&self, id: CouponId) -> Result<Option<KnownCoupon>, Self::Error>;
    /// # Errors
    /// When the state cannot be read.
    fn original(&self, key: EventKey) -> Result<Original, Self::Error>;
    /// The refund that gave a sale back, if one did.
    ///
    /// # Errors
    /// When the state cannot be read.
    fn refunded_by(&self, sale: EventKey) -> Result<Option<EventKey>, Self::Error>;
    /// The readable facts `from..=to` of a stream, in order.
    ///
    /// # Errors
    /// When the state cannot be read.
    fn facts(&self, stream: Stream, from: u64, to: u64) -> Result<Vec<Fact>, Self::Error>;
    /// # Errors
    /// When the state cannot be read.
    fn hash_of(&self, key: EventKey) -> Result<Option<Hash>, Self::Error>;
}
