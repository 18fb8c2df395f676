//! A completed sale: goods are gone, paper is printed.

use serde::{Deserialize, Serialize};

use crate::id::{CouponId, MemberId, SaleId, Sku, StaffId};
use crate::money::Fen;
use crate::points::Points;
use crate::posting::{Account, Leg, Reason, Unit};
use crate::quantity::Milli;
use crate::tender::Tender;

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
}

impl Sale {
    /// What this receipt moves, provisionally: earn, redeem, coupons.
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
        }
        for coupon in &self.coupons {
            push(Account::Coupon(coupon.coupon_id), Unit::Fen, -coupon.value_fen.0, Reason::CouponUse);
        }
        legs
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
            (
                self.member.is_none() && self.points_earned.plus(self.points_redeemed) != Points::ZERO,
                "points move without a member",
            ),
        ]
        .into_iter()
        .find_map(|(wrong, what)| wrong.then_some(what))
    }
}
