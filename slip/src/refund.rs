//! The slip of a refund: what was given back, and what became of the points.

use hardware::receipt::doc::{Block, Doc};
use ledger::money::Fen;
use ledger::receipt::ReceiptCode;
use ledger::refund::Refund;

use crate::frame::{Letterhead, Stamp};
use crate::lay::{Content, Frame, lay};
use crate::member::{self, MemberSlip};
use crate::receipt::{taken, total};
use crate::template::{Look, PartKind};

/// Everything that stands on it.
pub struct RefundSlip<'a> {
    pub letterhead: &'a Letterhead,
    pub stamp: Stamp,
    pub refund: &'a Refund,
    /// Name of the supervisor who allowed it.
    pub approved_by: String,
    pub member: Option<MemberSlip>,
    pub code: ReceiptCode,
}

/// The slip, laid out by the letterhead's template.
pub fn refund(slip: &RefundSlip<'_>) -> Doc {
    lay(slip)
}

impl Content for RefundSlip<'_> {
    fn frame(&self) -> Frame<'_> {
        Frame { letterhead: self.letterhead, stamp: &self.stamp, code: self.code, kind: Some("退货单") }
    }

    fn say(&self, part: PartKind, look: Look) -> Vec<Block> {
        match part {
            PartKind::Items => about(self),
            PartKind::Total => vec![total("退款", self.refund.total_fen, look)],
            PartKind::Tenders => taken(&self.refund.tenders, Fen::ZERO),
            PartKind::Signature => {
                vec![Block::Feed { lines: 1 }, Block::text("顾客签名:"), Block::Feed { lines: 2 }]
            }
            own => self.member.as_ref().map_or(Vec::new(), |slip| member::say(slip, own, self.stamp.zone)),
        }
    }
}

fn about(slip: &RefundSlip<'_>) -> Vec<Block> {
    let refund = slip.refund;
    let reason = (!refund.reason.is_empty()).then(|| Block::columns("原因", &refund.reason));
    let original = Block::columns("原单号", &refund.original.receipt_no);
    [original, Block::columns("授权", &slip.approved_by)].into_iter().chain(reason).collect()
}
