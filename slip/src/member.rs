//! The member's part of a receipt: whose points moved, and what the balance is made of.

use hardware::receipt::doc::Block;
use ledger::money::Fen;
use ledger::points::Points;
use ledger::receipt::MemberBlock;
use ledger::time::Zone;

use crate::template::PartKind;

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

/// The member's parts of a slip; nothing for the others.
pub(crate) fn say(slip: &MemberSlip, part: PartKind, zone: Zone) -> Vec<Block> {
    match part {
        PartKind::Member => {
            let MemberBlock { name_masked, card_tail, .. } = &slip.block;
            vec![who(name_masked, card_tail)]
        }
        PartKind::Points => points(slip, zone),
        PartKind::Stored => slip.stored.iter().map(|left| stored(*left)).collect(),
        PartKind::NewCard => slip.new_card.iter().flat_map(|card| new_card(card)).collect(),
        _ => Vec::new(),
    }
}

/// The same for a guest, whose balance nobody here knows.
pub(crate) fn say_guest(shown: &str, earned: Points, part: PartKind) -> Vec<Block> {
    match part {
        PartKind::Member => vec![Block::columns("会员待确认", shown)],
        PartKind::Points if earned > Points::ZERO => {
            vec![Block::columns("本单积分", format!("+{earned}")), Block::text("总部确认会员后入账")]
        }
        _ => Vec::new(),
    }
}

/// Whose slip it is.
pub(crate) fn who(name_masked: &str, card_tail: &str) -> Block {
    Block::columns(format!("会员 {name_masked}"), format!("卡尾号 {card_tail}"))
}

/// Stored value after the slip.
pub(crate) fn stored(left: Fen) -> Block {
    Block::columns("储值余额", left.to_string())
}

fn points(slip: &MemberSlip, zone: Zone) -> Vec<Block> {
    let moved = slip.moves.iter().filter(|(_, points)| *points != Points::ZERO);
    let moves = moved.map(|(label, points)| {
        let sign = if *points > Points::ZERO { "+" } else { "" };
        Block::columns(*label, format!("{sign}{points}"))
    });
    moves.chain([Block::text(slip.block.standing(zone))]).collect()
}

fn new_card(card: &str) -> [Block; 2] {
    [Block::centred(format!("您的会员卡号 {card}")), Block::Qr { data: format!("MB1:{card}") }]
}
