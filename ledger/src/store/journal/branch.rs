//! Where HQ holds another history than this till: the shared part stays, the rest is wrapped anew.

use super::append::{Draft, append};
use super::place::Place;
use super::stream::{close, head, key_of, of_epoch, open, place_of};
use super::tail::{StoredEvent, stored};
use crate::event::Parent;
use crate::fact::{Fact, Recovered};
use crate::id::{Epoch, EventKey, Stream};
use crate::store::accounts::{pending, zero_quotas};
use crate::store::error::StoreError;
use crate::store::tx::{Reader, Tx};

/// One stream that parts from HQ's after event `last_seq`; 0 when not even the first is shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    pub epoch: Epoch,
    pub last_seq: u64,
}

/// Ends each stream of `cuts` where it parts, begins `fresh` after the one that sold, and writes every
/// event that was cut off as `recovered` at the end of the stream that sells now. Nothing is lent until
/// HQ's next word. All in the caller's transaction; returns how many events were wrapped.
///
/// # Errors
/// The store's, and [`StoreError::Unreadable`] when an event is no event of this build.
pub fn branch(tx: &Tx<'_>, cuts: &[Cut], fresh: Epoch) -> Result<u64, StoreError> {
    let mut loose = Vec::new();
    for cut in cuts {
        loose.extend(cut_off(tx, cut)?);
    }
    loose.sort_by_key(|(place, _)| *place);
    if let Some(last) = head(tx)?.filter(|state| state.closed) {
        let parent = Parent { epoch: last.stream.epoch, seq: last.last_seq, hash: last.head_hash };
        open(tx, Stream { terminal: last.stream.terminal, epoch: fresh }, Some(parent))?;
    }
    for (place, event) in &loose {
        wrap(tx, *place, event)?;
    }
    zero_quotas(tx)?;
    Ok(loose.len() as u64)
}

/// The key under which HQ decides an event: its own, or that of the event it was wrapped in.
///
/// # Errors
/// The store's.
pub fn rewrapped(r: &Reader, key: EventKey) -> Result<EventKey, StoreError> {
    let Some(mut place) = place_of(r, key)? else { return Ok(key) };
    let mut moved = false;
    while let Some(anew) = r.first(include_str!("rewrapped.sql"), [place.0], |row| row.get(0))? {
        (place, moved) = (Place(anew), true);
    }
    if moved { key_of(r, place) } else { Ok(key) }
}

fn cut_off(tx: &Tx<'_>, cut: &Cut) -> Result<Vec<(Place, StoredEvent)>, StoreError> {
    let Some(state) = of_epoch(tx, cut.epoch)? else { return Ok(Vec::new()) };
    let kept = cut.last_seq.min(state.last_seq);
    let bounds = (Place::new(state.no, kept + 1).0, Place::new(state.no, state.last_seq).0);
    let loose = tx.all(include_str!("range.sql"), bounds, stored)?;
    close(tx, state.no, kept)?;
    Ok(loose.into_iter().map(|event| (Place::new(state.no, event.seq), event)).collect())
}

/// Envelope and clocks stay those of the moment it happened; what it moves provisionally moves along.
fn wrap(tx: &Tx<'_>, place: Place, stored: &StoredEvent) -> Result<(), StoreError> {
    let event = stored.parse()?;
    pending::clear(tx, place, &event)?;
    let (key, head) = (event.key(), event.head);
    let recovered = match event.fact {
        Fact::Recovered(before) => before,
        _ => Recovered {
            orig_epoch: key.epoch,
            orig_seq: key.seq,
            orig_hash: stored.hash,
            orig_line: stored.line.clone(),
        },
    };
    let mut label = [0; 16];
    label.copy_from_slice(&recovered.orig_hash.0[..16]);
    let draft = Draft {
        // A label of its own: the inner event keeps the one it has.
        id: uuid::Builder::from_custom_bytes(label).into_uuid(),
        fact: Fact::Recovered(recovered),
        anchor: head.anchor,
        biz_date: head.biz_date,
        late_of: head.late_of,
        clocks: head.clocks,
        mode: head.mode,
        known: head.known,
        sealed_pii: stored.sealed_pii.clone(),
    };
    let appended = append(tx, draft)?;
    tx.execute(include_str!("rewrap.sql"), (place.0, appended.place.0))?;
    Ok(())
}
