//! HQ's word on this till's own events: watermarks and outcomes, in one transaction.

use ledger::id::{Epoch, EventKey};
use ledger::store::journal;
use ledger::store::{Ledger, StoreError, Tx, accounts};

use crate::protocol::push::{Outcome, PushAck, Verdict, VerdictsAnswer};

use super::{Own, contact, cursors, outcomes};

/// What an answer did to the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// Stored. HQ has the stream up to here, as far as it is this till's, and every verdict up to there
    /// is known here.
    Fits { received: u64, decided: u64 },
    /// HQ holds another event under this number: nothing was stored.
    Forked { seq: u64 },
}

/// # Errors
/// The store's; then nothing was stored and the same answer may come again.
pub fn take_ack(ledger: &Ledger, own: &Own, epoch: Epoch, ack: &PushAck) -> Result<Taken, StoreError> {
    ledger.write(|tx| {
        let key = EventKey { terminal: own.terminal, epoch, seq: ack.received_through };
        if let Some(here) = journal::shared_hash_at(tx, key)?
            && ack.received_through > 0
            && here != ack.hash
        {
            return Ok(Taken::Forked { seq: ack.received_through });
        }
        let state = journal::streams(tx)?.into_iter().find(|state| state.stream.epoch == epoch);
        let known = state.as_ref().map_or(0, |state| state.decided);
        // Verdicts that this answer does not carry are asked for: only then nothing stays provisional.
        let joins = ack.outcomes.first().is_some_and(|first| first.seq <= known + 1);
        let decided = if joins { ack.decided_through } else { known };
        journal::mark(tx, epoch, ack.received_through, decided, ack.stable_through)?;
        take_outcomes(tx, own, epoch, &ack.outcomes)?;
        // A closed stream may go on at HQ: that is another copy's history.
        let end = state.filter(|state| state.closed).map_or(u64::MAX, |state| state.last_seq);
        Ok(Taken::Fits { received: ack.received_through.min(end), decided })
    })
}

/// # Errors
/// As [`take_ack`].
pub fn take_verdicts(
    ledger: &Ledger,
    own: &Own,
    epoch: Epoch,
    answer: &VerdictsAnswer,
) -> Result<(), StoreError> {
    ledger.write(|tx| {
        // Only as far as the outcomes of this answer go: the rest is asked for again.
        let last = answer.outcomes.last().map_or(0, |outcome| outcome.seq);
        let decided = if answer.complete { answer.decided_through } else { answer.decided_through.min(last) };
        journal::mark(tx, epoch, answer.received_through, decided, answer.stable_through)?;
        take_outcomes(tx, own, epoch, &answer.outcomes)
    })
}

fn take_outcomes(tx: &Tx<'_>, own: &Own, epoch: Epoch, outcomes: &[Outcome]) -> Result<(), StoreError> {
    let current = contact::is_current(tx)?;
    let cursors = cursors::all(tx)?;
    for outcome in outcomes {
        let key = EventKey { terminal: own.terminal, epoch, seq: outcome.seq };
        if !journal::is_own(tx, key)? {
            continue;
        }
        outcomes::put(tx, epoch, outcome)?;
        // Usually the entry is still on its way and the fold clears what was pending. After a snapshot
        // it is in the confirmed state already, and would be counted twice.
        let here = cursors.iter().any(|c| c.shard == outcome.shard && c.lsn >= outcome.lsn);
        let folded = current && outcome.lsn > 0 && here;
        let folded = folded || ledger::planted!("pending_cleared_early");
        if folded && outcome.verdict != Verdict::Parked {
            accounts::clear_pending(tx, key)?;
        }
    }
    Ok(())
}
