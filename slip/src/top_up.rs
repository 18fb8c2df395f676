//! The slip of a top-up: what was paid, what was given, what there is now.

use hardware::receipt::doc::{Block, Doc};
use ledger::member::{Member, mask_name};
use ledger::money::Fen;
use ledger::receipt::ReceiptCode;
use ledger::top_up::TopUp;

use crate::frame::{Letterhead, Stamp, tail};
use crate::lay::{Content, Frame, lay};
use crate::member;
use crate::receipt::{taken, total};
use crate::template::{Look, PartKind};

/// Everything that stands on it.
pub struct TopUpSlip<'a> {
    pub letterhead: &'a Letterhead,
    pub stamp: Stamp,
    pub top_up: &'a TopUp,
    pub member: &'a Member,
    /// Stored value after it.
    pub left: Fen,
    pub code: ReceiptCode,
}

/// The slip, laid out by the letterhead's template.
pub fn top_up(slip: &TopUpSlip<'_>) -> Doc {
    lay(slip)
}

impl Content for TopUpSlip<'_> {
    fn frame(&self) -> Frame<'_> {
        Frame { letterhead: self.letterhead, stamp: &self.stamp, code: self.code, kind: Some("储值充值") }
    }

    fn say(&self, part: PartKind, look: Look) -> Vec<Block> {
        let (top_up, holder) = (self.top_up, self.member);
        match part {
            PartKind::Items => vec![member::who(&mask_name(&holder.name), &tail(&holder.card_no))],
            PartKind::Total => {
                let bonus = Block::columns("赠送", top_up.bonus_fen.to_string());
                let given = (top_up.bonus_fen > Fen::ZERO).then_some(bonus);
                std::iter::once(total("充值", top_up.principal_fen, look)).chain(given).collect()
            }
            PartKind::Tenders => taken(&top_up.tenders, top_up.change_fen),
            PartKind::Stored => vec![Block::Rule, member::stored(self.left)],
            _ => Vec::new(),
        }
    }
}
