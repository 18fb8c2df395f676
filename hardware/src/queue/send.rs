//! One job over one pipe: the rules of what may be sent again.
use std::time::{Duration, Instant};

use super::{
    inbox::Inbox,
    job::{Job, JobState, JobStore, StoreError},
    limits::{QueueLimits, SLICE},
    ready::{ask, listen},
};
use crate::{
    error::{ErrorCode, ErrorExt, HwError, Retry},
    escpos::{
        bytes,
        profile::Profile,
        status::{Reply, ReplyReader},
    },
    state::{Confirm, DeviceState, StatusBack},
    transport::Transport,
};

/// Answers already here are taken in between chunks without waiting.
const GLANCE: Duration = Duration::from_millis(1);
/// Progress is stored each time this many more bytes have left.
const PROGRESS_STEP: usize = 1024;
/// A closing program lets a job that is being printed go on so long.
const STOP_GRACE: Duration = Duration::from_millis(800);

/// The bytes of a job together with the question behind it.
pub(super) fn with_barrier(mut data: Vec<u8>, confirm: Confirm) -> Vec<u8> {
    match confirm {
        Confirm::None => {}
        Confirm::GsR => data.extend(bytes::barrier()),
        Confirm::ProcessId => data.extend(bytes::process_barrier(job_number(&data))),
    }
    data
}

/// Four printable bytes made of the slip itself, so that an answer to another slip does not count.
fn job_number(data: &[u8]) -> [u8; 4] {
    let hash = blake3::hash(data);
    std::array::from_fn(|at| b'0' + hash.as_bytes()[at] % 64)
}

/// What is needed while a job is sent.
pub(super) struct Sending<'a> {
    pub pipe: &'a mut dyn Transport,
    pub store: &'a mut dyn JobStore,
    pub inbox: &'a mut Inbox,
    pub limits: &'a QueueLimits,
    pub profile: &'a Profile,
}

impl Sending<'_> {
    /// Sends a job for which `begin` has returned.
    ///
    /// Fails only if the store does; then no further byte leaves and the stored state stands.
    pub fn job(&mut self, job: &Job, data: &[u8]) -> Result<(JobState, Option<HwError>), StoreError> {
        let mut sent = 0;
        let mut reader = ReplyReader::default();
        if let Err(error) = self.all(job, data, &mut sent, &mut reader)? {
            let untouched = sent == 0 && error.retry != Retry::Never;
            let state = if untouched { JobState::Queued } else { JobState::Uncertain };
            return Ok((state, Some(error)));
        }
        let ended = self.behind(data, &mut reader).and_then(|()| self.pipe.end_job(&job.name, SLICE));
        Ok(match (ended, self.profile.confirm) {
            (Ok(()), Confirm::None) => (JobState::SentUnconfirmed, None),
            (Ok(()), _) => (JobState::Confirmed, None),
            (Err(error), _) => (JobState::Uncertain, Some(error)),
        })
    }

    fn all(
        &mut self,
        job: &Job,
        data: &[u8],
        sent: &mut usize,
        reader: &mut ReplyReader,
    ) -> Result<Result<(), HwError>, StoreError> {
        let chunk = self.pipe.caps().max_chunk;
        let (mut stored, started) = (0, Instant::now());
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
                    patience.renew(self.limits.stall);
                }
                Err(error) if error.code == ErrorCode::Timeout && error.retry == Retry::Now => {}
                Err(error) => return Ok(Err(error)),
            }
            // Behind the last byte the printer's word may come: it is not for ears between chunks.
            if *sent == data.len() {
                break;
            }
            let going = self.between(*sent, started, reader, &mut patience);
            if let Err(error) = going.and_then(|()| patience.check(self.inbox)) {
                return Ok(Err(error));
            }
        }
        Ok(Ok(()))
    }

    /// Between two chunks: the pace is kept, and a printer that tells by itself is heard.
    fn between(
        &mut self,
        sent: usize,
        started: Instant,
        reader: &mut ReplyReader,
        patience: &mut Patience,
    ) -> Result<(), HwError> {
        self.inbox.tend();
        if let Some(bps) = self.profile.pace_bps {
            let due = Duration::from_micros(1_000_000 * sent as u64 / u64::from(bps.max(1)));
            self.inbox.pause(due.saturating_sub(started.elapsed()));
        }
        if self.profile.status == StatusBack::Asb {
            let mut buffer = [0; 64];
            let count = self.pipe.read(&mut buffer, GLANCE)?;
            if reader.push(&buffer[..count]).contains(&Reply::Condition) {
                self.heed(reader, patience);
            }
        }
        Ok(())
    }

    /// Paper, cover or cutter: a state, not a failure. The wait gets long; recovery makes it short again.
    fn heed(&mut self, reader: &ReplyReader, patience: &mut Patience) {
        let condition = reader.condition();
        self.inbox.condition(condition, DeviceState::Busy);
        match (condition.cause(), patience.is_blocked) {
            (Some(_), false) => patience.block(self.limits.blocked),
            (None, true) => patience.renew(self.limits.stall.max(self.limits.confirm)),
            _ => {}
        }
    }

    /// Behind the last byte: waits for the printer's word, if it gives one.
    fn behind(&mut self, data: &[u8], reader: &mut ReplyReader) -> Result<(), HwError> {
        let asks = self.profile.status == StatusBack::Eot;
        let expected = self.expected(data);
        if expected.is_none() && !asks {
            return Ok(());
        }
        let mut patience = Patience::new(self.limits.confirm);
        let mut asked: Option<Instant> = None;
        loop {
            let replies = listen(self.pipe, reader)?;
            if expected.is_some_and(|word| replies.contains(&word)) {
                return Ok(());
            }
            if replies.contains(&Reply::Condition) {
                self.heed(reader, &mut patience);
                let is_well = reader.all_answered() && reader.condition().cause().is_none();
                if expected.is_none() && is_well {
                    return Ok(());
                }
            }
            // A busy printer may answer late; it is not asked twice at once.
            if asks && asked.is_none_or(|at| at.elapsed() >= self.limits.probe) {
                reader.forget_questions();
                ask(self.pipe, reader)?;
                asked = Some(Instant::now());
            }
            self.inbox.tend();
            patience.check(self.inbox).map_err(unconfirmed)?;
        }
    }

    fn expected(&self, data: &[u8]) -> Option<Reply> {
        match self.profile.confirm {
            Confirm::None => None,
            Confirm::GsR => Some(Reply::Reached),
            // The number stands in the last four bytes that were sent.
            Confirm::ProcessId => data.last_chunk().map(|number| Reply::ReachedProcess(*number)),
        }
    }
}

fn unconfirmed(error: HwError) -> HwError {
    match error.ext {
        None => error.with(ErrorExt::NoConfirmation),
        Some(_) => error,
    }
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
    until: Instant,
    stopping: Option<Instant>,
    is_blocked: bool,
}

impl Patience {
    fn new(limit: Duration) -> Self {
        Self { until: Instant::now() + limit, stopping: None, is_blocked: false }
    }

    fn renew(&mut self, limit: Duration) {
        (self.until, self.is_blocked) = (Instant::now() + limit, false);
    }

    fn block(&mut self, limit: Duration) {
        (self.until, self.is_blocked) = (Instant::now() + limit, true);
    }

    fn check(&mut self, inbox: &Inbox) -> Result<(), HwError> {
        let now = Instant::now();
        if inbox.is_stopping() && now >= *self.stopping.get_or_insert(now + STOP_GRACE) {
            let error = HwError::timeout("closed while the printer did not answer");
            return Err(error.with(ErrorExt::Stopping));
        }
        match (now >= self.until, self.is_blocked) {
            (false, _) => Ok(()),
            (true, true) => {
                Err(HwError::timeout("nobody put the printer right in time").with(ErrorExt::Blocked))
            }
            (true, false) => Err(HwError::timeout("the printer takes no more bytes")),
        }
    }
}
