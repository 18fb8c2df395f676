//! The slip of a top-up: what was paid, what was given, what there is now.

use hardware::receipt::doc::{Block, Doc};
use ledger::member::{Member, mask_name};
use ledger::money::Fen;
use ledger::receipt::ReceiptCode;
use ledger::top_up::TopUp;

use super::frame::{Letterhead, Stamp, foot, head, tail, tender_name};

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

pub fn top_up(slip: &TopUpSlip<'_>) -> Doc {
    let mut doc = Doc::new();
    head(&mut doc, slip.letterhead, Some("储值充值"), &slip.stamp);
    let (top_up, member) = (slip.top_up, slip.member);
    let card = format!("卡尾号 {}", tail(&member.card_no));
    doc.push(Block::columns(format!("会员 {}", mask_name(&member.name)), card));
    doc.push(Block::total("充值", top_up.principal_fen.to_string()));
    if top_up.bonus_fen > Fen::ZERO {
        doc.push(Block::columns("赠送", top_up.bonus_fen.to_string()));
    }
    doc.extend(top_up.tenders.iter().map(|t| Block::columns(tender_name(t.kind), t.amount_fen.to_string())));
    if top_up.change_fen > Fen::ZERO {
        doc.push(Block::columns("找零", top_up.change_fen.to_string()));
    }
    doc.push(Block::Rule);
    doc.push(Block::columns("储值余额", slip.left.to_string()));
    foot(&mut doc, slip.letterhead, Some(slip.code.to_string()));
    doc
}
