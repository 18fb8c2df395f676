//! Single-use coupons: what they take off, and when they may.

use serde::{Deserialize, Serialize};

use crate::id::{CouponId, MemberId, StoreId};
use crate::money::Fen;
use crate::time::BusinessDay;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Benefit {
    /// `满 threshold 减 off`
    Off { off_fen: Fen },
    /// Thousandths taken off the goods' amount, at most `max_fen`.
    Percent { off_permille: i64, max_fen: Fen },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CouponState {
    Open,
    Used,
    Revoked,
}

/// The replicated coupon row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coupon {
    pub id: CouponId,
    /// What is printed and scanned: `CP` + 10 Crockford base32 characters.
    pub code: String,
    pub member: MemberId,
    pub title: String,
    pub benefit: Benefit,
    pub threshold_fen: Fen,
    pub starts_on: BusinessDay,
    /// Last valid day, included.
    pub ends_on: BusinessDay,
    /// Offline it is taken here without asking (EMV: its escrow holder).
    pub home_store: StoreId,
    pub state: CouponState,
}

/// Why a coupon cannot be taken, in order of precedence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CouponRefusal {
    Used,
    Revoked,
    OtherMember,
    NotYet { starts_on: BusinessDay },
    Expired { ended_on: BusinessDay },
    BelowThreshold { missing: Fen },
    WorthNothing,
}

impl Coupon {
    /// True for one that belongs to whoever carries it: it is its own holder.
    pub fn is_bearer(&self) -> bool {
        self.member.bytes() == self.id.bytes()
    }

    /// What it takes off goods of `amount`, or why not. Judged at cart time on the store's day.
    ///
    /// # Errors
    /// The first refusal in the order of [`CouponRefusal`].
    pub fn value(
        &self,
        member: Option<MemberId>,
        amount: Fen,
        day: BusinessDay,
    ) -> Result<Fen, CouponRefusal> {
        match self.state {
            CouponState::Used => return Err(CouponRefusal::Used),
            CouponState::Revoked => return Err(CouponRefusal::Revoked),
            CouponState::Open => {}
        }
        if !self.is_bearer() && member != Some(self.member) {
            return Err(CouponRefusal::OtherMember);
        }
        if day < self.starts_on {
            return Err(CouponRefusal::NotYet { starts_on: self.starts_on });
        }
        if day > self.ends_on {
            return Err(CouponRefusal::Expired { ended_on: self.ends_on });
        }
        if amount < self.threshold_fen {
            return Err(CouponRefusal::BelowThreshold { missing: self.threshold_fen.minus(amount) });
        }
        let value = self.worth(amount);
        if value <= Fen::ZERO { Err(CouponRefusal::WorthNothing) } else { Ok(value) }
    }

    fn worth(&self, amount: Fen) -> Fen {
        match self.benefit {
            Benefit::Off { off_fen } => off_fen.min(amount),
            Benefit::Percent { off_permille, max_fen } => {
                amount.scaled(off_permille, 1000).min(max_fen).min(amount)
            }
        }
    }
}
