//! The receipt of a sale.

use hardware::receipt::doc::{Block, Cell, Doc};
use ledger::money::Fen;
use ledger::receipt::ReceiptCode;
use ledger::sale::{Sale, SaleLine};
use ledger::tender::Tender;

use crate::frame::{Letterhead, Stamp, tender_name};
use crate::lay::{Content, Frame, lay};
use crate::member::{self, MemberSlip};
use crate::template::{Look, PartKind};

/// Everything that stands on it.
pub struct SaleSlip<'a> {
    pub letterhead: &'a Letterhead,
    pub stamp: Stamp,
    pub sale: &'a Sale,
    /// Title of each coupon, in the order of `sale.coupons`.
    pub coupon_titles: Vec<String>,
    pub member: Option<MemberSlip>,
    /// In the place of a member: what is shown of a card or number that only headquarters can tell.
    pub guest: Option<String>,
    pub code: ReceiptCode,
}

/// Columns of amounts: `99,999.99` never wraps.
const AMOUNT_COLUMNS: u8 = 11;

/// The receipt, laid out by the letterhead's template.
pub fn sale(slip: &SaleSlip<'_>) -> Doc {
    lay(slip)
}

impl Content for SaleSlip<'_> {
    fn frame(&self) -> Frame<'_> {
        Frame { letterhead: self.letterhead, stamp: &self.stamp, code: self.code, kind: None }
    }

    fn say(&self, part: PartKind, look: Look) -> Vec<Block> {
        match part {
            PartKind::Items => self.sale.lines.iter().flat_map(goods).collect(),
            PartKind::Promotions => advantages(self),
            PartKind::Total => vec![total("应收", self.sale.total_fen, look)],
            PartKind::Tenders => taken(&self.sale.tenders, self.sale.change_fen),
            own => match (&self.member, &self.guest) {
                (Some(slip), _) => member::say(slip, own, self.stamp.zone),
                (None, Some(shown)) => member::say_guest(shown, self.sale.points_earned, own),
                (None, None) => Vec::new(),
            },
        }
    }
}

/// A name and an amount, as large as the template wants.
pub(crate) fn total(name: &str, value: Fen, Look { size, bold, .. }: Look) -> Block {
    Block::Columns { left: name.to_owned(), right: value.to_string(), size, bold }
}

/// What was handed over, and what went back.
pub(crate) fn taken(tenders: &[Tender], change: Fen) -> Vec<Block> {
    let change = (change > Fen::ZERO).then(|| Block::columns("找零", change.to_string()));
    let given = tenders.iter().map(|t| Block::columns(tender_name(t.kind), t.amount_fen.to_string()));
    given.chain(change).collect()
}

/// Name on its own line, so that long names wrap without pushing the amount away.
fn goods(line: &SaleLine) -> [Block; 2] {
    let unit = if line.weighed { line.unit.as_str() } else { "" };
    let what = format!("  {}{unit} x {}", line.qty_milli, line.price_fen);
    let cells = vec![Cell::rest(what), Cell::right(line.list_fen.to_string(), AMOUNT_COLUMNS)];
    [Block::text(&line.name), Block::row(cells)]
}

/// From list prices to what is owed, each step by its name.
fn advantages(slip: &SaleSlip<'_>) -> Vec<Block> {
    let sale = slip.sale;
    let pieces = format!("合计 {} 件", pieces(&sale.lines));
    let mut blocks = vec![Block::columns(pieces, sale.list_total_fen.to_string())];
    let goods: Fen = sale.lines.iter().map(|line| line.amount_fen).sum();
    let mut less = |name: &str, value: Fen| {
        if value > Fen::ZERO {
            blocks.push(Block::columns(name, format!("-{value}")));
        }
    };
    less("会员价优惠", sale.list_total_fen.minus(goods));
    for (used, title) in sale.coupons.iter().zip(&slip.coupon_titles) {
        less(title, used.value_fen);
    }
    less(&format!("积分抵扣 {} 分", sale.points_redeemed), sale.redeem_value_fen);
    blocks
}

/// A weighed line counts as one piece.
fn pieces(lines: &[SaleLine]) -> i64 {
    lines.iter().map(|line| if line.weighed { 1 } else { line.qty_milli.0 / 1000 }).sum()
}
