//! The printing thread over the ledger's own queue, and the drawer.

use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};

use hardware::drawer::{DRAWER_LIFE, DrawerJob, DrawerOutcome};
use hardware::error::HwError;
use hardware::escpos::profile::Profile;
use hardware::queue::{
    EventSink, Job, JobId as Name, JobState as State, JobStore, PrintQueue, QueueLimits,
    StoreError as QueueError, TestReport,
};
use hardware::receipt::doc::Doc;
use hardware::receipt::render::render;
use hardware::registry::Printer;
use hardware::state::Health;
use hardware::r#virtual::interpret;
use hardware::{DeviceUri, registry};
use ledger::store::print_jobs::{self, JobId, JobKind, JobState};
use ledger::store::{Ledger, StoreError, Tx};

use super::notice::Notice;
use crate::clock::Clock;
use crate::paper_view;
use crate::press::Press;
use crate::refusal::Refusal;
use crate::status::fresh_from;

/// The printer of this till, or none.
pub struct PrintRoom {
    /// None without a printer; emptied at the end.
    queue: Mutex<Option<PrintQueue>>,
    exists: bool,
    profile: Profile,
    is_virtual: bool,
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
        let printer = registry::printer(uri).map_err(|e| Refusal::new(format!("--printer {uri}:{e}")))?;
        let profile = printer.as_ref().map_or_else(Profile::default, |printer| printer.profile);
        let exists = printer.is_some();
        let queue = Mutex::new(printer.map(|printer| start(printer, ledger, clock, notices)));
        Ok(PrintRoom { queue, exists, profile, is_virtual: matches!(uri, DeviceUri::Virtual { .. }) })
    }

    fn tell(&self, say: impl FnOnce(&PrintQueue)) {
        if let Some(queue) = self.queue.lock().unwrap_or_else(PoisonError::into_inner).as_ref() {
            say(queue);
        }
    }
}

impl Press for PrintRoom {
    fn wake(&self) {
        self.tell(PrintQueue::submit);
    }

    fn open_drawer(&self, job: JobId) {
        self.tell(|queue| queue.kick(DrawerJob::new(job.0.to_string(), DRAWER_LIFE)));
    }

    fn columns(&self) -> usize {
        self.profile.columns
    }

    fn is_virtual(&self) -> bool {
        self.is_virtual
    }

    fn exists(&self) -> bool {
        self.exists
    }

    fn stop(&self) {
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner).take();
        if queue.is_some_and(|queue| !queue.stop()) {
            tracing::warn!("the printer holds its thread; it is left behind");
        }
    }

    fn draw(&self, doc: &Doc) -> Vec<u8> {
        interpret(&render(doc, &self.profile), self.profile.columns).to_png()
    }
}

fn start(printer: Printer, ledger: &Ledger, clock: &Arc<dyn Clock>, notices: &Sender<Notice>) -> PrintQueue {
    let jobs = Jobs { ledger: ledger.clone(), clock: Arc::clone(clock) };
    let ear = Ear { jobs: jobs.clone(), notices: notices.clone() };
    let time = Arc::clone(clock);
    let clock = Box::new(move || time.now().millis());
    PrintQueue::start(printer, Box::new(jobs), Box::new(ear), clock, QueueLimits::default())
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
}

impl Jobs {
    fn write<T>(&self, work: impl FnOnce(&Tx<'_>) -> Result<T, StoreError>) -> Result<T, QueueError> {
        self.ledger.write(work).map_err(failed)
    }
}

impl JobStore for Jobs {
    fn next(&mut self) -> Result<Option<Job>, QueueError> {
        let fresh = fresh_from(self.clock.now());
        let Some(job) = self.ledger.read(|r| print_jobs::next(r, fresh)).map_err(failed)? else {
            return Ok(None);
        };
        let doc = paper_view::read(&job.doc).map_err(failed)?;
        Ok(Some(Job { id: Name(job.id.0.to_string()), name: job.name, doc }))
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
        if state != JobState::SentUnconfirmed {
            self.say(Notice::DrawerShut);
        }
        let now = self.jobs.clock.now();
        let kept = number(&Name(id.to_owned()))
            .and_then(|id| self.jobs.write(|tx| print_jobs::finish(tx, id, state, None, now)));
        if let Err(error) = kept {
            tracing::warn!(%error, "a drawer's outcome was not kept");
        }
    }

    fn tested(&mut self, report: &TestReport) {
        tracing::info!(confirm = report.confirm.name(), status = report.status.name(), "test page");
    }

    fn store_failed(&mut self, error: &QueueError) {
        tracing::error!(%error, "printing waits for the ledger");
    }
}
