//! HQ's word that something may be spent, given beforehand: a hold with its token.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::id::{CouponId, MemberId, Shard, TerminalId};
use crate::money::Fen;
use crate::points::Points;
use crate::time::Timestamp;

/// Chosen by the till and stored before it asks: asking again with the same id is the same question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AuthId(pub Uuid);

/// What is to be spent, whole: HQ grants all of it or nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spend {
    pub member: MemberId,
    #[serde(default)]
    pub points: Points,
    /// Stored value, fen.
    #[serde(default)]
    pub stored_fen: Fen,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub coupons: Vec<CouponId>,
}

/// Evidence of a hold, signed by HQ; travels in the sale that captures it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    pub auth_id: AuthId,
    pub terminal: TerminalId,
    pub spend: Spend,
    pub shard: Shard,
    /// Entry that placed the hold.
    pub lsn: u64,
    /// On HQ's clock. A capture after it is still honoured while funds are there.
    pub until: Timestamp,
    /// Ed25519 by HQ over [`Grant::text`], base64url.
    pub sig: String,
}

impl Grant {
    /// The signed text.
    pub fn text(&self) -> String {
        let spend = &self.spend;
        let coupons: Vec<String> = spend.coupons.iter().map(ToString::to_string).collect();
        format!(
            "grant\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}",
            self.auth_id.0,
            self.terminal,
            spend.member,
            spend.points.0,
            spend.stored_fen.0,
            coupons.join(","),
            self.shard.0,
            self.lsn,
            self.until.0
        )
    }
}
