//! Requests and answers as bytes, and the moments at which they come.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use ledger::time::Timestamp;
use serde::de::DeserializeOwned;
use sync::engine::{Fault, Lane};
use sync::protocol::problem::Problem;

/// What a till asks, as it travels.
#[derive(Clone, Debug)]
pub enum Ask {
    Hello(Vec<u8>),
    /// Head line and event lines.
    Push(Vec<u8>),
    Pull(Vec<u8>),
    Verdicts(Vec<u8>),
    /// Where histories part.
    Hashes(Vec<u8>),
    Branch(Vec<u8>),
    Snapshot,
    Config {
        have: u64,
    },
    Feed {
        after: u64,
    },
}

/// Whose request it is: an answer to one that was given up meets nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Return {
    pub till: usize,
    /// Counts starts of that till's program.
    pub start: u64,
    pub flight: u64,
    pub lane: Lane,
}

#[derive(Clone, Debug)]
pub struct Letter {
    pub to: Return,
    /// The till's estimate of headquarters' time.
    pub time: Timestamp,
    pub ask: Ask,
}

#[derive(Clone, Debug)]
pub struct Reply {
    pub to: Return,
    /// Headquarters' time in the answer's header; None when somebody else answered.
    pub hq_time: Option<Timestamp>,
    pub body: Result<Vec<u8>, Refusal>,
}

/// What came instead of an answer.
#[derive(Clone, Debug)]
pub enum Refusal {
    Problem(Problem),
    Line(Fault),
}

/// Something that will happen.
#[derive(Clone, Debug)]
pub enum Happening {
    Asked(Letter),
    Answered(Reply),
    /// The till's own patience with a request ends.
    GivenUp(Return),
    Timer {
        till: usize,
        start: u64,
        set: u64,
    },
    Boot(usize),
    BootHq,
    /// Headquarters tells everybody who waits how things stand.
    Beat,
}

/// The future, in order; what falls on one moment keeps the order in which it was planned.
#[derive(Debug, Default)]
pub struct Queue {
    heap: BinaryHeap<Reverse<(i64, u64)>>,
    happenings: std::collections::BTreeMap<u64, Happening>,
    planned: u64,
}

impl Queue {
    pub fn plan(&mut self, at_ms: i64, happening: Happening) {
        self.planned += 1;
        self.heap.push(Reverse((at_ms, self.planned)));
        self.happenings.insert(self.planned, happening);
    }

    /// The next happening up to `until_ms`, with its moment.
    pub fn next(&mut self, until_ms: i64) -> Option<(i64, Happening)> {
        let Reverse((at_ms, _)) = *self.heap.peek()?;
        if at_ms > until_ms {
            return None;
        }
        let Reverse((at_ms, n)) = self.heap.pop()?;
        self.happenings.remove(&n).map(|happening| (at_ms, happening))
    }
}

/// Reads an answer as the till's HTTP client does: what breaks off is cut, what never was JSON is not HQ.
///
/// # Errors
/// The fault that the machine is told.
pub fn json<T: DeserializeOwned>(body: &[u8]) -> Result<T, Fault> {
    serde_json::from_slice(body).map_err(|_| {
        let ours = body.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'{');
        if ours { Fault::Truncated } else { Fault::NotHq }
    })
}

/// The text of a packed answer.
///
/// # Errors
/// As [`json`].
pub fn unpacked(body: &[u8]) -> Result<String, Fault> {
    if body.starts_with(b"<") {
        return Err(Fault::NotHq);
    }
    let plain = zstd::decode_all(body).map_err(|_| Fault::Truncated)?;
    String::from_utf8(plain).map_err(|_| Fault::Truncated)
}
