//! Who is a member at all, for tills that hold only their store's: the filter of a pack, and what every pull
//! adds to it.

use ledger::existence::{Filter, Key};
use ledger::member::MemberState;
use sync::decide::person;
use sync::protocol::entry::{Effect, Entry};
use sync::protocol::snapshot::{MemberRow, SnapshotRow};

use crate::keys::Keys;
use crate::store::{Read, Result, StoreError};

/// Text that every line with a member's row has; spares reading the others.
const MARK: &str = "\"effect\":\"member\"";

/// Counts all members of the chain into a filter.
pub struct Census<'k> {
    keys: &'k Keys,
    filter: Filter,
}

impl<'k> Census<'k> {
    /// # Errors
    /// What the database reports.
    pub fn begin(tx: &dyn Read, keys: &'k Keys) -> Result<Self> {
        let filter = Filter::with_room_for(2 * tx.member_count()?);
        Ok(Census { keys, filter })
    }

    /// Any other row than a member's is none of its business.
    pub fn count(&mut self, row: &SnapshotRow) {
        if let SnapshotRow::M { member, .. } = row {
            of(self.keys, member).for_each(|key| self.filter.add(key));
        }
    }

    pub fn filter(self) -> Filter {
        self.filter
    }
}

/// Cards and numbers of the members whose rows a line of the log holds, but for those who were erased since.
///
/// # Errors
/// What the database reports.
pub fn told(tx: &dyn Read, keys: &Keys, line: &str) -> Result<Vec<Key>> {
    if !line.contains(MARK) {
        return Ok(Vec::new());
    }
    let mut entry: Entry = serde_json::from_str(line).map_err(|e| StoreError::Corrupt(e.to_string()))?;
    let persons = person::beside(tx, line)?;
    let told = persons.iter().map(|person| (person.commitment(), person)).collect();
    person::opened(&mut entry, &told);
    let rows = entry.effects.iter().filter_map(|effect| match effect {
        Effect::Member { row } => Some(row),
        _ => None,
    });
    Ok(rows.flat_map(|row| of(keys, row)).collect())
}

/// Nothing of who was erased.
fn of(keys: &Keys, row: &MemberRow) -> impl Iterator<Item = Key> {
    let known = (row.state != MemberState::Erased).then(|| keys.existence(row));
    known.into_iter().flatten()
}
