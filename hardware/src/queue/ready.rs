//! Asking a printer whether it can print, before the first byte of a slip.
use std::time::Instant;

use super::{
    inbox::Inbox,
    limits::{QueueLimits, SLICE},
};
use crate::{
    error::HwError,
    escpos::{
        bytes,
        status::{Condition, QUESTIONS, Reply, ReplyReader},
    },
    transport::Transport,
};

/// Sends all questions of `DLE EOT`; the answers come one by one.
pub(super) fn ask(pipe: &mut dyn Transport, reader: &mut ReplyReader) -> Result<(), HwError> {
    let questions: Vec<u8> = QUESTIONS.iter().flat_map(|n| bytes::ask(*n)).collect();
    let mut sent = 0;
    while sent < questions.len() {
        sent += pipe.write(&questions[sent..], SLICE)?;
    }
    QUESTIONS.iter().for_each(|n| reader.asked(*n));
    Ok(())
}

/// Reads what has come within one slice.
pub(super) fn listen(pipe: &mut dyn Transport, reader: &mut ReplyReader) -> Result<Vec<Reply>, HwError> {
    let mut buffer = [0; 64];
    let count = pipe.read(&mut buffer, SLICE)?;
    Ok(reader.push(&buffer[..count]))
}

/// The condition of a printer that answers `DLE EOT`.
///
/// Fails with a time-out if it does not answer in full: then it cannot be said to be ready.
pub(super) fn condition(
    pipe: &mut dyn Transport,
    inbox: &mut Inbox,
    limits: &QueueLimits,
) -> Result<Condition, HwError> {
    let mut reader = ReplyReader::default();
    ask(pipe, &mut reader)?;
    let until = Instant::now() + limits.status;
    while !reader.all_answered() {
        if Instant::now() >= until || inbox.is_stopping() {
            return Err(HwError::timeout("the printer does not tell its status"));
        }
        listen(pipe, &mut reader)?;
        inbox.tend();
    }
    Ok(*reader.condition())
}
