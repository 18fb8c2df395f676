//! What HQ lacks, for a file that a person carries: the pushes that would have been sent, one after the
//! other. Everything that HQ checks in a push it checks in the file too.

use ed25519_dalek::SigningKey;
use ledger::id::Epoch;
use ledger::store::{Ledger, journal};
use serde::Serialize;

use crate::engine::Fault;
use crate::outbox::Batch;
use crate::store::Own;

use super::lines::pack;
use super::turns;

const EVENTS_MAX: u32 = 1_000;
const BYTES_MAX: u32 = 1 << 20;

/// Part of one stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Part {
    pub epoch: Epoch,
    pub first_seq: u64,
    pub last_seq: u64,
}

/// The pushes, packed, and what is in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Load {
    pub packed: Vec<u8>,
    pub parts: Vec<Part>,
}

impl Load {
    pub fn events(&self) -> u64 {
        self.parts.iter().map(|part| part.last_seq + 1 - part.first_seq).sum()
    }
}

/// Every event of every epoch that HQ has not acknowledged, with its sealed personal data.
///
/// # Errors
/// [`Fault::Local`] when the journal cannot be read.
pub fn unsent(ledger: &Ledger, own: &Own, key: &SigningKey, log_epoch: &str) -> Result<Load, Fault> {
    let mut lines: Vec<String> = Vec::new();
    let mut parts = Vec::new();
    for state in ledger.read(journal::streams).map_err(turns::local)? {
        let epoch = state.stream.epoch;
        let mut after = state.received;
        while after < state.last_seq {
            let batch = Batch { epoch, after, events_max: EVENTS_MAX, bytes_max: BYTES_MAX };
            let push = turns::push(ledger, own, key, log_epoch, batch)?;
            after = push.head.first_seq + push.lines.len() as u64 - 1;
            lines.push(serde_json::to_string(&push.head).map_err(|e| Fault::Local(e.to_string()))?);
            lines.extend(push.lines);
        }
        if after > state.received {
            parts.push(Part { epoch, first_seq: state.received + 1, last_seq: after });
        }
    }
    Ok(Load { packed: pack(lines.iter().map(String::as_str))?, parts })
}
