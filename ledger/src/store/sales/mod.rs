//! Receipts of this till: sales, refunds, goods moved, and the answers given to checkouts.

mod answers;
mod receipt_no;
mod row;

use super::error::StoreError;
use super::journal::Appended;
use super::journal::place::Place;
use super::journal::stream::{key_of, place_of};
use super::journal::tail::at_place;
use super::tx::{Reader, Tx};
use crate::fact::Fact;
use crate::id::{EventKey, MemberId, SaleId, Sku};
use crate::money::Fen;
use crate::quantity::Milli;
use crate::refund::Refund;
use crate::sale::Sale;
use row::raw;

pub use answers::{answer, drop_old_answers, keep_answer};
pub use receipt_no::{ReceiptNo, next_receipt_no};
pub use row::{ReceiptKind, ReceiptRow};

/// A sale among the receipts; its event must have been appended in the same transaction.
///
/// # Errors
/// [`StoreError::Unreadable`] when the receipt number is none.
pub fn insert_sale(tx: &Tx<'_>, appended: &Appended, sale: &Sale) -> Result<(), StoreError> {
    let member = sale.member.as_ref().map(|m| m.member_id);
    insert(tx, appended, "sale", (sale.sale_id, &sale.receipt_no), (sale.total_fen, member))?;
    for line in &sale.lines {
        let params = (appended.place.0, line.n, &line.sku.0, -line.qty_milli.0);
        tx.execute(include_str!("insert_stock.sql"), params)?;
    }
    Ok(())
}

/// A refund among the receipts; goods of an original of this till come back.
///
/// # Errors
/// [`StoreError::Duplicate`] when the original was given back already.
pub fn insert_refund(tx: &Tx<'_>, appended: &Appended, refund: &Refund) -> Result<(), StoreError> {
    let place = appended.place.0;
    insert(
        tx,
        appended,
        "refund",
        (refund.sale_id, &refund.receipt_no),
        (refund.total_fen, refund.member_id),
    )?;
    let params = (refund.original.sale_id.bytes(), place);
    tx.execute(include_str!("insert_refunded.sql"), params).map_err(|error| match error {
        StoreError::Duplicate(_) => StoreError::Duplicate("the refund"),
        other => other,
    })?;
    if let Some(original) = place_of(tx, refund.original.key)? {
        tx.execute(include_str!("return_stock.sql"), (place, original.0))?;
    }
    Ok(())
}

/// Newest first.
///
/// # Errors
/// The store's.
pub fn recent(r: &Reader, limit: usize) -> Result<Vec<ReceiptRow>, StoreError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = r.all(include_str!("recent.sql"), [limit], raw)?;
    rows.into_iter().map(|row| row.named(r)).collect()
}

/// # Errors
/// The store's.
pub fn by_sale_id(r: &Reader, id: SaleId) -> Result<Option<ReceiptRow>, StoreError> {
    r.first(include_str!("by_sale_id.sql"), [id.bytes()], raw)?.map(|row| row.named(r)).transpose()
}

/// By the number as printed.
///
/// # Errors
/// The store's.
pub fn by_receipt_no(r: &Reader, receipt_no: &str) -> Result<Option<ReceiptRow>, StoreError> {
    let Some(no) = ReceiptNo::parse(receipt_no) else { return Ok(None) };
    let params = (no.day.number(), no.run, receipt_no);
    r.first(include_str!("by_receipt_no.sql"), params, raw)?.map(|row| row.named(r)).transpose()
}

/// By the event behind a receipt code.
///
/// # Errors
/// The store's.
pub fn by_key(r: &Reader, key: EventKey) -> Result<Option<ReceiptRow>, StoreError> {
    let Some(place) = place_of(r, key)? else { return Ok(None) };
    r.first(include_str!("by_place.sql"), [place.0], raw)?.map(|row| row.named(r)).transpose()
}

/// The sale or refund behind a receipt, whole, as its event says it.
///
/// # Errors
/// [`StoreError::Unreadable`] when the event is no event of this build.
pub fn fact(r: &Reader, key: EventKey) -> Result<Option<Fact>, StoreError> {
    let Some(place) = place_of(r, key)? else { return Ok(None) };
    let Some(stored) = at_place(r, place)? else { return Ok(None) };
    Ok(Some(stored.parse()?.fact))
}

/// The refund of a sale, if it was given back at this till.
///
/// # Errors
/// The store's.
pub fn refund_of(r: &Reader, sale: SaleId) -> Result<Option<EventKey>, StoreError> {
    let place = r.first(include_str!("refund_of.sql"), [sale.bytes()], |row| row.get(0))?;
    place.map(|place| key_of(r, Place(place))).transpose()
}

/// # Errors
/// The store's.
pub fn is_refunded(r: &Reader, sale: SaleId) -> Result<bool, StoreError> {
    Ok(refund_of(r, sale)?.is_some())
}

/// Net movement of each article in events `from ..= to` of one stream; negative left the shop.
///
/// # Errors
/// The store's.
pub fn stock_moves(r: &Reader, from: EventKey, to_seq: u64) -> Result<Vec<(Sku, Milli)>, StoreError> {
    let Some(first) = place_of(r, from)? else { return Ok(Vec::new()) };
    let last = Place::new(first.stream_no(), to_seq);
    r.all(include_str!("stock_moves.sql"), (first.0, last.0), |row| {
        Ok((Sku(row.get(0)?), Milli(row.get(1)?)))
    })
}

fn insert(
    tx: &Tx<'_>,
    appended: &Appended,
    kind: &str,
    (id, receipt_no): (SaleId, &str),
    (total, member): (Fen, Option<MemberId>),
) -> Result<(), StoreError> {
    let no =
        ReceiptNo::parse(receipt_no).ok_or_else(|| StoreError::unreadable("a receipt number", receipt_no))?;
    let place = appended.place.0;
    if no.run == 1 {
        tx.execute(include_str!("begin_day.sql"), (no.day.number(), place))?;
    }
    let params = rusqlite::params![
        place,
        kind,
        id.bytes(),
        receipt_no,
        no.day.number(),
        no.run,
        appended.at.0,
        total.0,
        member.map(|m| m.bytes()),
    ];
    tx.execute(include_str!("insert.sql"), params)?;
    Ok(())
}
