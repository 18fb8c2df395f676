//! Stored value bought at a till: principal paid, bonus given.

use serde::{Deserialize, Serialize};

use crate::id::{MemberId, SaleId, StaffId};
use crate::money::Fen;
use crate::posting::{Account, Leg, Reason, Unit};
use crate::tender::Tender;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopUp {
    pub top_up_id: SaleId,
    pub receipt_no: String,
    pub shift_no: u32,
    pub staff: StaffId,
    pub member_id: MemberId,
    /// Paid, > 0.
    pub principal_fen: Fen,
    /// Given on top, >= 0.
    pub bonus_fen: Fen,
    pub tenders: Vec<Tender>,
    pub change_fen: Fen,
}

impl TopUp {
    pub fn legs(&self) -> Vec<Leg> {
        vec![Leg {
            n: 0,
            account: Account::Stored(self.member_id),
            unit: Unit::Fen,
            delta: self.principal_fen.plus(self.bonus_fen).0,
            reason: Reason::TopUp,
        }]
    }

    /// First thing wrong with the arithmetic, in words, if anything is.
    pub fn flaw(&self) -> Option<&'static str> {
        let paid: Fen = self.tenders.iter().map(|t| t.amount_fen).sum();
        [
            (self.principal_fen <= Fen::ZERO, "a top-up is paid for"),
            (self.bonus_fen < Fen::ZERO, "a bonus is not negative"),
            (paid.minus(self.change_fen) != self.principal_fen, "tenders minus change are not the principal"),
        ]
        .into_iter()
        .find_map(|(wrong, what)| wrong.then_some(what))
    }
}
