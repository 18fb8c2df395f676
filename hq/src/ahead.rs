//! Before a push is decided: what its events will look at is fetched in as few questions as possible.

use ledger::id::Stream;
use ledger::time::Timestamp;
use sync::decide::{self, Arrival, Reading, Reference, View, late};

use crate::decide::{Received, arrival, happened, makes_known};
use crate::entries::Scribe;
use crate::store::model::TerminalRow;
use crate::store::{Result, StoreError};
use crate::{history, interest, streams};

/// Lets the database fetch what a batch will look at, before it is taken in.
///
/// # Errors
/// What the database reports.
pub fn look_ahead(
    scribe: &mut Scribe<'_>,
    (stream, author): (Stream, &TerminalRow),
    batch: &[Received<'_>],
) -> Result<()> {
    let at = (scribe.now(), scribe.bundle()?);
    let references = batch.iter().flat_map(|received| makes_known(received.key, received.reading));
    let references: Vec<Reference> = references.collect();
    scribe.tx().look_ahead(&references, &|view| {
        history::is_left(view, stream)?;
        streams::store_of(view, stream, author)?;
        interest::listening(view)?;
        batch.iter().try_for_each(|received| rehearse(view, at, received))
    })
}

/// Decides for nothing: what counts is where it looks.
fn rehearse(
    view: &dyn View<Error = StoreError>,
    at: (Timestamp, u64),
    received: &Received<'_>,
) -> Result<()> {
    let (Some(within), Reading::Event(event)) = (happened(received.reading), received.reading) else {
        return Ok(());
    };
    if decide::line::unreadable(received.reading, received.key).is_none() {
        decide::decide(view, Arrival { event, ..arrival(at, received, (&within, &[])) })?;
        late::booked_on(view, received.store, event.head.biz_date)?;
    }
    Ok(())
}
