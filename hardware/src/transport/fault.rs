//! Wraps any pipe and breaks it at a chosen byte; the same plan always breaks the same way.
use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    time::{Duration, Instant},
};

use super::{Caps, Connector, Transport};
use crate::error::HwError;

/// What goes wrong; numbers of bytes count what was accepted over one connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FaultPlan {
    /// Bytes after the n-th are taken and thrown away in silence.
    pub drop_after: Option<usize>,
    /// The link breaks when n bytes were accepted.
    pub disconnect_after: Option<usize>,
    /// Nothing more is accepted after n bytes; each call uses up its limit.
    pub stall_after: Option<usize>,
    /// How long the stall lasts; `None` = for ever.
    pub stall_for: Option<Duration>,
    /// At most this many bytes are accepted per call.
    pub short_write: Option<usize>,
    /// At most this many bytes a second are accepted, as a serial line does.
    pub slow_bps: Option<u32>,
    /// The first k attempts to open are refused.
    pub busy_open: usize,
    /// Answers come so much later.
    pub reply_delay: Option<Duration>,
    /// Answers are replaced by noise made of this seed.
    pub reply_garbage: Option<u64>,
    /// Answers never come.
    pub no_reply: bool,
    /// Each byte of an answer comes twice.
    pub dup_reply: bool,
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
        Ok(Box::new(FaultyTransport {
            inner: self.inner.open(limit)?,
            plan: self.plan,
            accepted: 0,
            opened: Instant::now(),
            stalled: None,
            late: VecDeque::new(),
            noise: self.plan.reply_garbage.unwrap_or_default() | 1,
        }))
    }

    fn present(&self) -> Option<bool> {
        self.inner.present()
    }
}

struct FaultyTransport {
    inner: Box<dyn Transport>,
    plan: FaultPlan,
    accepted: usize,
    opened: Instant,
    /// Since when it stalls.
    stalled: Option<Instant>,
    /// Answers on their way, with the moment of their arrival.
    late: VecDeque<(Instant, u8)>,
    noise: u64,
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

    fn stalls(&mut self) -> bool {
        if !self.reached(self.plan.stall_after) {
            return false;
        }
        let since = *self.stalled.get_or_insert_with(Instant::now);
        self.plan.stall_for.is_none_or(|length| since.elapsed() < length)
    }

    /// Bytes that a slow line has room for by now, after waiting for at least one.
    fn paced(&self, wanted: usize, limit: Duration) -> usize {
        let Some(bps) = self.plan.slow_bps else { return wanted };
        let due = |bytes: usize| Duration::from_micros(1_000_000 * bytes as u64 / u64::from(bps.max(1)));
        let early = due(self.accepted + 1).saturating_sub(self.opened.elapsed());
        wait(early.min(limit));
        (1..=wanted).take_while(|more| due(self.accepted + more) <= self.opened.elapsed()).count()
    }

    fn next_noise(&mut self) -> u8 {
        self.noise ^= self.noise << 13;
        self.noise ^= self.noise >> 7;
        self.noise ^= self.noise << 17;
        self.noise.to_le_bytes()[3]
    }

    fn receive(&mut self, limit: Duration) -> Result<(), HwError> {
        let mut buffer = [0; 64];
        let count = self.inner.read(&mut buffer, limit)?;
        let at = Instant::now() + self.plan.reply_delay.unwrap_or_default();
        for byte in buffer.into_iter().take(count) {
            let byte = if self.plan.reply_garbage.is_some() { self.next_noise() } else { byte };
            let times = if self.plan.dup_reply { 2 } else { 1 };
            self.late.extend(std::iter::repeat_n((at, byte), times));
        }
        Ok(())
    }

    /// Hands out what has arrived by now.
    fn deliver(&mut self, buffer: &mut [u8]) -> usize {
        let now = Instant::now();
        let ready = self.late.iter().take_while(|(at, _)| *at <= now).count().min(buffer.len());
        for (to, (_, byte)) in buffer.iter_mut().zip(self.late.drain(..ready)) {
            *to = byte;
        }
        ready
    }
}

impl Transport for FaultyTransport {
    fn write(&mut self, data: &[u8], limit: Duration) -> Result<usize, HwError> {
        if self.reached(self.plan.disconnect_after) {
            return Err(HwError::disconnected("fault: disconnected"));
        }
        if self.stalls() {
            wait(limit);
            return Err(HwError::timeout("fault: stalled"));
        }
        let room = self.paced(self.room(data.len()), limit);
        if room == 0 {
            return Err(HwError::timeout("fault: slow"));
        }
        let accepted = match self.reached(self.plan.drop_after) {
            true => room,
            false => self.inner.write(&data[..room], limit)?,
        };
        self.accepted += accepted;
        Ok(accepted)
    }

    fn read(&mut self, buffer: &mut [u8], limit: Duration) -> Result<usize, HwError> {
        if self.reached(self.plan.disconnect_after) {
            return Err(HwError::disconnected("fault: disconnected"));
        }
        if self.plan.no_reply || self.reached(self.plan.drop_after) || self.stalls() {
            wait(limit);
            return Ok(0);
        }
        if self.late.is_empty() {
            self.receive(limit)?;
        } else {
            wait(limit.min(Duration::from_millis(5)));
        }
        Ok(self.deliver(buffer))
    }

    fn caps(&self) -> Caps {
        self.inner.caps()
    }

    fn is_prompt(&self) -> bool {
        self.inner.is_prompt()
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
