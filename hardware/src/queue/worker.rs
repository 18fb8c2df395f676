//! The thread that owns the printer.
use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{self, Receiver, Sender},
    },
    thread,
    time::{Duration, Instant},
};

use super::{
    drawer_watch::DrawerWatch,
    inbox::{Inbox, Message},
    job::{EventSink, Job, JobState, JobStore, StoreError},
    limits::{QueueLimits, SLICE},
    ready,
    refusals::Refusals,
    report::{SelfTest, TestReport},
    send::{Sending, pulse, with_barrier},
};
use crate::{
    drawer::{DrawerJob, DrawerOutcome},
    error::{ErrorCode, HwError, Retry},
    escpos::bytes,
    health::HealthWatch,
    receipt::render::render,
    registry::Printer,
    state::{Clock, DeviceState, Health, StatusBack},
    transport::Transport,
};

/// Longest wait for a connection.
const OPEN_LIMIT: Duration = Duration::from_millis(1500);
/// Pauses between attempts to reach an absent printer: from this, doubling ...
const FIRST_PAUSE: Duration = Duration::from_millis(200);
/// ... to this.
const LAST_PAUSE: Duration = Duration::from_secs(5);
/// How often an idle printer is looked for in its socket.
const POLL: Duration = Duration::from_secs(2);
/// How long [`PrintQueue::stop`] waits for the thread.
const STOP_LIMIT: Duration = Duration::from_millis(1900);

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
        let health = Health::opening(clock.now_ms(), printer.profile.confirm);
        let inbox_of_worker = Inbox {
            messages,
            stop: Arc::clone(&stop),
            events,
            clock,
            watch: HealthWatch::new(health, Instant::now()),
            kicks: VecDeque::new(),
            tests: VecDeque::new(),
            hung_up: false,
        };
        let mut worker = Worker {
            printer,
            store,
            inbox: inbox_of_worker,
            limits,
            pause: FIRST_PAUSE,
            was_gone: false,
            after_break: false,
            refusals: Refusals::default(),
            drawer: DrawerWatch::default(),
        };
        thread::spawn(move || {
            worker.run();
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

    /// Prints a test page and finds out what the printer answers. Returns at once; the outcome is an event.
    pub fn test(&self, test: SelfTest) {
        self.tell(Message::Test(test));
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
    inbox: Inbox,
    limits: QueueLimits,
    pause: Duration,
    /// It was seen to be unplugged: coming back is worth an attempt at once.
    was_gone: bool,
    /// The last slip broke off: the printer may still wait for the rest of a command.
    after_break: bool,
    refusals: Refusals,
    drawer: DrawerWatch,
}

/// What the thread does after one round.
enum Next {
    /// Look for more work at once.
    Go,
    /// Nothing to do until somebody calls.
    Idle,
    /// The printer or the store is not ready: wait a little.
    Pause,
    /// Look again after so long.
    Later(Duration),
}

impl Worker {
    fn run(&mut self) {
        self.inbox.tend();
        self.open(OPEN_LIMIT).ok();
        loop {
            self.inbox.tend();
            if self.inbox.is_stopping() {
                return;
            }
            match self.round() {
                Next::Go => {}
                Next::Idle => {
                    let can_be_seen = self.printer.connector.present().is_some();
                    self.inbox.sleep(can_be_seen.then_some(POLL));
                }
                Next::Pause => {
                    let pause = self.next_pause();
                    self.inbox.sleep(Some(pause));
                }
                Next::Later(wait) => self.inbox.sleep(Some(wait)),
            }
        }
    }

    /// Twice as long each time, and never quite the same, so that two tills do not meet at one printer again
    /// and again; a waiting drawer is tried often, its life is short. A printer that can be seen is looked
    /// for more often than it is spoken to.
    fn next_pause(&mut self) -> Duration {
        let spread = 192 + u32::try_from(self.inbox.clock.now_ms() & 63).unwrap_or(0);
        let pause = self.pause * spread / 256;
        self.pause = (self.pause * 2).min(LAST_PAUSE);
        if !self.inbox.kicks.is_empty() {
            return FIRST_PAUSE;
        }
        if self.was_gone { pause.min(POLL) } else { pause }
    }

    fn round(&mut self) -> Next {
        if let Some(kick) = self.inbox.kicks.pop_front() {
            return self.drawer(kick);
        }
        if let Some(test) = self.inbox.tests.pop_front() {
            return self.test(test);
        }
        let step = match self.store.next() {
            Ok(None) => return self.idle(),
            Ok(Some(job)) => self.print(&job),
            Err(error) => Err(error),
        };
        step.unwrap_or_else(|error| {
            self.inbox.events.store_failed(&error);
            Next::Pause
        })
    }

    /// An absent printer is looked for even without work, so that the status bar tells the truth.
    fn idle(&mut self) -> Next {
        let is_ready = self.inbox.watch.health().state == DeviceState::Ready;
        if is_ready && self.drawer.is_watching() {
            return self.look_at_drawer();
        }
        if is_ready && self.printer.connector.present() != Some(false) {
            return Next::Idle;
        }
        match self.open(OPEN_LIMIT).and_then(|mut pipe| self.is_ready(&mut *pipe)) {
            Ok(true) => {
                self.pause = FIRST_PAUSE;
                Next::Go
            }
            Ok(false) | Err(_) => Next::Pause,
        }
    }

    /// Asks a printer that answers; a blocked one keeps its jobs waiting.
    fn is_ready(&mut self, pipe: &mut dyn Transport) -> Result<bool, HwError> {
        if self.printer.profile.status != StatusBack::Eot {
            self.inbox.turn(DeviceState::Ready, None);
            return Ok(true);
        }
        let told = ready::condition(pipe, &mut self.inbox, &self.limits);
        let condition =
            told.inspect_err(|error| self.inbox.turn(DeviceState::Absent, Some(error.clone())))?;
        self.inbox.condition(&condition, DeviceState::Ready);
        Ok(condition.cause().is_none())
    }

    fn print(&mut self, job: &Job) -> Result<Next, StoreError> {
        let profile = self.printer.profile;
        let broken = job.after_break || self.after_break;
        let mut data = if broken { bytes::resync().to_vec() } else { Vec::new() };
        data.extend(render(&job.doc, &profile));
        let data = with_barrier(data, profile.confirm);
        // A job stays `queued` while the printer cannot be reached or is not ready.
        let Ok(mut pipe) = self.open(OPEN_LIMIT) else { return Ok(Next::Pause) };
        if profile.status == StatusBack::Eot && !self.is_ready(&mut *pipe).unwrap_or(false) {
            return Ok(Next::Pause);
        }
        self.store.begin(&job.id, blake3::hash(&data).as_bytes(), data.len())?;
        self.inbox.events.job(&job.id, JobState::Sending, None);
        self.inbox.turn(DeviceState::Busy, None);
        let mut sending = Sending {
            pipe: &mut *pipe,
            store: &mut *self.store,
            inbox: &mut self.inbox,
            limits: &self.limits,
            profile: &profile,
        };
        let outcome = sending.job(job, &data);
        let (state, why) = outcome.inspect_err(|_| self.inbox.turn(DeviceState::Ready, None))?;
        self.after_break = state == JobState::Uncertain;
        self.store.finish(&job.id, state, why.as_ref())?;
        self.inbox.events.job(&job.id, state, why.as_ref());
        Ok(self.after(why))
    }

    fn after(&mut self, why: Option<HwError>) -> Next {
        match why {
            None => {
                self.pause = FIRST_PAUSE;
                self.inbox.turn(DeviceState::Ready, None);
                Next::Go
            }
            Some(error) => {
                self.inbox.turn(DeviceState::Absent, Some(error));
                Next::Pause
            }
        }
    }

    fn drawer(&mut self, job: DrawerJob) -> Next {
        if job.left().is_zero() {
            let why = self.inbox.watch.health().last_error.clone();
            self.inbox.events.drawer(&job.id, &DrawerOutcome::Expired { why });
            return Next::Go;
        }
        let sent = match self.open(job.left().min(OPEN_LIMIT)) {
            Ok(mut pipe) => self.kick(&mut *pipe, &job),
            Err(error) => Err(HwError { retry: Retry::Now, ..error }),
        };
        match sent {
            Ok(()) => {
                self.inbox.events.drawer(&job.id, &DrawerOutcome::Sent);
                if self.printer.profile.can_see_drawer() {
                    self.drawer.opened(Instant::now());
                }
                Next::Go
            }
            Err(why) if why.retry == Retry::Never => {
                self.inbox.events.drawer(&job.id, &DrawerOutcome::Uncertain { why });
                Next::Go
            }
            Err(_) => {
                self.inbox.kicks.push_front(job);
                Next::Pause
            }
        }
    }

    /// A printer that waits for paper would keep the pulse and obey it when the paper is in: it gets none.
    fn kick(&mut self, pipe: &mut dyn Transport, job: &DrawerJob) -> Result<(), HwError> {
        if !pipe.is_prompt() {
            return Err(HwError::new(ErrorCode::Offline, Retry::Now, "a spooler may keep the pulse"));
        }
        if self.printer.profile.status == StatusBack::Eot && !self.is_ready(pipe)? {
            return Err(HwError::new(ErrorCode::Offline, Retry::Now, "the printer waits for a hand"));
        }
        pulse(pipe, job.deadline)
    }

    /// Asks for the sensor of a drawer that was opened, until it is shut.
    fn look_at_drawer(&mut self) -> Next {
        let look = self.limits.drawer_look;
        let opened = self.open(OPEN_LIMIT).and_then(|mut pipe| {
            let condition = ready::condition(&mut *pipe, &mut self.inbox, &self.limits)?;
            pipe.end_job("drawer", SLICE)?;
            Ok(condition)
        });
        let Ok(condition) = opened else { return Next::Later(look) };
        let is_open = self.printer.profile.drawer_open_high == Some(condition.drawer_pin_high);
        let left_open = self.drawer.saw(is_open, Instant::now(), self.limits.drawer_open);
        self.inbox.condition(&condition, DeviceState::Ready);
        self.inbox.drawer_left_open(left_open);
        if self.drawer.is_watching() { Next::Later(look) } else { Next::Go }
    }

    fn test(&mut self, test: SelfTest) -> Next {
        let report = match self.open(OPEN_LIMIT) {
            Ok(mut pipe) => test.run(&mut *pipe, &mut self.inbox),
            Err(error) => TestReport { error: Some(error), ..TestReport::default() },
        };
        self.inbox.events.tested(&report);
        self.after(report.error)
    }

    fn open(&mut self, limit: Duration) -> Result<Box<dyn Transport>, HwError> {
        let is_there = self.printer.connector.present();
        if is_there == Some(false) {
            self.was_gone = true;
            let gone = HwError::new(ErrorCode::NoExist, Retry::Now, "the device is not plugged in");
            self.inbox.turn(DeviceState::Absent, Some(gone.clone()));
            return Err(gone);
        }
        if std::mem::take(&mut self.was_gone) {
            self.pause = FIRST_PAUSE;
        }
        let pipe = self.printer.connector.open(limit).map_err(|error| {
            let error = self.refusals.name(error, Instant::now(), self.limits.occupied);
            self.inbox.failed(&error);
            error
        })?;
        self.refusals.over();
        if self.inbox.watch.health().state != DeviceState::Blocked {
            self.inbox.turn(DeviceState::Ready, None);
        }
        Ok(pipe)
    }
}
