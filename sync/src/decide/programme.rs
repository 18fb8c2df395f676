//! C17: which programme was in force. A receipt names the version that its till had; headquarters keeps
//! every version it ever published.

use std::sync::Arc;

use ledger::programme::Programme;
use ledger::time::{DAY_MS, Timestamp};

use super::kept::{Keep, Published};
use super::view::View;

pub use super::published::SHARD;

/// Id of the newest version, which is kept under its number too.
const LATEST: &str = "latest";
/// A till may use a retired version for so long: longer than a store should be dark.
pub const GRACE_MS: i64 = 7 * DAY_MS;

fn id(version: u32) -> String {
    format!("{version:010}")
}

/// The newest version; None before anything was published.
///
/// # Errors
/// What the view reports.
pub fn latest<V: View + ?Sized>(view: &V) -> Result<Option<Arc<Published>>, V::Error> {
    view.published(LATEST)
}

/// The version that a receipt names; None when headquarters never had it.
///
/// # Errors
/// What the view reports.
pub fn pinned<V: View + ?Sized>(view: &V, version: u32) -> Result<Option<Arc<Published>>, V::Error> {
    match latest(view)? {
        Some(newest) if newest.programme.version == version => Ok(Some(newest)),
        _ => view.published(&id(version)),
    }
}

/// What is kept when `programme` becomes the newest version: the one before it is retired.
///
/// # Errors
/// What the view reports.
pub fn publish<V: View + ?Sized>(
    view: &V,
    programme: &Programme,
    now: Timestamp,
) -> Result<Vec<Keep>, V::Error> {
    let mut keeps = Vec::new();
    if let Some(before) = latest(view)?.filter(|before| before.programme.version != programme.version) {
        let retired = Published { programme: before.programme.clone(), retired_at: Some(now) };
        keeps.push(Keep::put(SHARD, id(retired.programme.version), &retired));
    }
    let published = Published { programme: programme.clone(), retired_at: None };
    keeps.push(Keep::put(SHARD, id(programme.version), &published));
    keeps.push(Keep::put(SHARD, LATEST.to_owned(), &published));
    Ok(keeps)
}
