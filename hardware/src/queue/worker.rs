//! The thread that owns the printer.
use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{self, Receiver, RecvTimeoutError, Sender},
    },
    thread,
    time::Duration,
};

use super::{
    job::{EventSink, Job, JobState, JobStore, StoreError},
    limits::QueueLimits,
    send::{Sending, pulse, with_barrier},
};
use crate::{
    drawer::{DrawerJob, DrawerOutcome},
    error::{HwError, Retry},
    receipt::render::render,
    registry::Printer,
    state::{Clock, DeviceState, Health},
    transport::Transport,
};

/// Longest wait for a connection.
const OPEN_LIMIT: Duration = Duration::from_millis(1500);
/// Pauses between attempts to reach an absent printer: from this, doubling ...
const FIRST_PAUSE: Duration = Duration::from_millis(200);
/// ... to this.
const LAST_PAUSE: Duration = Duration::from_secs(5);
/// How long [`PrintQueue::stop`] waits for the thread.
const STOP_LIMIT: Duration = Duration::from_millis(1900);

enum Message {
    Wake,
    Kick(DrawerJob),
}

/// The handle of the print thread. Dropping it stops the thread.
pub struct PrintQueue {
    inbox: Option<Sender<Message>>,
    stop: Arc<AtomicBool>,
    ended: Receiver<()>,
}

impl PrintQueue {
    /// Starts the thread. It makes a first contact, then prints what the store holds.
    pub fn start(
        printer: Printer,
        store: Box<dyn JobStore>,
        events: Box<dyn EventSink>,
        clock: Box<dyn Clock>,
        limits: QueueLimits,
    ) -> Self {
        let (inbox, messages) = mpsc::channel();
        let (end, ended) = mpsc::channel();
        let stop = Arc::new(AtomicBool::new(false));
        let health = Health {
            state: DeviceState::Opening,
            since_ms: clock.now_ms(),
            last_ok_ms: None,
            last_error: None,
            confirm: printer.profile.confirm,
        };
        let flag = Arc::clone(&stop);
        let mut worker = Worker {
            printer,
            store,
            events,
            clock,
            limits,
            stop: flag,
            health,
            kicks: VecDeque::new(),
            pause: FIRST_PAUSE,
        };
        thread::spawn(move || {
            worker.run(&messages);
            // The handle may be gone already.
            end.send(()).ok();
        });
        Self { inbox: Some(inbox), stop, ended }
    }

    /// Says that the store holds a new job. Returns at once.
    pub fn submit(&self) {
        self.tell(Message::Wake);
    }

    /// Opens the drawer, before any waiting slip. Returns at once; the outcome is an event.
    pub fn kick(&self, job: DrawerJob) {
        self.tell(Message::Kick(job));
    }

    /// Stops the thread within 2 s; a job that does not get done in time stays for the store's
    /// restart rule. False: the device holds the thread, which is left behind.
    pub fn stop(mut self) -> bool {
        self.shut()
    }

    fn tell(&self, message: Message) {
        if let Some(inbox) = &self.inbox {
            // A thread that is gone has been stopped; there is nobody to tell.
            inbox.send(message).ok();
        }
    }

    fn shut(&mut self) -> bool {
        self.stop.store(true, Ordering::SeqCst);
        // Hanging up wakes the thread; a second call finds it ended.
        self.inbox.take().is_none() || self.ended.recv_timeout(STOP_LIMIT).is_ok()
    }
}

impl Drop for PrintQueue {
    fn drop(&mut self) {
        self.shut();
    }
}

struct Worker {
    printer: Printer,
    store: Box<dyn JobStore>,
    events: Box<dyn EventSink>,
    clock: Box<dyn Clock>,
    limits: QueueLimits,
    stop: Arc<AtomicBool>,
    health: Health,
    kicks: VecDeque<DrawerJob>,
    pause: Duration,
}

/// What the thread does after one round.
enum Next {
    /// Look for more work at once.
    Go,
    /// Nothing to do until somebody calls.
    Idle,
    /// The printer or the store is not ready: wait a little.
    Pause,
}

impl Worker {
    fn run(&mut self, messages: &Receiver<Message>) {
        self.events.health(&self.health);
        self.open(OPEN_LIMIT).ok();
        loop {
            messages.try_iter().for_each(|message| self.note(message));
            if self.stop.load(Ordering::SeqCst) {
                return;
            }
            let wait = match self.round() {
                Next::Go => continue,
                Next::Idle => None,
                Next::Pause => Some(self.next_pause()),
            };
            match wait.map_or_else(
                || messages.recv().map_err(|_| RecvTimeoutError::Disconnected),
                |pause| messages.recv_timeout(pause),
            ) {
                Ok(message) => self.note(message),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn note(&mut self, message: Message) {
        match message {
            Message::Wake => {}
            Message::Kick(job) => self.kicks.push_back(job),
        }
    }

    /// Twice as long each time; a waiting drawer is tried often, its life is short.
    fn next_pause(&mut self) -> Duration {
        let pause = self.pause;
        self.pause = (pause * 2).min(LAST_PAUSE);
        if self.kicks.is_empty() { pause } else { FIRST_PAUSE }
    }

    fn round(&mut self) -> Next {
        if let Some(kick) = self.kicks.pop_front() {
            return self.drawer(kick);
        }
        let step = match self.store.next() {
            Ok(None) => return self.idle(),
            Ok(Some(job)) => self.print(&job),
            Err(error) => Err(error),
        };
        step.unwrap_or_else(|error| {
            self.events.store_failed(&error);
            Next::Pause
        })
    }

    /// An absent printer is looked for even without work, so that the status bar tells the truth.
    fn idle(&mut self) -> Next {
        if self.health.state == DeviceState::Ready {
            return Next::Idle;
        }
        match self.open(OPEN_LIMIT) {
            Ok(_) => {
                self.pause = FIRST_PAUSE;
                Next::Go
            }
            Err(_) => Next::Pause,
        }
    }

    fn print(&mut self, job: &Job) -> Result<Next, StoreError> {
        let profile = self.printer.profile;
        let data = with_barrier(render(&job.doc, &profile), profile.confirm);
        // A job stays `queued` while the printer cannot be reached.
        let Ok(mut pipe) = self.open(OPEN_LIMIT) else { return Ok(Next::Pause) };
        self.store.begin(&job.id, blake3::hash(&data).as_bytes(), data.len())?;
        self.events.job(&job.id, JobState::Sending, None);
        self.turn(DeviceState::Busy, None);
        let (stop, limits) = (&*self.stop, &self.limits);
        let mut sending =
            Sending { pipe: &mut *pipe, store: &mut *self.store, stop, limits, confirm: profile.confirm };
        let (state, why) = sending.job(job, &data).inspect_err(|_| self.turn_ready())?;
        self.store.finish(&job.id, state, why.as_ref())?;
        self.events.job(&job.id, state, why.as_ref());
        Ok(self.after(why))
    }

    fn turn_ready(&mut self) {
        self.turn(DeviceState::Ready, None);
    }

    fn after(&mut self, why: Option<HwError>) -> Next {
        match why {
            None => {
                self.pause = FIRST_PAUSE;
                self.turn_ready();
                Next::Go
            }
            Some(error) => {
                self.turn(DeviceState::Absent, Some(error));
                Next::Pause
            }
        }
    }

    fn drawer(&mut self, job: DrawerJob) -> Next {
        if job.left().is_zero() {
            let why = self.health.last_error.clone();
            self.events.drawer(&job.id, &DrawerOutcome::Expired { why });
            return Next::Go;
        }
        let sent = match self.open(job.left().min(OPEN_LIMIT)) {
            Ok(mut pipe) => pulse(&mut *pipe, job.deadline),
            Err(error) => Err(HwError { retry: Retry::Now, ..error }),
        };
        match sent {
            Ok(()) => {
                self.events.drawer(&job.id, &DrawerOutcome::Sent);
                Next::Go
            }
            Err(why) if why.retry == Retry::Never => {
                self.events.drawer(&job.id, &DrawerOutcome::Uncertain { why });
                Next::Go
            }
            Err(_) => {
                self.kicks.push_front(job);
                Next::Pause
            }
        }
    }

    fn open(&mut self, limit: Duration) -> Result<Box<dyn Transport>, HwError> {
        match self.printer.connector.open(limit) {
            Ok(pipe) => {
                self.turn_ready();
                Ok(pipe)
            }
            Err(error) => {
                let state = match error.retry {
                    Retry::Now => DeviceState::Absent,
                    Retry::AfterUser | Retry::Never => DeviceState::Failed,
                };
                self.turn(state, Some(error.clone()));
                Err(error)
            }
        }
    }

    /// Notes the state; tells it only if it changed.
    fn turn(&mut self, state: DeviceState, why: Option<HwError>) {
        let now = self.clock.now_ms();
        if state == DeviceState::Ready {
            self.health.last_ok_ms = Some(now);
        }
        let kind = |error: &Option<HwError>| error.as_ref().map(|error| (error.code, error.ext));
        let same = self.health.state == state && kind(&self.health.last_error) == kind(&why);
        if same {
            return;
        }
        if self.health.state != state {
            self.health.since_ms = now;
        }
        self.health.state = state;
        self.health.last_error = why;
        self.events.health(&self.health);
    }
}
