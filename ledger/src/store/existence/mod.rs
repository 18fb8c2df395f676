//! The pages of the existence filter: one row is read to ask, one is written to add.

use super::error::StoreError;
use super::tx::{Reader, Tx};
use crate::existence::{Key, add as set_bits, may_hold};

/// Whether a card or phone number may be a member's; None without a filter.
///
/// # Errors
/// The store's.
pub fn ask(r: &Reader, key: Key) -> Result<Option<bool>, StoreError> {
    Ok(page_of(r, key)?.map(|(_, bits)| may_hold(&bits, key)))
}

/// From now on the card or number may be a member's; nothing without a filter.
///
/// # Errors
/// The store's.
pub fn add(tx: &Tx<'_>, key: Key) -> Result<(), StoreError> {
    let Some((no, mut bits)) = page_of(tx, key)? else { return Ok(()) };
    if set_bits(&mut bits, key) {
        tx.execute(include_str!("set_page.sql"), (no, bits))?;
    }
    Ok(())
}

fn page_of(r: &Reader, key: Key) -> Result<Option<(u32, Vec<u8>)>, StoreError> {
    let pages: Option<u32> = r.first(include_str!("pages.sql"), [], |row| row.get(0))?;
    let Some(pages) = pages.filter(|pages| *pages > 0) else { return Ok(None) };
    let no = key.page(pages);
    let bits = r.first(include_str!("page.sql"), [no], |row| row.get(0))?;
    Ok(bits.map(|bits| (no, bits)))
}
