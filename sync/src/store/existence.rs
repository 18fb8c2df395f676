//! Of somebody whom a till of its store's members does not hold: surely no member, or perhaps one.
//!
//! The filter comes with the pack, and the frames of every pull name whom the entries made or changed: so it
//! holds everybody who was a member where the cursors stand. What it says is as old as they are.

use ledger::existence::Key;
use ledger::store::snapshot::Load;
use ledger::store::{Reader, StoreError, Tx, existence, settings};
use ledger::time::{MINUTE_MS, Timestamp};

use crate::protocol::existence::{Part, Unfit};

use super::interest;

const AS_OF: &str = "existence_as_of";
/// The shards that a pull does not name are where the feed says; a feed silent for so long is dead.
const FEED_LATE_MS: i64 = MINUTE_MS;

/// What a till that holds its store's members knows of others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// Nobody in the chain had this card or number at this moment of HQ's clock.
    Nobody { as_of: Timestamp },
    /// A member perhaps; also where the till has no filter.
    Perhaps,
}

/// None when the till holds all members: it has asked them already.
///
/// # Errors
/// The store's.
pub fn ask(r: &Reader, key: Key) -> Result<Option<Word>, StoreError> {
    if interest::members_of(r)?.is_none() {
        return Ok(None);
    }
    Ok(Some(match (existence::ask(r, key)?, as_of(r)?) {
        (Some(false), Some(as_of)) => Word::Nobody { as_of },
        _ => Word::Perhaps,
    }))
}

fn as_of(r: &Reader) -> Result<Option<Timestamp>, StoreError> {
    settings::get_json(r, AS_OF)
}

/// A load took the place of everything: the filter stands where its rows do.
pub(super) fn loaded(tx: &Tx<'_>, hq_time: Timestamp) -> Result<(), StoreError> {
    settings::set_json(tx, AS_OF, &hq_time)
}

/// HQ had nothing more at this moment of its clock. Written at most once a minute.
pub(super) fn heard_all(tx: &Tx<'_>, hq_time: Timestamp) -> Result<(), StoreError> {
    let at = hq_time.plus_ms(-FEED_LATE_MS);
    match as_of(tx)? {
        Some(known) if at.since(known) >= MINUTE_MS => settings::set_json(tx, AS_OF, &at),
        _ => Ok(()),
    }
}

/// The parts of a filter as they come, one behind the other.
#[derive(Debug, Default)]
pub(super) struct Parts {
    /// Pages so far and of the whole; none when it is one that this build cannot use.
    so_far: Option<(u32, u32)>,
    unusable: bool,
}

impl Parts {
    /// Takes the next one; false for what is no part or not the next one.
    pub(super) fn take(&mut self, load: &mut Load, bytes: &[u8]) -> Result<bool, StoreError> {
        let part = match Part::parse(bytes) {
            Err(Unfit::Broken) => return Ok(false),
            Err(Unfit::Version(version)) => {
                tracing::warn!(version, "an existence filter for another program: strangers stay unknown");
                self.unusable = true;
                return Ok(true);
            }
            Ok(part) => part,
        };
        let (next, pages) = self.so_far.unwrap_or((0, part.pages));
        if self.unusable || (part.first, part.pages) != (next, pages) {
            return Ok(false);
        }
        load.pages(part.first, part.bits)?;
        self.so_far = Some((part.end(), pages));
        Ok(true)
    }

    /// No part is missing.
    pub(super) fn are_whole(&self) -> bool {
        self.so_far.is_none_or(|(end, pages)| end == pages)
    }
}
