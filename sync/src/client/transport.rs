//! What the driver needs from a line to HQ; [`super::http`] is the real one.

use std::future::Future;

use tokio::sync::mpsc;

use crate::engine::Fault;
use crate::protocol::config::Config;
use crate::protocol::hello::{BranchAnswer, BranchRequest, HashesAnswer, HashesRequest, Hello, Welcome};
use crate::protocol::pull::{Frame, Heads, PullHead, PullRequest};
use crate::protocol::push::{PushAck, PushHead, VerdictsAnswer, VerdictsRequest};
use crate::store::fold::FrameLines;

use super::clock::HqClock;
use super::lines::json;

/// A push: the head and the event lines as they were written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Push {
    pub head: PushHead,
    pub lines: Vec<String>,
}

/// The answer to a pull.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pull {
    pub head: PullHead,
    pub frames: Vec<FrameLines>,
}

impl Pull {
    /// Reads an unpacked answer; entry lines are kept exactly as HQ wrote them.
    ///
    /// # Errors
    /// [`Fault::Truncated`] when lines are missing or left over.
    pub fn parse(text: &str) -> Result<Pull, Fault> {
        let mut lines = text.lines();
        let head: PullHead = json(lines.next().unwrap_or_default())?;
        let mut frames = Vec::new();
        for _ in 0..head.frames {
            let frame: Frame = json(lines.next().ok_or(Fault::Truncated)?)?;
            let entries: Vec<String> = lines.by_ref().take(frame.count as usize).map(str::to_owned).collect();
            if entries.len() != frame.count as usize {
                return Err(Fault::Truncated);
            }
            frames.push(FrameLines { frame, entries });
        }
        if lines.next().is_some() {
            return Err(Fault::Truncated);
        }
        Ok(Pull { head, frames })
    }
}

/// A part of a snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// The head, rows or the end.
    Lines(Vec<String>),
    /// A segment of a pack as it came.
    Segment(Vec<u8>),
    /// A part of the existence filter as it came.
    Existence(Vec<u8>),
}

/// Pieces of a snapshot on their way to the store; a full channel slows the download down.
pub type SnapshotSink = mpsc::Sender<Piece>;

/// Every call ends by itself in bounded time and may be dropped at any moment. Only HQ's own word is
/// `Ok`; what anybody else says is a [`Fault`].
pub trait Transport: Send + Sync + 'static {
    fn hello(&self, hello: &Hello) -> impl Future<Output = Result<Welcome, Fault>> + Send;
    fn hashes(&self, request: &HashesRequest) -> impl Future<Output = Result<HashesAnswer, Fault>> + Send;
    fn branch(&self, request: &BranchRequest) -> impl Future<Output = Result<BranchAnswer, Fault>> + Send;
    fn push(&self, push: &Push) -> impl Future<Output = Result<PushAck, Fault>> + Send;
    fn pull(&self, request: &PullRequest) -> impl Future<Output = Result<Pull, Fault>> + Send;
    fn verdicts(
        &self,
        request: &VerdictsRequest,
    ) -> impl Future<Output = Result<VerdictsAnswer, Fault>> + Send;
    /// None when HQ has nothing newer than `have`.
    fn config(&self, have: u64) -> impl Future<Output = Result<Option<Config>, Fault>> + Send;
    /// Ends when all pieces are in the sink, or when the sink is closed.
    fn snapshot(&self, sink: SnapshotSink) -> impl Future<Output = Result<(), Fault>> + Send;
    /// The next news after feed version `after`.
    fn heads(&self, after: u64) -> impl Future<Output = Result<Heads, Fault>> + Send;
    /// Drops every connection.
    fn reset(&self);
    fn clock(&self) -> &HqClock;
}
