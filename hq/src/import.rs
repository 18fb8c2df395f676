//! Takes a file of events that a person carried: every push in it is checked as if a till had sent it, and
//! every event is taken once, however often the file comes.

use std::collections::BTreeMap;
use std::io::Read as _;

use ledger::id::{Epoch, Shard, Stream, TerminalId};
use ledger::time::Timestamp;
use serde::Serialize;
use sync::protocol::export::{ExportHead, KIND, VERSION};
use sync::protocol::problem::ProblemCode;
use sync::protocol::push::{PushAck, PushHead};

use crate::error::{ApiError, ApiResult, wire};
use crate::keys::Keys;
use crate::receive::{Carrier, Desk, known, parse, receive};
use crate::store::Store;
use crate::timeline::log_epoch;

/// Unpacked. A million sales are a tenth of it.
const PLAIN_BYTES_MAX: u64 = 8 << 30;

/// What became of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Imported {
    pub terminal: TerminalId,
    /// Events in the file.
    pub events: u64,
    /// Of these, new to headquarters.
    pub taken: u64,
    /// Of these, here before.
    pub known: u64,
    /// How many of the new ones ended with each verdict.
    pub verdicts: BTreeMap<String, u64>,
    /// Streams that do not continue what is known, and why.
    pub refused: Vec<RefusedPart>,
    #[serde(skip)]
    pub moved: BTreeMap<Shard, u64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RefusedPart {
    pub epoch: Epoch,
    pub first_seq: u64,
    pub events: u64,
    pub why: String,
}

/// # Errors
/// `malformed` for a file that is none, `unauthorised` for one that was sealed to another headquarters.
/// What was taken before an error stays taken.
pub fn import(store: &dyn Store, keys: &Keys, now: Timestamp, file: &[u8]) -> ApiResult<Imported> {
    let (head, plain) = open(keys, file)?;
    let name = log_epoch(&*store.read()?)?;
    let desk = Desk { store, keys, log_epoch: &name, now };
    let mut done = Imported {
        terminal: head.terminal,
        events: 0,
        taken: 0,
        known: 0,
        verdicts: BTreeMap::new(),
        refused: Vec::new(),
        moved: BTreeMap::new(),
    };
    let mut rest = plain.as_slice();
    while !rest.is_empty() {
        let body;
        (body, rest) = cut(rest)?;
        take(&desk, body, &mut done)?;
    }
    Ok(done)
}

fn open(keys: &Keys, file: &[u8]) -> ApiResult<(ExportHead, Vec<u8>)> {
    let malformed = |why: &str| wire(ProblemCode::Malformed, why);
    let end = file.iter().position(|byte| *byte == b'\n').ok_or_else(|| malformed("it is no export file"))?;
    let head: ExportHead =
        serde_json::from_slice(&file[..end]).map_err(|_| malformed("it is no export file"))?;
    if head.suanpan != KIND || head.v > VERSION {
        return Err(malformed("it was written by a newer version"));
    }
    let packed = keys.open_box(&file[end + 1..]).ok_or_else(|| {
        wire(ProblemCode::Unauthorised, "it was sealed to another headquarters, or is damaged")
    })?;
    let mut plain = Vec::new();
    let damaged = |_| malformed("it is damaged");
    let decoder = zstd::Decoder::new(packed.as_slice()).map_err(damaged)?;
    decoder.take(PLAIN_BYTES_MAX).read_to_end(&mut plain).map_err(damaged)?;
    Ok((head, plain))
}

/// The next push and what follows it.
fn cut(rest: &[u8]) -> ApiResult<(&[u8], &[u8])> {
    let malformed = || wire(ProblemCode::Malformed, "a push in the file is not whole");
    let mut ends = rest.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
    let head_end = ends.next().ok_or_else(malformed)?;
    let head: PushHead = serde_json::from_slice(&rest[..head_end]).map_err(|_| malformed())?;
    let count = usize::try_from(head.count).map_err(|_| malformed())?.checked_sub(1).ok_or_else(malformed)?;
    let end = ends.nth(count).ok_or_else(malformed)?;
    Ok(rest.split_at(end))
}

fn take(desk: &Desk<'_>, body: &[u8], done: &mut Imported) -> ApiResult<()> {
    let push = parse(body)?;
    let PushHead { terminal, epoch, first_seq, .. } = push.head;
    let count = push.lines.len() as u64;
    done.events += count;
    let before = known(&*desk.store.read()?, Stream { terminal, epoch })?.received;
    match receive(desk, Carrier::File, &push) {
        Ok((ack, moved)) => {
            let last = first_seq + count - 1;
            let known = last.min(before).saturating_sub(first_seq - 1);
            done.known += known;
            done.taken += count - known;
            count_verdicts(&ack, before, done);
            done.moved.extend(moved);
            Ok(())
        }
        Err(ApiError::Wire(no)) if no.code != ProblemCode::Internal => {
            let why = format!("{:?}: {}", no.code, no.detail).to_lowercase();
            done.refused.push(RefusedPart { epoch, first_seq, events: count, why });
            Ok(())
        }
        Err(other) => Err(other),
    }
}

fn count_verdicts(ack: &PushAck, before: u64, done: &mut Imported) {
    for outcome in ack.outcomes.iter().filter(|outcome| outcome.seq > before) {
        let word = serde_json::to_value(outcome.verdict).ok();
        let word = word.as_ref().and_then(|word| word.as_str()).unwrap_or("other").to_owned();
        *done.verdicts.entry(word).or_default() += 1;
    }
}
