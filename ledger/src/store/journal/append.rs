//! Appending: number, chain, hash, provisional postings, all in the caller's transaction.

use uuid::Uuid;

use super::place::Place;
use super::stream::head;
use crate::event::{Class, Clocks, ENVELOPE_VERSION, Event, EventLine, Head, Known, SpendMode};
use crate::fact::Fact;
use crate::id::{Anchor, EventKey, Hash};
use crate::shift::LateOf;
use crate::store::accounts::pending;
use crate::store::error::StoreError;
use crate::store::tx::Tx;
use crate::time::{BusinessDay, Timestamp};

/// Version of the facts' bodies written by this build.
const KIND_VERSION: u16 = 1;

/// Everything about an event but its number and its place in the chain.
#[derive(Clone, Debug)]
pub struct Draft {
    /// A label, UUIDv7; the key is the number given at the append.
    pub id: Uuid,
    pub fact: Fact,
    pub anchor: Anchor,
    pub biz_date: BusinessDay,
    pub late_of: Option<LateOf>,
    pub clocks: Clocks,
    pub mode: SpendMode,
    pub known: Known,
    /// Personal data sealed to HQ: kept beside the event, only its hash is in the chain.
    pub sealed_pii: Option<Vec<u8>>,
}

/// What the append made of a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appended {
    pub key: EventKey,
    pub hash: Hash,
    pub line: String,
    pub at: Timestamp,
    pub biz_date: BusinessDay,
    pub(crate) place: Place,
}

/// Writes an event at the end of the stream that sells, with the provisional postings of its fact.
/// The number is taken inside the transaction: a rollback burns none.
///
/// # Errors
/// [`StoreError::NotEnrolled`] before the first stream.
pub fn append(tx: &Tx<'_>, draft: Draft) -> Result<Appended, StoreError> {
    let state = head(tx)?.ok_or(StoreError::NotEnrolled)?;
    let seq = state.last_seq + 1 + u64::from(crate::planted!("number_burnt"));
    let place = Place::new(state.no, seq);
    let (at, biz_date) = (draft.clocks.t_wall, draft.biz_date);
    let key = state.stream.at(seq);
    let sealed_pii = draft.sealed_pii.clone();
    let event = event(draft, key, state.head_hash);
    let EventLine { line, hash } = event.seal();
    let params = (place.0, hash.0, at.0, &line, sealed_pii);
    tx.execute(include_str!("append.sql"), params)?;
    pending::insert(tx, place, &event)?;
    Ok(Appended { key, hash, line, at, biz_date, place })
}

fn event(draft: Draft, key: EventKey, prev: Hash) -> Event {
    let head = Head {
        v: ENVELOPE_VERSION,
        terminal: key.terminal,
        epoch: key.epoch,
        seq: key.seq,
        prev,
        id: draft.id,
        kind_ver: KIND_VERSION,
        class: if draft.fact.is_request() { Class::Request } else { Class::Fact },
        anchor: draft.anchor,
        biz_date: draft.biz_date,
        late_of: draft.late_of,
        clocks: draft.clocks,
        mode: draft.mode,
        known: draft.known,
        legs: draft.fact.legs(),
        pii_commit: draft.sealed_pii.as_deref().map(Hash::of),
    };
    Event { head, fact: draft.fact }
}
