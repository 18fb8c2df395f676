//! X and Z reports, and the report of a shift.

use hardware::receipt::doc::{Block, Doc};
use ledger::money::Fen;
use ledger::shift::Totals;
use ledger::store::shifts::LateSum;

use slip::{Letterhead, Stamp, foot, head, tender_name};

/// Everything that stands on it.
pub struct ReportSlip<'a> {
    pub letterhead: &'a Letterhead,
    pub stamp: Stamp,
    /// `日结单 Z`
    pub title: String,
    pub business_day: String,
    pub totals: &'a Totals,
    /// Cash that the drawer should hold and the blind count; None in a report before the count.
    pub cash: Option<(Fen, Fen)>,
    /// First and last receipt.
    pub receipts: Option<(String, String)>,
    /// First and last event of the range.
    pub events: (u64, u64),
    /// How many of them headquarters does not have yet.
    pub unreceived: u64,
    /// What belongs to days closed before.
    pub late: &'a [LateSum],
}

pub fn report(slip: &ReportSlip<'_>) -> Doc {
    let mut doc = Doc::new();
    head(&mut doc, slip.letterhead, &slip.title, &slip.stamp);
    doc.push(Block::columns("营业日", &slip.business_day));
    sales(&mut doc, slip.totals);
    late(&mut doc, slip.late);
    doc.push(Block::Rule);
    drawer(&mut doc, slip);
    doc.push(Block::Rule);
    range(&mut doc, slip);
    foot(&mut doc);
    doc
}

fn sales(doc: &mut Doc, totals: &Totals) {
    doc.push(Block::columns("销售单数", totals.sales.to_string()));
    doc.push(Block::columns("退货单数", totals.refunds.to_string()));
    doc.push(Block::columns("优惠合计", totals.discounts_fen.to_string()));
    doc.push(Block::total("净销售额", totals.total_fen.to_string()));
    for sum in &totals.tenders {
        let name = format!("{} {} 笔", tender_name(sum.kind), sum.count);
        doc.push(Block::columns(name, sum.amount_fen.to_string()));
    }
    doc.push(Block::columns("发放积分", totals.points_earned.to_string()));
    doc.push(Block::columns("使用积分", totals.points_redeemed.to_string()));
}

/// Included above, and named once more: an earlier close cannot take them.
fn late(doc: &mut Doc, late: &[LateSum]) {
    for sum in late {
        let name = format!("含 {} 结后 {} 笔", sum.of.business_day, sum.count);
        doc.push(Block::columns(name, sum.total_fen.to_string()));
    }
}

fn drawer(doc: &mut Doc, slip: &ReportSlip<'_>) {
    let totals = slip.totals;
    doc.push(Block::columns("备用金", totals.float_fen.to_string()));
    doc.push(Block::columns("存入现金", totals.cash_in_fen.to_string()));
    doc.push(Block::columns("取出现金", totals.cash_out_fen.to_string()));
    if let Some((expected, counted)) = slip.cash {
        doc.push(Block::columns("应有现金", expected.to_string()));
        doc.push(Block::columns("实点现金", counted.to_string()));
        doc.push(Block::total("长短款", counted.minus(expected).to_string()));
    }
}

fn range(doc: &mut Doc, slip: &ReportSlip<'_>) {
    if let Some((first, last)) = &slip.receipts {
        doc.push(Block::columns("单号起", first));
        doc.push(Block::columns("单号止", last));
    }
    doc.push(Block::columns("记录", format!("{} - {}", slip.events.0, slip.events.1)));
    doc.push(Block::columns("未上传", slip.unreceived.to_string()));
}
