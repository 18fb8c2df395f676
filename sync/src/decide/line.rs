//! A received line as what it is: an event, a kind of a later version, or noise.

use ledger::event::Event;
use ledger::fact::Fact;
use ledger::id::{Anchor, EventKey};
use serde::Deserialize;

use super::decision::{Decision, Reference};
use super::table;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    Event(Box<Event>),
    UnknownKind(String),
    Undecodable(String),
    /// Readable, but it names another terminal, epoch or number than its place in the stream.
    Misplaced(EventKey),
}

#[derive(Deserialize)]
struct Probe {
    kind: String,
}

/// Reads the line that stands at `key`.
pub fn read(line: &str, key: EventKey) -> Reading {
    match Event::parse(line) {
        Ok(event) if event.key() == key => Reading::Event(Box::new(event)),
        Ok(event) => Reading::Misplaced(event.key()),
        Err(error) => match serde_json::from_str::<Probe>(line) {
            Ok(probe) if !Fact::KINDS.contains(&probe.kind.as_str()) => Reading::UnknownKind(probe.kind),
            _ => Reading::Undecodable(error.to_string()),
        },
    }
}

/// The decision about a line that is no event of this version; None for an event.
pub fn unreadable(reading: &Reading, key: EventKey) -> Option<Decision> {
    let home = Anchor::terminal(key.terminal).shard();
    match reading {
        Reading::Event(_) => None,
        Reading::UnknownKind(kind) => {
            Some(Decision::parked(home, table::UNKNOWN_KIND, Reference::Kind(kind.clone())))
        }
        Reading::Undecodable(why) => Some(Decision::quarantined(key, home, &table::UNDECODABLE, why)),
        Reading::Misplaced(named) => {
            Some(Decision::quarantined(key, home, &table::MISPLACED, &format!("it says {named}")))
        }
    }
}
