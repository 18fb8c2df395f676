//! The printing thread over the ledger's own queue, and the drawer.

use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hardware::drawer::{DRAWER_LIFE, DrawerJob, DrawerOutcome};
use hardware::error::HwError;
use hardware::escpos::profile::Profile;
use hardware::queue::{
    EventSink, Job, JobId as Name, JobState as State, JobStore, PrintQueue, QueueLimits, SelfTest,
    StoreError as QueueError, TestReport,
};
use hardware::receipt::doc::Doc;
use hardware::receipt::render::{render, unprintable};
use hardware::registry::Printer;
use hardware::state::Health;
use hardware::r#virtual::interpret;
use hardware::{DeviceUri, registry};
use ledger::store::print_jobs::{self, JobId, JobKind, JobState};
use ledger::store::{Ledger, StoreError, Tx};

use super::notice::Notice;
use crate::clock::Clock;
use crate::device_view;
use crate::paper_view;
use crate::pictures;
use crate::press::Press;
use crate::refusal::Refusal;
use crate::status::fresh_from;

/// The printer of this till, or none; it can be changed while the till runs.
pub struct PrintRoom {
    ledger: Ledger,
    clock: Arc<dyn Clock>,
    notices: Sender<Notice>,
    now: Mutex<Now>,
}

/// The printer at this moment.
struct Now {
    uri: DeviceUri,
    /// None without a printer; emptied at the end.
    queue: Option<PrintQueue>,
    exists: bool,
    profile: Profile,
}

impl PrintRoom {
    /// Starts the thread that owns the printer. What a former run left half sent is settled first.
    ///
    /// # Errors
    /// The address is none of a printer, or the ledger cannot be written.
    pub fn open(
        uri: &DeviceUri,
        ledger: &Ledger,
        clock: &Arc<dyn Clock>,
        notices: &Sender<Notice>,
    ) -> Result<Self, Refusal> {
        settle(ledger, clock).map_err(|e| Refusal::new(format!("打印任务读不出来:{e}")))?;
        let none = Now { uri: DeviceUri::None, queue: None, exists: false, profile: Profile::default() };
        let room = PrintRoom {
            ledger: ledger.clone(),
            clock: Arc::clone(clock),
            notices: notices.clone(),
            now: Mutex::new(none),
        };
        room.change(uri).map_err(|e| Refusal::new(format!("--printer {uri}:{e}")))?;
        Ok(room)
    }

    /// Another printer from now on. A slip under way gets its second to end; what waits goes to the new one.
    ///
    /// # Errors
    /// The address is none of a printer; the old one stays.
    pub fn change(&self, uri: &DeviceUri) -> Result<(), HwError> {
        if self.now().uri == *uri {
            return Ok(());
        }
        let printer = registry::printer(uri)?;
        // Not while holding the lock: a printer that hangs takes two seconds to let go.
        let former = self.now().queue.take();
        end(former);
        let profile = printer.as_ref().map_or_else(Profile::default, |printer| printer.profile);
        let exists = printer.is_some();
        let queue = printer.map(|printer| self.start(printer));
        *self.now() = Now { uri: uri.clone(), queue, exists, profile };
        Ok(())
    }

    /// Prints a test page. Returns at once.
    pub fn test(&self, test: SelfTest) {
        if let Some(queue) = self.now().queue.as_ref() {
            queue.test(test);
        }
    }

    fn now(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, say: impl FnOnce(&PrintQueue)) {
        if let Some(queue) = self.now().queue.as_ref() {
            say(queue);
        }
    }

    fn start(&self, printer: Printer) -> PrintQueue {
        let jobs = Jobs {
            ledger: self.ledger.clone(),
            clock: Arc::clone(&self.clock),
            profile: printer.profile,
            notices: self.notices.clone(),
            told: None,
        };
        let ear = Ear { jobs: jobs.clone(), notices: self.notices.clone() };
        let time = Arc::clone(&self.clock);
        let clock = Box::new(move || time.now().millis());
        PrintQueue::start(printer, Box::new(jobs), Box::new(ear), clock, QueueLimits::default())
    }
}

fn end(queue: Option<PrintQueue>) {
    if queue.is_some_and(|queue| !queue.stop()) {
        tracing::warn!("the printer holds its thread; it is left behind");
    }
}

impl Press for Arc<PrintRoom> {
    fn wake(&self) {
        self.tell(PrintQueue::submit);
    }

    fn open_drawer(&self, job: JobId) {
        self.tell(|queue| queue.kick(DrawerJob::new(job.0.to_string(), DRAWER_LIFE)));
    }

    fn columns(&self) -> usize {
        self.now().profile.columns
    }

    fn is_virtual(&self) -> bool {
        matches!(self.now().uri, DeviceUri::Virtual { .. })
    }

    fn place(&self) -> String {
        device_view::place(&self.now().uri)
    }

    fn exists(&self) -> bool {
        self.now().exists
    }

    fn stop(&self) {
        let queue = self.now().queue.take();
        end(queue);
    }

    fn draw(&self, doc: &Doc) -> Vec<u8> {
        let profile = self.now().profile;
        interpret(&render(doc, &profile), profile.columns).to_png()
    }
}

/// Half-sent slips wait for a person; a drawer of a former run must not open now.
fn settle(ledger: &Ledger, clock: &Arc<dyn Clock>) -> Result<(), StoreError> {
    let now = clock.now();
    ledger.write(|tx| {
        print_jobs::recover_at_start(tx, now)?;
        for job in print_jobs::queued(tx)?.into_iter().filter(|job| job.kind == JobKind::Drawer) {
            print_jobs::finish(tx, job.id, JobState::Expired, None, now)?;
        }
        Ok(())
    })
}

/// The ledger's queue as the printing thread asks for it.
#[derive(Clone)]
struct Jobs {
    ledger: Ledger,
    clock: Arc<dyn Clock>,
    profile: Profile,
    notices: Sender<Notice>,
    /// The slip whose missing characters were told of last: it may be asked for again and again.
    told: Option<JobId>,
}

impl Jobs {
    fn write<T>(&self, work: impl FnOnce(&Tx<'_>) -> Result<T, StoreError>) -> Result<T, QueueError> {
        self.ledger.write(work).map_err(failed)
    }

    /// A slip that may have ended inside a command, and nobody has looked at yet.
    fn is_broken(&self) -> Result<bool, QueueError> {
        Ok(!self.ledger.read(print_jobs::uncertain).map_err(failed)?.is_empty())
    }

    /// Characters that come out as `〓`, by their numbers: the name that has them stays out of the log.
    fn tell_missing(&mut self, job: JobId, doc: &Doc) {
        if self.told.replace(job) == Some(job) {
            return;
        }
        let missing: Vec<String> = unprintable(doc, &self.profile)
            .iter()
            .map(|unit| format!("U+{:04X}", u32::from(*unit)))
            .collect();
        if !missing.is_empty() {
            tracing::warn!(characters = missing.join(" "), "no font has these characters");
            // Nobody listens only while the till is being stopped.
            let _ = self.notices.send(Notice::SignsMissing(missing.len()));
        }
    }
}

impl JobStore for Jobs {
    fn next(&mut self) -> Result<Option<Job>, QueueError> {
        let fresh = fresh_from(self.clock.now());
        while let Some(job) = self.ledger.read(|r| print_jobs::next(r, fresh)).map_err(failed)? {
            match paper_view::read(&job.doc) {
                Ok(doc) => {
                    let doc = self.ledger.read(|r| pictures::fetch(r, doc)).map_err(failed)?;
                    self.tell_missing(job.id, &doc);
                    let after_break = job.kind == JobKind::Copy || self.is_broken()?;
                    return Ok(Some(Job {
                        id: Name(job.id.0.to_string()),
                        name: job.name,
                        doc,
                        after_break,
                    }));
                }
                // It can never be printed; the slips behind it can.
                Err(error) => {
                    tracing::error!(%error, job = job.id.0, "a slip cannot be read");
                    let (why, now) = (error.to_string(), self.clock.now());
                    self.write(|tx| print_jobs::finish(tx, job.id, JobState::Failed, Some(&why), now))?;
                }
            }
        }
        Ok(None)
    }

    fn begin(&mut self, id: &Name, sha: &[u8; 32], total: usize) -> Result<(), QueueError> {
        let (id, total) = (number(id)?, u64::try_from(total).unwrap_or(u64::MAX));
        self.write(|tx| print_jobs::begin(tx, id, sha, total))
    }

    fn progress(&mut self, id: &Name, sent: usize) -> Result<(), QueueError> {
        let (id, sent) = (number(id)?, u64::try_from(sent).unwrap_or(u64::MAX));
        self.write(|tx| print_jobs::progress(tx, id, sent))
    }

    fn finish(&mut self, id: &Name, state: State, why: Option<&HwError>) -> Result<(), QueueError> {
        let (id, now) = (number(id)?, self.clock.now());
        let state = JobState::from_name(state.name()).unwrap_or(JobState::Uncertain);
        let why = why.map(ToString::to_string);
        self.write(|tx| print_jobs::finish(tx, id, state, why.as_deref(), now))
    }
}

fn number(id: &Name) -> Result<JobId, QueueError> {
    id.0.parse().map(JobId).map_err(|_| QueueError(format!("{} is no job of this ledger", id.0)))
}

fn failed(error: StoreError) -> QueueError {
    QueueError(error.to_string())
}

/// Hands on what the printing thread tells.
struct Ear {
    jobs: Jobs,
    notices: Sender<Notice>,
}

impl Ear {
    fn say(&self, notice: Notice) {
        // Nobody listens only while the till is being stopped.
        let _ = self.notices.send(notice);
    }
}

impl EventSink for Ear {
    fn health(&mut self, health: &Health) {
        self.say(Notice::Printer(health.clone()));
    }

    fn job(&mut self, id: &Name, state: State, _: Option<&HwError>) {
        match state {
            State::Confirmed | State::SentUnconfirmed => {
                if let Ok(id) = number(id) {
                    self.say(Notice::Printed(id));
                }
            }
            State::Uncertain | State::Failed => self.say(Notice::Doubtful),
            State::Queued | State::Sending | State::Cancelled => {}
        }
    }

    fn drawer(&mut self, id: &str, outcome: &DrawerOutcome) {
        let state = match outcome {
            DrawerOutcome::Sent => JobState::SentUnconfirmed,
            DrawerOutcome::Expired { .. } => JobState::Expired,
            DrawerOutcome::Uncertain { .. } => JobState::Failed,
        };
        let now = self.jobs.clock.now();
        let kept = number(&Name(id.to_owned()))
            .and_then(|id| self.jobs.write(|tx| print_jobs::finish(tx, id, state, None, now)));
        if let Err(error) = kept {
            tracing::warn!(%error, "a drawer's outcome was not kept");
        }
        if state != JobState::SentUnconfirmed {
            self.say(Notice::DrawerShut);
        }
    }

    fn tested(&mut self, report: &TestReport) {
        self.say(Notice::Tested(report.clone()));
    }

    fn store_failed(&mut self, error: &QueueError) {
        tracing::error!(%error, "printing waits for the ledger");
    }
}
