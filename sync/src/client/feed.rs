//! News from HQ: server-sent events, and long polls where a proxy breaks streams.

use std::collections::VecDeque;
use std::time::Duration;

use reqwest::Response;

use crate::engine::Fault;
use crate::protocol::path;
use crate::protocol::pull::Heads;

use super::lines::json;
use super::sse::SseParser;
use super::wire::{Call, Wire, broken};

/// HQ speaks at least every two seconds; a stream silent for this long is dead.
const SILENCE_MAX: Duration = Duration::from_secs(8);
/// After this many broken streams in a row the feed polls.
const BROKEN_STREAMS_MAX: u32 = 2;
/// A poll waits this long, s: short enough that its answer still counts as contact.
const POLL_WAIT_S: u32 = 5;
const POLL_TIMEOUT: Duration = Duration::from_secs(12);
/// Polls until a stream is tried again.
const POLLS_MAX: u32 = 60;

#[derive(Debug, Default)]
pub(super) struct Feed {
    stream: Option<Response>,
    parser: SseParser,
    ready: VecDeque<Heads>,
    broken_streams: u32,
    polls: u32,
}

impl Feed {
    /// May be dropped while it waits: nothing that came is lost.
    pub async fn next(&mut self, line: &Wire, after: u64) -> Result<Heads, Fault> {
        if let Some(heads) = self.ready.pop_front() {
            return Ok(heads);
        }
        if self.broken_streams >= BROKEN_STREAMS_MAX {
            return self.poll(line, after).await;
        }
        match self.listen(line).await {
            Ok(heads) => {
                self.broken_streams = 0;
                Ok(heads)
            }
            Err(fault) => {
                self.hang_up();
                self.broken_streams += 1;
                Err(fault)
            }
        }
    }

    pub fn hang_up(&mut self) {
        self.stream = None;
        self.parser = SseParser::default();
        self.ready.clear();
    }

    async fn poll(&mut self, line: &Wire, after: u64) -> Result<Heads, Fault> {
        self.polls += 1;
        if self.polls >= POLLS_MAX {
            self.polls = 0;
            self.broken_streams = 0;
        }
        let path = format!("{}?wait={POLL_WAIT_S}&after={after}", path::POLL);
        line.ask_get(&path, POLL_TIMEOUT).await
    }

    async fn listen(&mut self, line: &Wire) -> Result<Heads, Fault> {
        if self.stream.is_none() {
            let opened = tokio::time::timeout(SILENCE_MAX, line.send(Call::get(path::FEED, None))).await;
            self.stream = Some(opened.map_err(|_| Fault::TimedOut)??);
        }
        loop {
            if let Some(heads) = self.ready.pop_front() {
                return Ok(heads);
            }
            let Some(stream) = &mut self.stream else { return Err(Fault::Unreachable) };
            let piece = tokio::time::timeout(SILENCE_MAX, stream.chunk()).await;
            let piece = piece.map_err(|_| Fault::TimedOut)?.map_err(|e| broken(&e))?;
            let Some(piece) = piece else { return Err(Fault::Truncated) };
            for event in self.parser.take(&piece).map_err(|_| Fault::NotHq)? {
                if event.name == "heads" {
                    self.ready.push_back(json(&event.data)?);
                }
            }
        }
    }
}
