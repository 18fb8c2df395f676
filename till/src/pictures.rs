//! Pictures of slips are kept once, by what they show: a shop's logo does not lie in the ledger with every receipt.

use hardware::receipt::doc::{Block, Doc};
use hardware::receipt::picture::Picture;
use ledger::store::{Reader, StoreError, Tx, settings};

/// Where a picture is kept.
fn place(name: &str) -> String {
    format!("till.picture.{name}")
}

/// The slip with names in place of its pictures, which are kept.
///
/// # Errors
/// The ledger cannot be written.
pub fn put_away(tx: &Tx<'_>, doc: &Doc) -> Result<Doc, StoreError> {
    let mut kept = doc.clone();
    for block in &mut kept.lines {
        if let Block::Picture { picture } = block {
            let name = blake3::hash(picture.dots.as_bytes()).to_hex()[..16].to_owned();
            if settings::get(tx, &place(&name))?.is_none() {
                settings::set_json(tx, &place(&name), picture)?;
            }
            *block = Block::Kept { name };
        }
    }
    Ok(kept)
}

/// The slip with its pictures; one that is not kept any more leaves no gap.
///
/// # Errors
/// The ledger cannot be read.
pub fn fetch(r: &Reader, mut doc: Doc) -> Result<Doc, StoreError> {
    for block in &mut doc.lines {
        if let Block::Kept { name } = block
            && let Some(picture) = settings::get_json::<Picture>(r, &place(name))?
        {
            *block = Block::Picture { picture };
        }
    }
    Ok(doc)
}
