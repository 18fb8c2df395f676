//! What a decision may look at. HQ's databases implement it; tests use plain maps.

use std::sync::Arc;

use ledger::coupon::CouponState;
use ledger::event::Clocks;
use ledger::fact::Fact;
use ledger::id::{CouponId, EventKey, Hash, MemberId, Shard, StoreId, Stream};
use ledger::posting::{Account, Movement, Unit};
use ledger::sale::Sale;
use ledger::time::{BusinessDay, Timestamp};

use serde_json::Value;

use super::published::{self, Published};
use crate::protocol::snapshot::MemberRow;

/// A member as decided so far. `root` is the surviving member when this id became another name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownMember {
    pub row: MemberRow,
    pub root: MemberId,
}

/// What one store may let a member spend offline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lent {
    pub store: StoreId,
    pub points: i64,
    /// Stored value, fen.
    pub fen: i64,
    pub until: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownCoupon {
    /// The shard of the member to whom it was given.
    pub shard: Shard,
    pub member: MemberId,
    pub home_store: StoreId,
    pub starts_on: BusinessDay,
    /// Last valid day, included.
    pub ends_on: BusinessDay,
    pub state: CouponState,
    pub used_by: Option<EventKey>,
    /// Entry of its shard that gave it this state; 0 when it was given out so.
    pub changed_lsn: u64,
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
    /// Who carries this card.
    ///
    /// # Errors
    /// When the state cannot be read.
    fn card_owner(&self, card_no: &str) -> Result<Option<MemberId>, Self::Error>;
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
    fn quotas(&self, member: MemberId) -> Result<Vec<Lent>, Self::Error>;
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
    fn clocks(&self, key: EventKey) -> Result<Option<Clocks>, Self::Error>;
    /// # Errors
    /// When the state cannot be read.
    fn hash_of(&self, key: EventKey) -> Result<Option<Hash>, Self::Error>;
    /// Last entry of a shard's log, 0 for none: what is decided now becomes the one after it.
    ///
    /// # Errors
    /// When the state cannot be read.
    fn lsn(&self, shard: Shard) -> Result<u64, Self::Error>;
    /// Points that a member earned after a moment of HQ's clock, minus those taken back since.
    ///
    /// # Errors
    /// When the state cannot be read.
    fn earned_since(&self, member: MemberId, after: Timestamp) -> Result<i64, Self::Error>;
    /// What is kept about a thing that has no table of its own: one JSON body by kind and id in a shard.
    /// Kinds and their typed bodies: [`super::kept`].
    ///
    /// # Errors
    /// When the state cannot be read.
    fn kept(&self, shard: Shard, kind: &str, id: &str) -> Result<Option<Value>, Self::Error>;
    /// Everything of a kind whose id starts with `prefix`, in order of the id.
    ///
    /// # Errors
    /// When the state cannot be read.
    fn kept_under(&self, shard: Shard, kind: &str, prefix: &str)
    -> Result<Vec<(String, Value)>, Self::Error>;
    /// A version of the programme. Every sale asks for the newest: who reads it from a database
    /// remembers it.
    ///
    /// # Errors
    /// When the state cannot be read.
    fn published(&self, id: &str) -> Result<Option<Arc<Published>>, Self::Error> {
        let kept = self.kept(published::SHARD, published::KIND, id)?;
        Ok(kept.and_then(|body| serde_json::from_value(body).ok()).map(Arc::new))
    }
}
