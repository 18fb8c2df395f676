//! Goods: found by barcode, number, scale label, or as typed.

use rusqlite::Row;

use super::error::StoreError;
use super::tx::{Reader, Tx};
use crate::catalogue::Item;
use crate::id::Sku;
use crate::member::pinyin_keys;

/// # Errors
/// The store's.
pub fn by_barcode(r: &Reader, code: &str) -> Result<Option<Item>, StoreError> {
    r.first(include_str!("by_barcode.sql"), [code], body)?.map(|text| item(&text)).transpose()
}

/// # Errors
/// The store's.
pub fn by_sku(r: &Reader, sku: &Sku) -> Result<Option<Item>, StoreError> {
    r.first(include_str!("by_sku.sql"), [&sku.0], body)?.map(|text| item(&text)).transpose()
}

/// # Errors
/// The store's.
pub fn by_plu(r: &Reader, plu: u32) -> Result<Option<Item>, StoreError> {
    r.first(include_str!("by_plu.sql"), [plu], body)?.map(|text| item(&text)).transpose()
}

/// Articles whose name, pinyin or initials begin with `query`, at most `limit`.
///
/// # Errors
/// The store's.
pub fn search(r: &Reader, query: &str, limit: usize) -> Result<Vec<Item>, StoreError> {
    let folded: String = query.to_lowercase().split_whitespace().collect();
    let mut found: Vec<Item> = Vec::new();
    if folded.is_empty() {
        return Ok(found);
    }
    let questions = [
        include_str!("search_name.sql"),
        include_str!("search_initials.sql"),
        include_str!("search_pinyin.sql"),
    ];
    for (sql, prefix) in questions.into_iter().zip([query.trim(), &folded, &folded]) {
        let params = (prefix, format!("{prefix}\u{10FFFF}"), i64::try_from(limit).unwrap_or(i64::MAX));
        for text in r.all(sql, params, body)? {
            let next = item(&text)?;
            if found.len() < limit && !found.iter().any(|known| known.sku == next.sku) {
                found.push(next);
            }
        }
    }
    Ok(found)
}

/// # Errors
/// The store's.
pub fn count(r: &Reader) -> Result<u64, StoreError> {
    let count: Option<i64> = r.first(include_str!("count.sql"), [], |row| row.get(0))?;
    Ok(count.unwrap_or(0).unsigned_abs())
}

/// Puts `items` in place of all goods known.
///
/// # Errors
/// The store's.
pub fn replace(tx: &Tx<'_>, items: &[Item]) -> Result<(), StoreError> {
    tx.execute(include_str!("clear_items.sql"), [])?;
    tx.execute(include_str!("clear_barcodes.sql"), [])?;
    for (no, item) in (1i64..).zip(items) {
        let (pinyin, initials) = pinyin_keys(&item.name);
        let body = serde_json::to_string(item).map_err(|e| StoreError::unreadable("an article", e))?;
        let params = (no, &item.sku.0, item.plu, &item.name, pinyin, initials, body);
        tx.execute(include_str!("insert_item.sql"), params)?;
        for code in &item.barcodes {
            tx.execute(include_str!("insert_barcode.sql"), (code, no))?;
        }
    }
    Ok(())
}

fn body(row: &Row<'_>) -> rusqlite::Result<String> {
    row.get(0)
}

fn item(text: &str) -> Result<Item, StoreError> {
    serde_json::from_str(text).map_err(|e| StoreError::unreadable("an article", e))
}
