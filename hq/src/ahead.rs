//! Before a push is decided: what its events will look at is fetched in as few questions as possible.

use ledger::fact::Fact;
use ledger::id::Stream;
use ledger::sale::Sale;
use ledger::time::Timestamp;
use sync::decide::{self, Arrival, Reading, Reference, hold, late};

use crate::decide::{Received, arrival, happened, makes_known};
use crate::entries::{CONFIG_VERSION, Scribe, version};
use crate::store::model::TerminalRow;
use crate::store::{Glimpse, Result};
use crate::{history, interest, streams};

/// Lets the database fetch what a batch will look at, before it is taken in.
///
/// # Errors
/// What the database reports.
pub fn look_ahead(
    scribe: &Scribe<'_>,
    (stream, author): (Stream, &TerminalRow),
    batch: &[Received<'_>],
) -> Result<()> {
    let references = batch.iter().flat_map(|received| makes_known(received.key, received.reading));
    let references: Vec<Reference> = references.collect();
    scribe.tx().look_ahead(Some(stream), &references, &|view| {
        history::is_left(view, stream)?;
        streams::store_of(view, stream, author)?;
        interest::listening(view)?;
        let bundle = view.setting(CONFIG_VERSION).and_then(version);
        batch.iter().try_for_each(|received| rehearse(view, (scribe.now(), bundle), received))
    })
}

/// Decides for nothing: what counts is where it looks.
fn rehearse(
    view: &dyn Glimpse,
    (now, bundle): (Timestamp, Option<u64>),
    received: &Received<'_>,
) -> Result<()> {
    let (Some(within), Reading::Event(event)) = (happened(received.reading), received.reading) else {
        return Ok(());
    };
    // Until the newest version is known, the till is taken to have it.
    let at = (now, bundle.or(within.head.known.bundle).unwrap_or(0));
    if let Fact::Sale(Sale { member: Some(named), .. }) = &within.fact {
        // Whether this matters, the programme says, which is asked for in the same question.
        hold::held(view, named.member_id, now, None)?;
    }
    if decide::line::unreadable(received.reading, received.key).is_none() {
        decide::decide(view, Arrival { event, ..arrival(at, received, (&within, &[])) })?;
        late::booked_on(view, received.store, event.head.biz_date)?;
    }
    Ok(())
}
