//! Between the tills of one store, over the store's own network: a length, then one sealed message, both
//! ways. PROTOCOL, "Store network".
//!
//! `GET /v1/sync/siblings` tells a till whom to trust: HQ's word is the only source of keys.

use ledger::event::Parent;
use ledger::id::{Epoch, TerminalId};
use serde::{Deserialize, Serialize};

use super::push::SealedPii;

/// One other till of the same store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sibling {
    pub terminal: TerminalId,
    pub till_no: u32,
    /// Ed25519, base64url without padding.
    pub public_key: String,
    pub streams: Vec<SiblingStream>,
}

/// What HQ has of a sibling's stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiblingStream {
    pub epoch: Epoch,
    pub received: u64,
    pub decided: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Siblings {
    pub siblings: Vec<Sibling>,
}

/// How far the speaker knows a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Have {
    pub terminal: TerminalId,
    pub epoch: Epoch,
    pub through: u64,
}

/// Events of the speaker's own stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    pub epoch: Epoch,
    pub first_seq: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<Parent>,
    /// HQ has everything up to here: a listener who knows nothing of it may begin after.
    pub received: u64,
    /// The events as written; JSON text inside JSON, so that no byte of them changes.
    pub lines: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pii: Vec<SealedPii>,
    /// As in a push, with [`RELAY_EPOCH`] for the log epoch: it holds whatever HQ's log is called.
    pub chain_sig: String,
}

/// The log epoch in a chain signature that a sibling hands on.
pub const RELAY_EPOCH: &str = "relay";
/// Events in one message.
pub const EVENTS_MAX: usize = 500;
/// A sealed message, bytes.
pub const MESSAGE_BYTES_MAX: u32 = 4 * 1024 * 1024;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LanMessage {
    pub from: TerminalId,
    pub to: TerminalId,
    /// What the speaker knows of the listener's streams.
    pub have: Vec<Have>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told: Option<Told>,
}
