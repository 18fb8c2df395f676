//! The receipt of a sale.

use hardware::receipt::doc::{Block, Cell, Doc};
use ledger::money::Fen;
use ledger::receipt::ReceiptCode;
use ledger::sale::{Sale, SaleLine};
use ledger::tender::Tender;

use super::frame::{Letterhead, Stamp, foot, head, tender_name};
use super::member::{self, MemberSlip};

/// Everything that stands on it.
pub struct SaleSlip<'a> {
    pub letterhead: &'a Letterhead,
    pub stamp: Stamp,
    pub sale: &'a Sale,
    /// Title of each coupon, in the order of `sale.coupons`.
    pub coupon_titles: Vec<String>,
    pub member: Option<MemberSlip>,
    pub code: ReceiptCode,
}

/// Columns of amounts: `99,999.99` never wraps.
const AMOUNT_COLUMNS: u8 = 11;

pub fn sale(slip: &SaleSlip<'_>) -> Doc {
    let mut doc = Doc::new();
    head(&mut doc, slip.letterhead, None, &slip.stamp);
    slip.sale.lines.iter().for_each(|line| goods(&mut doc, line));
    doc.push(Block::Rule);
    advantages(&mut doc, slip);
    doc.push(Block::total("应收", slip.sale.total_fen.to_string()));
    tenders(&mut doc, &slip.sale.tenders);
    if slip.sale.change_fen > Fen::ZERO {
        doc.push(Block::columns("找零", slip.sale.change_fen.to_string()));
    }
    if let Some(block) = &slip.member {
        member::push(&mut doc, block, slip.stamp.zone);
    }
    foot(&mut doc, slip.letterhead, Some(slip.code.to_string()));
    doc
}

/// Name on its own line, so that long names wrap without pushing the amount away.
fn goods(doc: &mut Doc, line: &SaleLine) {
    doc.push(Block::text(&line.name));
    let unit = if line.weighed { line.unit.as_str() } else { "" };
    let what = format!("  {}{unit} x {}", line.qty_milli, line.price_fen);
    doc.push(Block::row(vec![Cell::rest(what), Cell::right(line.list_fen.to_string(), AMOUNT_COLUMNS)]));
}

/// From list prices to what is owed, each step by its name.
fn advantages(doc: &mut Doc, slip: &SaleSlip<'_>) {
    let sale = slip.sale;
    doc.push(Block::columns(format!("合计 {} 件", pieces(&sale.lines)), sale.list_total_fen.to_string()));
    let goods: Fen = sale.lines.iter().map(|line| line.amount_fen).sum();
    let mut less = |name: &str, value: Fen| {
        if value > Fen::ZERO {
            doc.push(Block::columns(name, format!("-{value}")));
        }
    };
    less("会员价优惠", sale.list_total_fen.minus(goods));
    for (used, title) in sale.coupons.iter().zip(&slip.coupon_titles) {
        less(title, used.value_fen);
    }
    less(&format!("积分抵扣 {} 分", sale.points_redeemed), sale.redeem_value_fen);
}

/// A weighed line counts as one piece.
fn pieces(lines: &[SaleLine]) -> i64 {
    lines.iter().map(|line| if line.weighed { 1 } else { line.qty_milli.0 / 1000 }).sum()
}

fn tenders(doc: &mut Doc, tenders: &[Tender]) {
    doc.extend(tenders.iter().map(|t| Block::columns(tender_name(t.kind), t.amount_fen.to_string())));
}
