//! Where HQ holds another history of this till's events: finds the last event that both share, and goes on
//! from there in a stream of its own. Asks questions as values; whoever has a line to HQ gets the answers.

use ledger::id::{Epoch, EventKey};
use ledger::store::journal::{self, Cut, StreamState};
use ledger::store::{Ledger, Reader, StoreError};

use crate::engine::event::Mended;
use crate::protocol::hello::{BranchAnswer, BranchRequest, HASHES_MAX, HashesAnswer, HashesRequest};

use super::{outcomes, standing};

/// What to ask HQ next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    Hashes(HashesRequest),
    Branch(BranchRequest),
}

/// The way from the suspicion to the new stream.
#[derive(Clone, Debug)]
pub struct Mend {
    searches: Vec<Search>,
    cuts: Vec<Cut>,
    fresh: Option<Epoch>,
}

/// Between two numbers: up to the lower one both histories are the same, from the upper one on they are not.
#[derive(Clone, Debug)]
struct Search {
    state: StreamState,
    same_through: u64,
    other_from: u64,
    /// HQ has the stream up to here; None before its first answer.
    hq_received: Option<u64>,
}

impl Mend {
    /// # Errors
    /// The store's.
    pub fn begin(r: &Reader, parted: &[Epoch]) -> Result<Mend, StoreError> {
        let streams = journal::streams(r)?.into_iter();
        let searches = streams.filter(|s| parted.contains(&s.stream.epoch)).map(Search::begin);
        Ok(Mend { searches: searches.collect(), cuts: Vec::new(), fresh: None })
    }

    /// None when everything is known that [`Mend::finish`] needs.
    ///
    /// # Errors
    /// The store's.
    pub fn question(&mut self, r: &Reader) -> Result<Option<Question>, StoreError> {
        while let Some(search) = self.searches.last() {
            if let Some(question) = search.question() {
                return Ok(Some(Question::Hashes(question)));
            }
            self.cuts.extend(search.cut());
            self.searches.pop();
        }
        let Some(head) = journal::head(r)? else { return Ok(None) };
        let sells = self.cuts.iter().find(|cut| cut.epoch == head.stream.epoch);
        let Some(cut) = sells.filter(|_| self.fresh.is_none()) else { return Ok(None) };
        let key = EventKey { terminal: head.stream.terminal, epoch: cut.epoch, seq: cut.last_seq };
        let hash = journal::hash_at(r, key)?;
        let hash = hash.ok_or_else(|| StoreError::Unreadable {
            what: "the last shared event",
            why: format!("{key} is not in the journal"),
        })?;
        Ok(Some(Question::Branch(BranchRequest { epoch: cut.epoch, seq: cut.last_seq, hash })))
    }

    /// # Errors
    /// The store's.
    pub fn hashes(&mut self, r: &Reader, answer: &HashesAnswer) -> Result<(), StoreError> {
        match self.searches.last_mut() {
            Some(search) => search.narrow(r, answer),
            None => Ok(()),
        }
    }

    pub fn branch(&mut self, answer: BranchAnswer) {
        self.fresh = Some(answer.epoch);
    }

    /// Branches off, in one transaction. When HQ and till agree after all, nothing is changed.
    ///
    /// # Errors
    /// The store's; then nothing was changed.
    pub fn finish(self, ledger: &Ledger) -> Result<Mended, StoreError> {
        if !self.cuts.is_empty() {
            ledger.write(|tx| {
                // Only the stream that sells needs a new one; without it nothing opens this epoch.
                let fresh = self.fresh.unwrap_or(Epoch(0));
                let wrapped = journal::branch(tx, &self.cuts, fresh)?;
                for cut in &self.cuts {
                    outcomes::forget_after(tx, cut.epoch, cut.last_seq)?;
                }
                tracing::warn!(wrapped, %fresh, "history parts from headquarters'; a new epoch goes on");
                Ok(())
            })?;
        }
        Ok(Mended { tails: ledger.read(standing::tails)?, branched: !self.cuts.is_empty() })
    }
}

impl Search {
    fn begin(state: StreamState) -> Self {
        // What was pruned is in HQ's backups; if HQ denies it, nothing here can prove more.
        let same_through = state.low_seq() - 1;
        Search { same_through, other_from: state.last_seq + 1, hq_received: None, state }
    }

    /// Numbers spread evenly over what is unknown; at least one question is asked, to learn how far HQ is.
    fn question(&self) -> Option<HashesRequest> {
        let unknown = self.other_from - self.same_through - 1;
        if unknown == 0 && self.hq_received.is_some() {
            return None;
        }
        let asked = unknown.min(HASHES_MAX as u64);
        let seqs = (1..=asked).map(|n| self.same_through + unknown * n / asked).collect();
        Some(HashesRequest { epoch: self.state.stream.epoch, seqs })
    }

    fn narrow(&mut self, r: &Reader, answer: &HashesAnswer) -> Result<(), StoreError> {
        let asked = self.question().map(|question| question.seqs).unwrap_or_default();
        self.hq_received = Some(answer.received);
        for seq in asked {
            let stream = self.state.stream;
            let here = journal::hash_at(r, stream.at(seq))?;
            let there = answer.hashes.iter().find(|(number, _)| *number == seq).map(|(_, hash)| *hash);
            if there.is_none() || there != here {
                self.other_from = seq;
                return Ok(());
            }
            self.same_through = seq;
        }
        Ok(())
    }

    /// Where the stream is to end, if HQ goes on otherwise.
    fn cut(&self) -> Option<Cut> {
        let hq_received = self.hq_received.unwrap_or(0);
        // HQ stands exactly where the shared part ends: the rest can simply be pushed.
        let continues = hq_received == self.same_through && self.same_through <= self.state.last_seq;
        let closed_there = self.state.closed && self.same_through == self.state.last_seq;
        (!continues && !closed_there)
            .then_some(Cut { epoch: self.state.stream.epoch, last_seq: self.same_through })
    }
}
