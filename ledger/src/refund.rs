//! Refund of a sale, whole or by lines: the mirror of what the original earned, burned and took.

use serde::{Deserialize, Serialize};

use crate::given_back::{GivenBack, Part};
use crate::id::{EventKey, Hash, MemberId, SaleId, StaffId};
use crate::money::Fen;
use crate::points::Points;
use crate::posting::{Account, Leg, Reason, Unit};
use crate::quantity::Milli;
use crate::sale::{CouponUse, Sale};
use crate::tender::{Tender, TenderKind};

/// What the paper itself proves about its sale, for a till that cannot ask: signed by the selling till.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptProof {
    pub total_fen: Fen,
    /// Ed25519 by the selling terminal over [`ReceiptProof::text`], base64url.
    pub sig: String,
}

impl ReceiptProof {
    /// The signed text.
    pub fn text(key: EventKey, hash: &Hash, total: Fen) -> String {
        format!("receipt\n{key}\n{hash}\n{}", total.0)
    }
}

/// Part of one line of the original; a refund without lines gives back the whole sale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundLine {
    /// Number of the original's line.
    pub n: u16,
    pub qty_milli: Milli,
    /// Given back for it, >= 0.
    pub amount_fen: Fen,
}

/// Points to the sale that is given back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OriginalSale {
    pub key: EventKey,
    pub hash: Hash,
    pub sale_id: SaleId,
    pub receipt_no: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<ReceiptProof>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    pub sale_id: SaleId,
    pub receipt_no: String,
    pub shift_no: u32,
    pub staff: StaffId,
    /// The supervisor who allowed it; the same as `staff` when a supervisor sold.
    pub approved_by: StaffId,
    pub original: OriginalSale,
    pub reason: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<RefundLine>,
    /// Money given back, >= 0.
    pub total_fen: Fen,
    /// How it was given back; positive amounts.
    pub tenders: Vec<Tender>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member_id: Option<MemberId>,
    /// Taken back because the sale had earned them, >= 0.
    pub points_taken_back: Points,
    /// Given back because the sale had spent them, >= 0.
    pub points_returned: Points,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub coupons: Vec<CouponUse>,
}

/// Who gives back, where it is booked.
#[derive(Clone, Debug)]
pub struct RefundDesk {
    pub sale_id: SaleId,
    pub receipt_no: String,
    pub shift_no: u32,
    pub staff: StaffId,
    pub approved_by: StaffId,
    pub reason: String,
}

impl Refund {
    /// Mirrors `sale` whole: same money by the same means (cash net of change), points and coupons back.
    pub fn whole(sale: &Sale, key: EventKey, hash: Hash, desk: RefundDesk) -> Self {
        Refund {
            sale_id: desk.sale_id,
            receipt_no: desk.receipt_no,
            shift_no: desk.shift_no,
            staff: desk.staff,
            approved_by: desk.approved_by,
            original: OriginalSale {
                key,
                hash,
                sale_id: sale.sale_id,
                receipt_no: sale.receipt_no.clone(),
                proof: None,
            },
            reason: desk.reason,
            lines: Vec::new(),
            total_fen: sale.total_fen,
            tenders: net_tenders(sale),
            member_id: sale.member.as_ref().map(|m| m.member_id),
            points_taken_back: sale.points_earned,
            points_returned: sale.points_redeemed,
            coupons: sale.coupons.clone(),
        }
    }

    /// Gives back some of each line in `back` (number and quantity), after what `before` says was given
    /// back. Points and means of payment in proportion; coupons come back with the last of it.
    pub fn of_lines(
        sale: &Sale,
        (key, hash): (EventKey, Hash),
        before: &GivenBack,
        back: &[(u16, Milli)],
        desk: RefundDesk,
    ) -> Self {
        let (mut after, mut lines) = (before.clone(), Vec::new());
        for (n, qty_milli) in back {
            let Some(line) = sale.lines.iter().find(|line| line.n == *n) else { continue };
            let amount_fen = after.money_for(line, *qty_milli);
            after.add(*n, Part { qty_milli: *qty_milli, amount_fen });
            lines.push(RefundLine { n: *n, qty_milli: *qty_milli, amount_fen });
        }
        let part = |whole: Points| Points(after.share(sale, whole.0) - before.share(sale, whole.0));
        let whole = Refund::whole(sale, key, hash, desk);
        Refund {
            lines,
            total_fen: after.amount_fen().minus(before.amount_fen()),
            tenders: part_tenders(&whole.tenders, before.amount_fen(), after.amount_fen()),
            points_taken_back: part(sale.points_earned),
            points_returned: part(sale.points_redeemed),
            coupons: if after.is_whole(sale) { whole.coupons } else { Vec::new() },
            ..whole
        }
    }

    /// What goes back to stored value, fen.
    pub fn stored_fen(&self) -> Fen {
        let stored = self.tenders.iter().filter(|t| t.kind == TenderKind::StoredValue);
        stored.map(|t| t.amount_fen).sum()
    }

    pub fn legs(&self) -> Vec<Leg> {
        let mut legs = Vec::new();
        let mut push = |account, unit, delta, reason| {
            let n = u16::try_from(legs.len()).unwrap_or(u16::MAX);
            legs.push(Leg { n, account, unit, delta, reason });
        };
        if let Some(member) = self.member_id {
            if self.points_returned > Points::ZERO {
                push(Account::Member(member), Unit::Points, self.points_returned.0, Reason::RefundRedeem);
            }
            if self.points_taken_back > Points::ZERO {
                push(Account::Member(member), Unit::Points, -self.points_taken_back.0, Reason::RefundEarn);
            }
            if self.stored_fen() > Fen::ZERO {
                push(Account::Stored(member), Unit::Fen, self.stored_fen().0, Reason::StoredReturn);
            }
        }
        for coupon in &self.coupons {
            push(Account::Coupon(coupon.coupon_id), Unit::Fen, coupon.value_fen.0, Reason::CouponReturn);
        }
        legs
    }

    /// First thing wrong with the arithmetic, in words, if anything is.
    pub fn flaw(&self) -> Option<&'static str> {
        let given: Fen = self.tenders.iter().map(|t| t.amount_fen).sum();
        [
            (given != self.total_fen, "the money given back is not the total"),
            (self.total_fen < Fen::ZERO, "the total is negative"),
            (
                self.lines.iter().any(|l| l.amount_fen < Fen::ZERO || l.qty_milli < Milli(0)),
                "a line is negative",
            ),
            (
                !self.lines.is_empty()
                    && self.lines.iter().map(|l| l.amount_fen).sum::<Fen>() != self.total_fen,
                "the lines are not the total",
            ),
            (
                self.points_taken_back < Points::ZERO || self.points_returned < Points::ZERO,
                "points are negative",
            ),
        ]
        .into_iter()
        .find_map(|(wrong, what)| wrong.then_some(what))
    }
}

/// The money between `before` and `after` of it was given back: each means in its turn, in proportion, the
/// last one the rest.
fn part_tenders(whole: &[Tender], before: Fen, after: Fen) -> Vec<Tender> {
    let all: Fen = whole.iter().map(|tender| tender.amount_fen).sum();
    let upto = |sum: Fen, amount: Fen| amount.0.saturating_mul(sum.0) / all.0.max(1);
    let mut rest = after.minus(before);
    let mut parts = Vec::new();
    for (n, tender) in whole.iter().enumerate() {
        let share = Fen(upto(after, tender.amount_fen) - upto(before, tender.amount_fen));
        let amount_fen = if n + 1 == whole.len() { rest } else { share.min(rest) };
        rest = rest.minus(amount_fen);
        if amount_fen > Fen::ZERO {
            parts.push(Tender { kind: tender.kind, amount_fen });
        }
    }
    parts
}

/// Tenders with the change taken off the cash.
fn net_tenders(sale: &Sale) -> Vec<Tender> {
    let mut change = sale.change_fen;
    let mut tenders = Vec::new();
    for tender in &sale.tenders {
        let back = if tender.kind == TenderKind::Cash { change.min(tender.amount_fen) } else { Fen::ZERO };
        change = change.minus(back);
        let amount_fen = tender.amount_fen.minus(back);
        if amount_fen > Fen::ZERO {
            tenders.push(Tender { kind: tender.kind, amount_fen });
        }
    }
    tenders
}
