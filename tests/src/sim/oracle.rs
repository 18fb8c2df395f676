//! An independent record of what tills committed: bytes kept the moment a command returned, never read
//! again from the till. What a customer was told must be somewhere at the end.

use std::collections::{BTreeMap, BTreeSet};

use ledger::event::Event;
use ledger::fact::Fact;
use ledger::id::{Epoch, EventKey, Hash, StoreId};
use ledger::store::journal::{self, StreamState};
use ledger::store::{Reader, StoreError};

use super::terminal::Terminal;

/// One event as it was committed.
#[derive(Clone, Debug)]
pub struct Kept {
    pub key: EventKey,
    pub hash: Hash,
    pub line: String,
    /// What happened: of a re-wrapped event the inner one.
    pub event: Event,
    /// Hash of the event that is wrapped in this one.
    pub wraps: Option<Hash>,
    /// The till that wrote it.
    pub till: usize,
    /// The store where that till stood then.
    pub store: StoreId,
    /// Every copy was destroyed with a disk: nobody can be asked for it any more.
    pub lost: bool,
    /// Its till gave it up by itself, relying on headquarters: no excuse for anybody who lost it since.
    pub forgotten: bool,
}

#[derive(Default)]
pub struct Oracle {
    /// In the order of their commits.
    pub kept: Vec<Kept>,
    by_key: BTreeMap<EventKey, Vec<usize>>,
    /// How far each till's streams were looked at.
    seen: BTreeMap<(usize, Epoch), u64>,
    /// Receipt numbers that went over a counter, by till.
    receipts: BTreeMap<(usize, String), Hash>,
}

impl Oracle {
    pub fn len(&self) -> usize {
        self.kept.len()
    }

    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// The event that was committed under a key, where that is one event.
    pub fn of(&self, key: EventKey) -> impl Iterator<Item = &Kept> {
        self.by_key.get(&key).into_iter().flatten().map(|n| &self.kept[*n])
    }

    /// Hashes of all that is in `held`, and of what is wrapped in it.
    pub fn told_by(held: &[&Kept]) -> BTreeSet<Hash> {
        held.iter().flat_map(|kept| std::iter::once(kept.hash).chain(kept.wraps)).collect()
    }

    /// A program was started, perhaps on an older disk: everything that its disk holds is looked at again.
    pub fn started(&mut self, till: usize) {
        self.seen.retain(|(no, _), _| *no != till);
    }

    /// Keeps what a till wrote since it was last looked at.
    ///
    /// # Errors
    /// A violation of G1 or G9: hashes that are none, numbers that miss, a chain that breaks.
    pub fn look(&mut self, till: &Terminal) -> Result<(), String> {
        let Some(ledger) = till.ledger() else { return Ok(()) };
        let fresh = ledger.glance(|r| {
            let mut fresh = Vec::new();
            for state in journal::streams(r)? {
                let seen = self.seen.get(&(till.no, state.stream.epoch)).copied().unwrap_or(0);
                fresh.extend(events(r, &state, till, seen)?);
            }
            Ok(fresh)
        });
        for kept in fresh.map_err(|e| format!("G9 the journal of till {} cannot be read: {e}", till.no))? {
            self.seen.insert((till.no, kept.key.epoch), kept.key.seq);
            self.keep(kept)?;
        }
        Ok(())
    }

    fn keep(&mut self, kept: Kept) -> Result<(), String> {
        let key = kept.key;
        let told = Event::parse(&kept.line).map(|event| event.key());
        if Hash::of(kept.line.as_bytes()) != kept.hash || told.ok() != Some(key) {
            return Err(format!("G1 event {key} is not what its hash says"));
        }
        if self.of(key).any(|known| known.hash == kept.hash) {
            return Ok(());
        }
        self.by_key.entry(key).or_default().push(self.kept.len());
        self.kept.push(kept);
        Ok(())
    }

    /// A till answered a payment: the event must be in its journal, and its receipt number new.
    ///
    /// # Errors
    /// A violation of G9.
    pub fn paid(&mut self, till: &Terminal, answer: &serde_json::Value) -> Result<(), String> {
        let receipt_no = answer["receipt_no"].as_str().unwrap_or_default().to_owned();
        let hash: Hash = answer["hash"].as_str().unwrap_or_default().parse().unwrap_or(Hash::ZERO);
        if !self.kept.iter().rev().any(|kept| kept.hash == hash && kept.till == till.no) {
            return Err(format!("G9 receipt {receipt_no} was printed, its event is not in the journal"));
        }
        match self.receipts.insert((till.no, receipt_no.clone()), hash) {
            Some(other) if other != hash => Err(format!("G9 receipt number {receipt_no} was given twice")),
            _ => Ok(()),
        }
    }

    /// A disk was destroyed: receipt numbers given after its copy may be given again.
    pub fn forget_receipts(&mut self, till: usize) {
        self.receipts.retain(|(no, _), _| *no != till);
    }
}

fn events(r: &Reader, state: &StreamState, till: &Terminal, seen: u64) -> Result<Vec<Kept>, StoreError> {
    let mut found = Vec::new();
    for seq in seen + 1..=state.last_seq {
        let key = state.stream.at(seq);
        // A number without an event: said by the chain check of the one behind it.
        let Some(stored) = journal::event(r, key)? else { continue };
        let outer = stored.parse()?;
        let wraps = match &outer.fact {
            Fact::Recovered(recovered) => Some(recovered.orig_hash),
            _ => None,
        };
        let event = if wraps.is_some() { outer.unwrapped() } else { outer };
        found.push(Kept {
            key,
            hash: stored.hash,
            line: stored.line,
            event,
            wraps,
            till: till.no,
            store: till.store.clone(),
            lost: false,
            forgotten: false,
        });
    }
    Ok(found)
}
