//! Forgets personal data that travels beside events. The lines are never touched.

use crate::event::Event;
use crate::fact::Fact;
use crate::id::MemberId;
use crate::store::error::StoreError;
use crate::store::tx::Tx;

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

fn is_about(fact: &Fact, member: MemberId) -> bool {
    match fact {
        Fact::MemberNew(join) => join.member_id == member,
        Fact::MemberEdit(wish) => wish.member_id == member,
        _ => false,
    }
}
