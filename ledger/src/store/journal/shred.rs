//! Personal data that travels beside events: whose it is, and how it is forgotten. The lines are never touched.

use crate::event::Event;
use crate::fact::Fact;
use crate::id::{EventKey, MemberId};
use crate::store::error::StoreError;
use crate::store::journal::place::Place;
use crate::store::journal::stream::streams;
use crate::store::tx::{Reader, Tx};

/// Drops the sealed data of every event about `member`, sent or not; how many there were.
///
/// # Errors
/// The store's.
pub fn shred(tx: &Tx<'_>, member: MemberId) -> Result<usize, StoreError> {
    let sealed: Vec<(i64, String)> =
        tx.all(include_str!("sealed.sql"), [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut shredded = 0;
    for (place, line) in sealed {
        if Event::parse(&line).is_ok_and(|event| is_about(&event.unwrapped().fact, member)) {
            shredded += tx.execute(include_str!("shred.sql"), [place])?;
        }
    }
    Ok(shredded)
}

/// Who joined here, and with which event.
///
/// # Errors
/// The store's.
pub fn joins(r: &Reader) -> Result<Vec<(EventKey, MemberId)>, StoreError> {
    let mut joins = Vec::new();
    for state in streams(r)? {
        let bounds = [1, state.last_seq].map(|seq| Place::new(state.no, seq).0);
        let lines: Vec<String> = r.all(include_str!("sealed_between.sql"), bounds, |row| row.get(0))?;
        for event in lines.iter().filter_map(|line| Event::parse(line).ok()) {
            let key = event.key();
            if let Fact::MemberNew(join) = &event.unwrapped().fact {
                joins.push((key, join.member_id));
            }
        }
    }
    Ok(joins)
}

fn is_about(fact: &Fact, member: MemberId) -> bool {
    match fact {
        Fact::MemberNew(join) => join.member_id == member,
        Fact::MemberEdit(wish) => wish.member_id == member,
        _ => false,
    }
}
