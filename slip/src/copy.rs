//! A copy: the same paper under a line that says so.

use hardware::receipt::doc::{Align, Block, Doc, Size};
use ledger::time::{Timestamp, Zone};

/// The slip `original` as its copy number `copy_no` (from 1).
pub fn as_copy(original: &Doc, copy_no: u32, at: Timestamp, zone: Zone) -> Doc {
    let mark = format!("*** 补打 第{copy_no}次 {} ***", at.receipt(zone));
    let mut doc = Doc::new();
    doc.push(Block::Text { text: mark, align: Align::Centre, size: Size::Normal, bold: true });
    doc.extend(original.lines.iter().cloned());
    doc
}
