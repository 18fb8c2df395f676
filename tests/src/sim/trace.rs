//! What happened, in order: a hash of everything, and the last lines for people.

use std::collections::VecDeque;

use ledger::id::Hash;

/// Lines kept for a failure's report.
const LINES_MAX: usize = 400;

/// Two runs of one seed have the same hash, or something outside the seed decided.
#[derive(Clone, Debug)]
pub struct Trace {
    chain: Hash,
    lines: VecDeque<String>,
    /// Everything is kept, for a single seed that somebody looks at.
    whole: bool,
}

impl Trace {
    pub fn new(seed: u64, whole: bool) -> Self {
        Trace { chain: Hash::of(&seed.to_le_bytes()), lines: VecDeque::new(), whole }
    }

    pub fn note(&mut self, at_ms: i64, line: &str) {
        let line = format!("{at_ms} {line}");
        self.chain = Hash::of(&[&self.chain.0, line.as_bytes()].concat());
        if !self.whole && self.lines.len() >= LINES_MAX {
            self.lines.pop_front();
        }
        self.lines.push_back(line);
    }

    pub fn hash(&self) -> Hash {
        self.chain
    }

    pub fn lines(&self) -> Vec<String> {
        self.lines.iter().cloned().collect()
    }
}
