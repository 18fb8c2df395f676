//! One job over one pipe: the rules of what may be sent again.
use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use super::{
    job::{Job, JobState, JobStore, StoreError},
    limits::QueueLimits,
};
use crate::{
    error::{ErrorCode, ErrorExt, HwError, Retry},
    escpos::bytes,
    state::Confirm,
    transport::Transport,
};

/// One write or read waits so long before the stop flag is looked at again.
const SLICE: Duration = Duration::from_millis(100);
/// Progress is stored each time this many more bytes have left.
const PROGRESS_STEP: usize = 1024;
/// A closing program lets a job that is being printed go on so long.
const STOP_GRACE: Duration = Duration::from_millis(800);

/// What is needed while a job is sent.
pub(super) struct Sending<'a> {
    pub pipe: &'a mut dyn Transport,
    pub store: &'a mut dyn JobStore,
    pub stop: &'a AtomicBool,
    pub limits: &'a QueueLimits,
    pub confirm: Confirm,
}

impl Sending<'_> {
    /// Sends a job for which `begin` has returned.
    ///
    /// Fails only if the store does; then no further byte leaves and the stored state stands.
    pub fn job(&mut self, job: &Job, data: &[u8]) -> Result<(JobState, Option<HwError>), StoreError> {
        let mut sent = 0;
        if let Err(error) = self.all(job, data, &mut sent)? {
            let untouched = sent == 0 && error.retry != Retry::Never;
            let state = if untouched { JobState::Queued } else { JobState::Uncertain };
            return Ok((state, Some(error)));
        }
        let ended = self.confirmed().and_then(|()| self.pipe.end_job(&job.name, SLICE));
        Ok(match (ended, self.confirm) {
            (Ok(()), Confirm::GsR) => (JobState::Confirmed, None),
            (Ok(()), Confirm::None) => (JobState::SentUnconfirmed, None),
            (Err(error), _) => (JobState::Uncertain, Some(error)),
        })
    }

    fn all(&mut self, job: &Job, data: &[u8], sent: &mut usize) -> Result<Result<(), HwError>, StoreError> {
        let chunk = self.pipe.caps().max_chunk;
        let mut stored = 0;
        let mut patience = Patience::new(self.limits.stall);
        while *sent < data.len() {
            let ahead = data.len().min(*sent + chunk);
            if stored == 0 || ahead >= stored + PROGRESS_STEP {
                self.store.progress(&job.id, ahead)?;
                stored = ahead;
            }
            match self.pipe.write(&data[*sent..ahead], SLICE) {
                Ok(accepted) => {
                    *sent += accepted;
                    patience.renew();
                }
                Err(error) if error.code == ErrorCode::Timeout && error.retry == Retry::Now => {}
                Err(error) => return Ok(Err(error)),
            }
            let over = if *sent < data.len() { patience.check(self.stop) } else { Ok(()) };
            if over.is_err() {
                return Ok(over);
            }
        }
        Ok(Ok(()))
    }

    /// Waits for the answer behind the job, if this printer gives one.
    fn confirmed(&mut self) -> Result<(), HwError> {
        if self.confirm == Confirm::None {
            return Ok(());
        }
        let mut patience = Patience::new(self.limits.confirm);
        let mut answer = [0; 64];
        loop {
            let count = self.pipe.read(&mut answer, SLICE)?;
            if answer[..count].iter().copied().any(is_barrier_answer) {
                return Ok(());
            }
            patience.check(self.stop).map_err(|error| error.with(ErrorExt::NoConfirmation))?;
        }
    }
}

/// The answer to `GS r 1`: bits 0, 1, 4 and 7 are 0 (XON/XOFF and automatic status differ).
fn is_barrier_answer(byte: u8) -> bool {
    byte & 0b1001_0011 == 0
}

/// The bytes of a job together with the question behind it.
pub(super) fn with_barrier(mut data: Vec<u8>, confirm: Confirm) -> Vec<u8> {
    if confirm == Confirm::GsR {
        data.extend(bytes::barrier());
    }
    data
}

/// Sends the drawer's pulse before the deadline; an error tells if any byte can have left.
pub(super) fn pulse(pipe: &mut dyn Transport, deadline: Instant) -> Result<(), HwError> {
    let data = bytes::drawer_kick();
    let mut sent = 0;
    while sent < data.len() {
        let left = deadline.saturating_duration_since(Instant::now()).min(SLICE);
        match pipe.write(&data[sent..], left) {
            Ok(accepted) => sent += accepted,
            Err(error)
                if error.code == ErrorCode::Timeout && error.retry == Retry::Now && !left.is_zero() => {}
            Err(error) if sent == 0 => return Err(error),
            Err(error) => return Err(HwError { retry: Retry::Never, ..error }),
        }
    }
    pipe.end_job("drawer", SLICE).map_err(|error| HwError { retry: Retry::Never, ..error })
}

/// How long to wait without any progress.
struct Patience {
    limit: Duration,
    until: Instant,
    stopping: Option<Instant>,
}

impl Patience {
    fn new(limit: Duration) -> Self {
        Self { limit, until: Instant::now() + limit, stopping: None }
    }

    fn renew(&mut self) {
        self.until = Instant::now() + self.limit;
    }

    fn check(&mut self, stop: &AtomicBool) -> Result<(), HwError> {
        let now = Instant::now();
        if stop.load(Ordering::SeqCst) && now >= *self.stopping.get_or_insert(now + STOP_GRACE) {
            let error = HwError::timeout("closed while the printer did not answer");
            return Err(error.with(ErrorExt::Stopping));
        }
        if now >= self.until {
            return Err(HwError::timeout("the printer takes no more bytes"));
        }
        Ok(())
    }
}
