//! A slip as the window shows it: lines of text, and a picture.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hardware::receipt::doc::Doc;
use hardware::receipt::preview::preview;
use ledger::store::print_jobs::{self, JobKind};
use ledger::store::sales::ReceiptRow;
use ledger::store::{Reader, StoreError, sales};

use crate::desk::Desk;
use crate::failure::{Answer, Failure};
use crate::pictures;
use crate::receipts;
use crate::view::ReceiptView;

/// A receipt and its paper as first printed; left out means the last one.
///
/// # Errors
/// `unknown_receipt`
pub fn original(desk: &Desk, named: Option<&str>) -> Answer<(ReceiptRow, Doc)> {
    desk.shop()?;
    let row = match named {
        Some(text) => receipts::row(desk, text)?,
        None => desk.read(|r| Ok(sales::recent(r, 1)?))?.pop().ok_or_else(Failure::unknown_receipt)?,
    };
    let job = desk.read(|r| Ok(print_jobs::of_event(r, row.key, JobKind::Receipt, 0)?))?;
    let job = job.ok_or_else(Failure::unknown_receipt)?;
    let doc = desk.read(|r| Ok(whole(r, &job.doc)?))?;
    Ok((row, doc))
}

/// The document of a stored job, with its pictures.
///
/// # Errors
/// It is none, or the ledger cannot be read.
pub fn whole(r: &Reader, doc: &str) -> Result<Doc, StoreError> {
    pictures::fetch(r, read(doc)?)
}

/// The document of a stored job as it is stored.
///
/// # Errors
/// It is none.
pub fn read(doc: &str) -> Result<Doc, StoreError> {
    serde_json::from_str(doc).map_err(|e| StoreError::Unreadable { what: "a slip", why: e.to_string() })
}

pub fn show(desk: &Desk, number: &str, copy_no: u32, doc: &Doc) -> ReceiptView {
    let columns = desk.press.columns();
    let png = desk.press.draw(doc);
    ReceiptView {
        receipt_no: number.to_owned(),
        copy_no,
        columns: u32::try_from(columns).unwrap_or(u32::MAX),
        text: preview(doc, columns),
        png: (!png.is_empty()).then(|| format!("data:image/png;base64,{}", STANDARD.encode(png))),
    }
}
