//! Wraps any pipe and breaks it at a chosen byte; the same plan always breaks the same way.
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    time::Duration,
};

use super::{Caps, Connector, Transport};
use crate::error::HwError;

/// What goes wrong, counted in bytes accepted over one connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FaultPlan {
    /// Bytes after the n-th are taken and thrown away in silence.
    pub drop_after: Option<usize>,
    /// The link breaks when n bytes were accepted.
    pub disconnect_after: Option<usize>,
    /// Nothing more is accepted after n bytes; each call uses up its limit.
    pub stall_after: Option<usize>,
    /// At most this many bytes are accepted per call.
    pub short_write: Option<usize>,
    /// The first k attempts to open are refused.
    pub busy_open: usize,
}

/// A connector whose pipes follow a [`FaultPlan`].
pub struct Faulty<C> {
    inner: C,
    plan: FaultPlan,
    attempts: Arc<AtomicUsize>,
}

impl<C: Connector> Faulty<C> {
    pub fn new(inner: C, plan: FaultPlan) -> Self {
        Self { inner, plan, attempts: Arc::default() }
    }
}

impl<C: Connector> Connector for Faulty<C> {
    fn open(&self, limit: Duration) -> Result<Box<dyn Transport>, HwError> {
        if self.attempts.fetch_add(1, Ordering::SeqCst) < self.plan.busy_open {
            return Err(HwError::from_io(&std::io::ErrorKind::ConnectionRefused.into(), "open"));
        }
        let inner = self.inner.open(limit)?;
        Ok(Box::new(FaultyTransport { inner, plan: self.plan, accepted: 0 }))
    }
}

struct FaultyTransport {
    inner: Box<dyn Transport>,
    plan: FaultPlan,
    accepted: usize,
}

impl FaultyTransport {
    /// How many of `wanted` bytes come before the next edge of the plan.
    fn room(&self, wanted: usize) -> usize {
        let edges = [self.plan.drop_after, self.plan.disconnect_after, self.plan.stall_after];
        let ahead = edges.into_iter().flatten().filter_map(|edge| edge.checked_sub(self.accepted));
        let nearest = ahead.filter(|room| *room > 0).min().unwrap_or(wanted);
        wanted.min(nearest).min(self.plan.short_write.unwrap_or(wanted))
    }

    fn reached(&self, edge: Option<usize>) -> bool {
        edge.is_some_and(|edge| self.accepted >= edge)
    }
}

impl Transport for FaultyTransport {
    fn write(&mut self, data: &[u8], limit: Duration) -> Result<usize, HwError> {
        if self.reached(self.plan.disconnect_after) {
            return Err(HwError::disconnected("fault: disconnected"));
        }
        if self.reached(self.plan.stall_after) {
            wait(limit);
            return Err(HwError::timeout("fault: stalled"));
        }
        let room = self.room(data.len());
        let accepted = match self.reached(self.plan.drop_after) {
            true => room,
            false => self.inner.write(&data[..room], limit)?,
        };
        self.accepted += accepted;
        Ok(accepted)
    }

    fn read(&mut self, buffer: &mut [u8], limit: Duration) -> Result<usize, HwError> {
        let deaf = self.reached(self.plan.drop_after) || self.reached(self.plan.stall_after);
        if self.reached(self.plan.disconnect_after) {
            return Err(HwError::disconnected("fault: disconnected"));
        }
        if deaf {
            wait(limit);
            return Ok(0);
        }
        self.inner.read(buffer, limit)
    }

    fn caps(&self) -> Caps {
        self.inner.caps()
    }

    fn end_job(&mut self, name: &str, limit: Duration) -> Result<(), HwError> {
        self.inner.end_job(name, limit)
    }
}

/// Lets the limit pass, as a stalled system call does.
fn wait(limit: Duration) {
    let (_never, answers) = mpsc::channel::<()>();
    answers.recv_timeout(limit).ok();
}
