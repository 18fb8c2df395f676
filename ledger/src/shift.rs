//! Shifts, drawer movements and the close of a business day.

use serde::{Deserialize, Serialize};

use crate::id::{Hash, StaffId};
use crate::money::Fen;
use crate::points::Points;
use crate::refund::Refund;
use crate::sale::Sale;
use crate::tender::{Tender, TenderKind};
use crate::time::BusinessDay;
use crate::top_up::TopUp;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShiftOpen {
    pub shift_no: u32,
    pub staff: StaffId,
    pub float_fen: Fen,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShiftClose {
    pub shift_no: u32,
    pub staff: StaffId,
    /// Blind count: entered before the expected cash was shown.
    pub counted_fen: Fen,
    pub expected_fen: Fen,
    pub totals: Totals,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CashMove {
    pub shift_no: u32,
    pub staff: StaffId,
    /// Positive into the drawer, negative out of it.
    pub amount_fen: Fen,
    pub reason: String,
}

/// The immutable close: an event range and what it adds up to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayClose {
    pub business_day: BusinessDay,
    pub report_no: u32,
    pub staff: StaffId,
    /// First and last event that belong to the day; the close itself is `to_seq + 1`.
    pub from_seq: u64,
    pub to_seq: u64,
    /// Hash of event `to_seq`: with dense numbers it proves the uplink complete.
    pub head_hash: Hash,
    pub totals: Totals,
    pub expected_fen: Fen,
    pub counted_fen: Fen,
}

/// Link of a fact to the close that it came too late for: its clock still says that day, and the day is
/// closed, so the fact belongs to the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LateOf {
    pub business_day: BusinessDay,
    pub report_no: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TenderSum {
    pub kind: TenderKind,
    pub amount_fen: Fen,
    pub count: u32,
}

/// Sums over a range of facts. Folding the same facts gives the same totals at the till and at HQ.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    pub sales: u32,
    pub refunds: u32,
    /// Sales minus refunds.
    pub total_fen: Fen,
    pub discounts_fen: Fen,
    pub points_earned: Points,
    pub points_redeemed: Points,
    pub cash_in_fen: Fen,
    pub cash_out_fen: Fen,
    pub float_fen: Fen,
    /// Stored value paid for, without bonus: money in, no revenue.
    #[serde(default, skip_serializing_if = "Fen::is_zero")]
    pub top_ups_fen: Fen,
    /// Net by tender, ordered by kind.
    pub tenders: Vec<TenderSum>,
}

impl Totals {
    pub fn add_sale(&mut self, sale: &Sale) {
        self.sales += 1;
        self.total_fen = self.total_fen.plus(sale.total_fen);
        self.discounts_fen = self.discounts_fen.plus(sale.list_total_fen.minus(sale.total_fen));
        self.points_earned = self.points_earned.plus(sale.points_earned);
        self.points_redeemed = self.points_redeemed.plus(sale.points_redeemed);
        for Tender { kind, amount_fen } in &sale.tenders {
            self.add_tender(*kind, *amount_fen);
        }
        if sale.change_fen != Fen::ZERO {
            self.take_cash(sale.change_fen);
        }
    }

    pub fn add_refund(&mut self, refund: &Refund) {
        self.refunds += 1;
        self.total_fen = self.total_fen.minus(refund.total_fen);
        self.points_earned = self.points_earned.minus(refund.points_taken_back);
        self.points_redeemed = self.points_redeemed.minus(refund.points_returned);
        for Tender { kind, amount_fen } in &refund.tenders {
            self.add_tender(*kind, Fen(-amount_fen.0));
        }
    }

    pub fn add_top_up(&mut self, top_up: &TopUp) {
        self.top_ups_fen = self.top_ups_fen.plus(top_up.principal_fen);
        for Tender { kind, amount_fen } in &top_up.tenders {
            self.add_tender(*kind, *amount_fen);
        }
        if top_up.change_fen != Fen::ZERO {
            self.take_cash(top_up.change_fen);
        }
    }

    pub fn add_cash_move(&mut self, cash: &CashMove) {
        if cash.amount_fen >= Fen::ZERO {
            self.cash_in_fen = self.cash_in_fen.plus(cash.amount_fen);
        } else {
            self.cash_out_fen = self.cash_out_fen.minus(cash.amount_fen);
        }
    }

    pub fn add_float(&mut self, float: Fen) {
        self.float_fen = self.float_fen.plus(float);
    }

    /// What the drawer should hold.
    pub fn cash_expected(&self) -> Fen {
        let cash =
            self.tenders.iter().find(|t| t.kind == TenderKind::Cash).map_or(Fen::ZERO, |t| t.amount_fen);
        self.float_fen.plus(cash).plus(self.cash_in_fen).minus(self.cash_out_fen)
    }

    fn add_tender(&mut self, kind: TenderKind, amount: Fen) {
        match self.tenders.iter_mut().find(|t| t.kind == kind) {
            Some(sum) => {
                sum.amount_fen = sum.amount_fen.plus(amount);
                sum.count += 1;
            }
            None => {
                self.tenders.push(TenderSum { kind, amount_fen: amount, count: 1 });
                self.tenders.sort_by_key(|t| t.kind);
            }
        }
    }

    fn take_cash(&mut self, change: Fen) {
        if let Some(sum) = self.tenders.iter_mut().find(|t| t.kind == TenderKind::Cash) {
            sum.amount_fen = sum.amount_fen.minus(change);
        }
    }
}
