//! What every slip begins and ends with.

use hardware::receipt::doc::{Block, Doc};
use ledger::tender::TenderKind;
use ledger::time::{Timestamp, Zone};

use crate::template::Template;

/// What every slip of a till begins and ends with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Letterhead {
    pub store: String,
    pub address: String,
    pub phone: String,
    pub footer: Vec<String>,
    pub till_no: u32,
    /// How receipts are laid out.
    pub template: Template,
}

/// Number, moment and person of one slip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    pub number: String,
    pub at: Timestamp,
    pub zone: Zone,
    pub cashier: String,
}

/// `现金`, as printed and shown.
pub fn tender_name(kind: TenderKind) -> &'static str {
    match kind {
        TenderKind::Cash => "现金",
        TenderKind::ExternalQr => "扫码支付",
        TenderKind::ExternalCard => "银行卡",
        TenderKind::StoredValue => "储值",
    }
}

/// Last four digits of a card.
pub fn tail(card_no: &str) -> String {
    card_no.chars().skip(card_no.chars().count().saturating_sub(4)).collect()
}

/// How a report begins.
pub fn head(doc: &mut Doc, letterhead: &Letterhead, kind: &str, stamp: &Stamp) {
    doc.push(Block::title(&letterhead.store));
    doc.extend(
        [&letterhead.address, &letterhead.phone].into_iter().filter(|t| !t.is_empty()).map(Block::centred),
    );
    doc.push(Block::title(kind));
    doc.push(Block::Rule);
    doc.push(Block::columns(format!("单号 {}", stamp.number), format!("收银机 {:02}", letterhead.till_no)));
    doc.push(Block::columns(stamp.at.receipt(stamp.zone), format!("收银员 {}", stamp.cashier)));
    doc.push(Block::Rule);
}

/// How a report ends.
pub fn foot(doc: &mut Doc) {
    doc.push(Block::Feed { lines: 3 });
    doc.push(Block::Cut);
}
