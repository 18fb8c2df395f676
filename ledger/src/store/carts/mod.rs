//! Carts: the one being typed, and those held for later.
//!
//! The cart being typed lives in a file of its own, `draft.db`: same key, WAL, synchronous=NORMAL. A
//! scan does not wait for the disk, and a power cut loses at most the last moments, never the file.
//! A cart is kept under the [`SaleId`] its checkout will have. The ledger decides: a draft whose id was
//! sold or held there is over, wherever between the two files the power went.

use rusqlite::{OptionalExtension, Row};

use super::error::StoreError;
use super::tx::{Ledger, Reader, Tx};
use crate::id::SaleId;
use crate::time::Timestamp;

/// What `over.sql` says of a cart that is neither settled nor held, and of a settled one.
const UNDER_WAY: u8 = 0;
const SETTLED: u8 = 2;

/// The one table of the draft file.
pub(super) const DRAFT_SCHEMA: &str = include_str!("draft.sql");

/// A cart set aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldCart {
    pub id: SaleId,
    pub at: Timestamp,
    /// What the cashier sees in the list.
    pub label: String,
    /// JSON; its shape belongs to the till.
    pub body: String,
}

/// Keeps the cart being typed, without waiting for the disk.
///
/// # Errors
/// The store's.
pub fn save_current(ledger: &Ledger, id: SaleId, body: &str) -> Result<(), StoreError> {
    ledger.draft(|conn| {
        conn.prepare_cached(include_str!("draft_save.sql"))?.execute((id.bytes(), body))?;
        Ok(())
    })
}

/// The cart being typed when the program ended, unless it was sold or held. The draft of one that was sold
/// goes now; one that is held may just be coming back.
///
/// # Errors
/// The store's.
pub fn current(ledger: &Ledger) -> Result<Option<(SaleId, String)>, StoreError> {
    let draft: Option<([u8; 16], String)> = ledger.draft(|conn| {
        let mut statement = conn.prepare_cached(include_str!("draft_load.sql"))?;
        Ok(statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
    })?;
    let Some((id, body)) = draft else { return Ok(None) };
    let over: Option<u8> = ledger.glance(|r| r.first(include_str!("over.sql"), [id], |row| row.get(0)))?;
    match over {
        Some(SETTLED) => clear(ledger, id).map(|()| None),
        Some(UNDER_WAY) => Ok(Some((SaleId::from(id), body))),
        _ => Ok(None),
    }
}

/// # Errors
/// The store's.
pub fn clear_current(ledger: &Ledger, id: SaleId) -> Result<(), StoreError> {
    clear(ledger, id.bytes())
}

fn clear(ledger: &Ledger, id: [u8; 16]) -> Result<(), StoreError> {
    ledger.draft(|conn| {
        conn.prepare_cached(include_str!("draft_clear.sql"))?.execute([id])?;
        Ok(())
    })
}

/// How many carts are set aside.
///
/// # Errors
/// The store's.
pub fn held_count(r: &Reader) -> Result<u32, StoreError> {
    Ok(r.first(include_str!("held_count.sql"), [], |row| row.get(0))?.unwrap_or(0))
}

/// Sets a cart aside; clear the current one afterwards.
///
/// # Errors
/// [`StoreError::Duplicate`] when it is held already.
pub fn hold(tx: &Tx<'_>, cart: &HeldCart) -> Result<(), StoreError> {
    tx.execute(include_str!("hold.sql"), (cart.id.bytes(), cart.at.0, &cart.label, &cart.body))?;
    Ok(())
}

/// Held carts, oldest first.
///
/// # Errors
/// The store's.
pub fn held(r: &Reader) -> Result<Vec<HeldCart>, StoreError> {
    r.all(include_str!("held.sql"), [], held_cart)
}

/// Takes a held cart back. Save it as the current one first: until this commits, the held one counts.
///
/// # Errors
/// The store's.
pub fn take(tx: &Tx<'_>, id: SaleId) -> Result<Option<HeldCart>, StoreError> {
    tx.first(include_str!("take.sql"), [id.bytes()], held_cart)
}

fn held_cart(row: &Row<'_>) -> rusqlite::Result<HeldCart> {
    Ok(HeldCart {
        id: row.get::<_, [u8; 16]>(0)?.into(),
        at: Timestamp(row.get(1)?),
        label: row.get(2)?,
        body: row.get(3)?,
    })
}
