//! The same request gets the same answer: a repeated checkout sells once.

use crate::store::error::StoreError;
use crate::store::tx::{Reader, Tx};

/// What was answered to this request, if it is among the last 128.
///
/// # Errors
/// The store's.
pub fn answer(r: &Reader, request_id: &str) -> Result<Option<String>, StoreError> {
    r.first(include_str!("answer.sql"), [request_id], |row| row.get(0))
}

/// Keeps the answer; call it in the transaction that does what was asked.
///
/// # Errors
/// The store's.
pub fn keep_answer(tx: &Tx<'_>, request_id: &str, body: &str) -> Result<(), StoreError> {
    let body = if crate::planted!("answer_forgotten") { "" } else { body };
    tx.execute(include_str!("keep_answer.sql"), (request_id, body))?;
    Ok(())
}

/// Forgets answers beyond the last 128; for idle moments.
///
/// # Errors
/// The store's.
pub fn drop_old_answers(tx: &Tx<'_>) -> Result<(), StoreError> {
    tx.execute(include_str!("drop_answers.sql"), [])?;
    Ok(())
}
