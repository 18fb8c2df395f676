//! The member's part of a receipt: whose points moved, and what the balance is made of.

use hardware::receipt::doc::{Block, Doc};
use ledger::money::Fen;
use ledger::points::Points;
use ledger::receipt::MemberBlock;
use ledger::time::Zone;

/// Who is told what about their points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberSlip {
    pub block: MemberBlock,
    /// Signed movements by name, e.g. (`本单积分`, +35).
    pub moves: Vec<(&'static str, Points)>,
    /// Stored value after this slip, for a member who has any.
    pub stored: Option<Fen>,
    /// Printed as a code for a member who joined with this sale.
    pub new_card: Option<String>,
}

pub(super) fn push(doc: &mut Doc, slip: &MemberSlip, zone: Zone) {
    let MemberBlock { name_masked, card_tail, .. } = &slip.block;
    doc.push(Block::Rule);
    doc.push(Block::columns(format!("会员 {name_masked}"), format!("卡尾号 {card_tail}")));
    for (label, points) in slip.moves.iter().filter(|(_, points)| *points != Points::ZERO) {
        let sign = if *points > Points::ZERO { "+" } else { "" };
        doc.push(Block::columns(*label, format!("{sign}{points}")));
    }
    doc.push(Block::text(slip.block.standing(zone)));
    if let Some(left) = slip.stored {
        doc.push(Block::columns("储值余额", left.to_string()));
    }
    if let Some(card) = &slip.new_card {
        doc.push(Block::centred(format!("您的会员卡号 {card}")));
        doc.push(Block::Qr { data: format!("MB1:{card}") });
    }
}
