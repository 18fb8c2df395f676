//! A completed sale: goods are gone, paper is printed.

use serde::{Deserialize, Serialize};

use crate::grant::{AuthId, Grant};
use crate::id::{CouponId, Hash, MemberId, SaleId, Sku, StaffId};
use crate::money::Fen;
use crate::points::Points;
use crate::posting::{Account, Leg, Reason, Unit};
use crate::quantity::Milli;
use crate::tender::{Tender, TenderKind};

/// How sure the till was of who stood there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presented {
    /// A card or code was scanned: may earn and spend.
    Scanned,
    /// A phone number or name was typed: may earn only.
    Typed,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleMember {
    pub member_id: MemberId,
    pub presented: Presented,
    pub tier: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleLine {
    pub n: u16,
    pub sku: Sku,
    pub name: String,
    pub barcode: String,
    pub unit: String,
    pub weighed: bool,
    pub price_fen: Fen,
    pub qty_milli: Milli,
    pub list_fen: Fen,
    /// After member price.
    pub amount_fen: Fen,
    /// Share of coupons and points; `amount_fen - share_fen` is the line's revenue.
    pub share_fen: Fen,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CouponUse {
    pub coupon_id: CouponId,
    pub value_fen: Fen,
}

/// A member whom this till could not look up: earns, spends nothing, HQ finds out who it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Guest {
    Card {
        card_no: String,
    },
    Phone {
        phone_hash: Hash,
    },
    /// The code on a phone, signed by HQ.
    Code {
        member_id: MemberId,
    },
}

/// How spending in a sale was allowed, beyond the event's mode.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spending {
    /// HQ's tokens that this sale captures.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub grants: Vec<Grant>,
    /// Asked for, answer unknown, then spent in stand-in: HQ must not count both.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unanswered: Vec<AuthId>,
    /// The supervisor who let it pass beyond a limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub override_by: Option<StaffId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guest: Option<Guest>,
}

impl Spending {
    /// True when nothing out of the ordinary allowed it.
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sale {
    pub sale_id: SaleId,
    pub receipt_no: String,
    pub shift_no: u32,
    pub staff: StaffId,
    pub lines: Vec<SaleLine>,
    pub list_total_fen: Fen,
    /// What was owed after every advantage: sum of the lines' revenue.
    pub total_fen: Fen,
    pub tenders: Vec<Tender>,
    pub change_fen: Fen,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<SaleMember>,
    pub points_earned: Points,
    pub points_redeemed: Points,
    pub redeem_value_fen: Fen,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub coupons: Vec<CouponUse>,
    pub programme_version: u32,
    #[serde(default, skip_serializing_if = "Spending::is_plain")]
    pub spending: Spending,
}

impl Sale {
    /// What was paid out of stored value, fen.
    pub fn stored_fen(&self) -> Fen {
        let stored = self.tenders.iter().filter(|t| t.kind == TenderKind::StoredValue);
        stored.map(|t| t.amount_fen).sum()
    }

    /// What this receipt moves, provisionally: earn, redeem, stored value, coupons.
    pub fn legs(&self) -> Vec<Leg> {
        let mut legs = Vec::new();
        let mut push = |account, unit, delta, reason| {
            let n = u16::try_from(legs.len()).unwrap_or(u16::MAX);
            legs.push(Leg { n, account, unit, delta, reason });
        };
        if let Some(member) = &self.member {
            let account = Account::Member(member.member_id);
            if self.points_redeemed > Points::ZERO {
                push(account.clone(), Unit::Points, -self.points_redeemed.0, Reason::Redeem);
            }
            if self.points_earned > Points::ZERO {
                push(account, Unit::Points, self.points_earned.0, Reason::Earn);
            }
            if self.stored_fen() > Fen::ZERO {
                let account = Account::Stored(member.member_id);
                push(account, Unit::Fen, -self.stored_fen().0, Reason::StoredPay);
            }
        }
        for coupon in &self.coupons {
            push(Account::Coupon(coupon.coupon_id), Unit::Fen, -coupon.value_fen.0, Reason::CouponUse);
        }
        legs
    }

    fn moves_without_a_member(&self) -> bool {
        let earns = self.points_earned != Points::ZERO && self.spending.guest.is_none();
        let spends = self.points_redeemed != Points::ZERO || self.stored_fen() != Fen::ZERO;
        self.member.is_none() && (earns || spends)
    }

    /// First thing wrong with the arithmetic, in words, if anything is. Used before commit and at HQ.
    pub fn flaw(&self) -> Option<&'static str> {
        let revenue: Fen = self.lines.iter().map(|l| l.amount_fen.minus(l.share_fen)).sum();
        let paid: Fen = self.tenders.iter().map(|t| t.amount_fen).sum();
        let amounts: Fen = self.lines.iter().map(|l| l.amount_fen).sum();
        let advantages: Fen =
            self.coupons.iter().map(|c| c.value_fen).sum::<Fen>().plus(self.redeem_value_fen);
        [
            (self.lines.is_empty(), "a sale has at least one line"),
            (revenue != self.total_fen, "the lines' revenue is not the total"),
            (
                amounts.minus(advantages) != self.total_fen,
                "amounts minus coupons and points are not the total",
            ),
            (paid.minus(self.change_fen) != self.total_fen, "tenders minus change are not the total"),
            (self.tenders.iter().any(|t| t.amount_fen < Fen::ZERO), "a tender is negative"),
            (self.points_earned < Points::ZERO || self.points_redeemed < Points::ZERO, "points are negative"),
            (self.moves_without_a_member(), "points or stored value move without a member"),
        ]
        .into_iter()
        .find_map(|(wrong, what)| wrong.then_some(what))
    }
}
