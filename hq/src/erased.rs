//! Who was erased. Kept apart from the member's row, so that a restored backup can be told whom to forget.

use ledger::id::{MemberId, Shard};
use ledger::time::Timestamp;
use serde::{Deserialize, Serialize};
use sync::decide::kept::{self, Keep, Kept};

use crate::store::{Read, Result, Write};

/// All in one place: there are few, and the list is read as a whole.
const SHARD: Shard = Shard(0);

/// When a member was erased. Id: the member; shard 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Erased {
    at: Timestamp,
}

impl Kept for Erased {
    const KIND: &'static str = "erased";
}

/// # Errors
/// What the database reports.
pub fn note(tx: &dyn Write, member: MemberId, at: Timestamp) -> Result<()> {
    tx.keep(&Keep::put(SHARD, member.to_string(), &Erased { at }))
}

/// # Errors
/// What the database reports.
pub fn all(tx: &dyn Read) -> Result<Vec<(MemberId, Timestamp)>> {
    let rows: Vec<(String, Erased)> = kept::under(tx, SHARD, "")?;
    Ok(rows.into_iter().filter_map(|(id, erased)| Some((id.parse().ok()?, erased.at))).collect())
}
