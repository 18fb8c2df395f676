//! The slip of a refund: what was given back, and what became of the points.

use hardware::receipt::doc::{Block, Doc};
use ledger::receipt::ReceiptCode;
use ledger::refund::Refund;

use super::frame::{Letterhead, Stamp, foot, head, tender_name};
use super::member::{self, MemberSlip};

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

pub fn refund(slip: &RefundSlip<'_>) -> Doc {
    let mut doc = Doc::new();
    head(&mut doc, slip.letterhead, Some("退货单"), &slip.stamp);
    let refund = slip.refund;
    doc.push(Block::columns("原单号", &refund.original.receipt_no));
    doc.push(Block::columns("授权", &slip.approved_by));
    if !refund.reason.is_empty() {
        doc.push(Block::columns("原因", &refund.reason));
    }
    doc.push(Block::total("退款", refund.total_fen.to_string()));
    doc.extend(refund.tenders.iter().map(|t| Block::columns(tender_name(t.kind), t.amount_fen.to_string())));
    if let Some(block) = &slip.member {
        member::push(&mut doc, block, slip.stamp.zone);
    }
    doc.push(Block::Feed { lines: 1 });
    doc.push(Block::text("顾客签名:"));
    doc.push(Block::Feed { lines: 2 });
    foot(&mut doc, slip.letterhead, Some(slip.code.to_string()));
    doc
}
