//! Who joined at this till.

use super::place::Place;
use super::stream::StreamState;
use crate::event::Event;
use crate::fact::Fact;
use crate::id::MemberId;
use crate::store::error::StoreError;
use crate::store::tx::Reader;

/// Who joined with events of a stream up to number `through`: number and member.
///
/// # Errors
/// The store's.
pub fn joins(r: &Reader, state: &StreamState, through: u64) -> Result<Vec<(u64, MemberId)>, StoreError> {
    let bounds = [1, through].map(|seq| Place::new(state.no, seq).0);
    let lines: Vec<String> = r.all(include_str!("sealed_through.sql"), bounds, |row| row.get(0))?;
    let events = lines.iter().filter_map(|line| Event::parse(line).ok());
    let joins = events.filter_map(|event| {
        let seq = event.key().seq;
        match event.unwrapped().fact {
            Fact::MemberNew(join) => Some((seq, join.member_id)),
            _ => None,
        }
    });
    Ok(joins.collect())
}
