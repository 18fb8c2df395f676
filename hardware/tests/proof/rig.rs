//! A book of jobs, ears, and a printer in memory.
use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
        mpsc::{self, Receiver, Sender},
    },
    time::{Duration, Instant},
};

use hardware::{
    HwError,
    drawer::DrawerOutcome,
    escpos::profile::{PaperSize, Profile},
    queue::{EventSink, Job, JobId, JobState, JobStore, PrintQueue, QueueLimits, StoreError, TestReport},
    receipt::{
        doc::{Align, Block, Cell, Doc, Size},
        render::render,
    },
    registry::Printer,
    state::{Confirm, DeviceState, Health, StatusBack},
    transport::{Caps, Connector, Transport},
    r#virtual::talker::Talker,
};

pub use crate::device::Device;

pub const PATIENCE: Duration = Duration::from_secs(60);

/// One stored job.
#[derive(Clone)]
pub struct Entry {
    pub job: Job,
    pub state: JobState,
    pub sent: usize,
    pub attempts: u32,
    pub why: Option<HwError>,
}

/// The jobs as a ledger keeps them; `dead` is a program that was killed: nothing of it is kept any more.
#[derive(Clone, Default)]
pub struct Book {
    pub entries: Arc<Mutex<Vec<Entry>>>,
    pub dead: Arc<AtomicBool>,
}

impl Book {
    pub fn holding(doc: Doc) -> Self {
        let book = Self::default();
        book.add("0001-0", doc);
        book
    }

    pub fn add(&self, name: &str, doc: Doc) {
        self.put(name, doc, false);
    }

    fn put(&self, name: &str, doc: Doc, after_break: bool) {
        let mut entries = self.entries.lock().unwrap();
        let id = JobId(entries.len().to_string());
        let job = Job { id, name: name.into(), doc, after_break };
        entries.push(Entry { job, state: JobState::Queued, sent: 0, attempts: 0, why: None });
    }

    pub fn entry(&self, at: usize) -> Entry {
        self.entries.lock().unwrap()[at].clone()
    }

    /// What a start makes of what was kept.
    pub fn restarted(&self) -> Self {
        let mut entries = self.entries.lock().unwrap().clone();
        for entry in &mut entries {
            entry.state = entry.state.after_restart(entry.sent);
        }
        Self { entries: Arc::new(Mutex::new(entries)), dead: Arc::default() }
    }

    /// The cashier's answer to an uncertain slip: a copy.
    pub fn reprint(&self, at: usize) {
        self.entries.lock().unwrap()[at].state = JobState::Cancelled;
        self.put("0001-1", copy(), true);
    }

    /// The cashier's word for a slip that was tried too often.
    pub fn release(&self) {
        self.entries.lock().unwrap().iter_mut().for_each(|entry| entry.attempts = 0);
    }

    fn with(&self, id: &JobId, change: impl FnOnce(&mut Entry)) {
        if self.dead.load(Ordering::SeqCst) {
            return;
        }
        let mut entries = self.entries.lock().unwrap();
        change(entries.iter_mut().find(|entry| entry.job.id == *id).unwrap());
    }
}

impl JobStore for Book {
    fn next(&mut self) -> Result<Option<Job>, StoreError> {
        if self.dead.load(Ordering::SeqCst) {
            return Ok(None);
        }
        let entries = self.entries.lock().unwrap();
        let next = entries.iter().find(|entry| entry.state == JobState::Queued && entry.attempts < 3);
        Ok(next.map(|entry| entry.job.clone()))
    }

    fn begin(&mut self, id: &JobId, _sha: &[u8; 32], _total: usize) -> Result<(), StoreError> {
        self.with(id, |entry| {
            (entry.state, entry.sent) = (JobState::Sending, 0);
            entry.attempts += 1;
        });
        Ok(())
    }

    fn progress(&mut self, id: &JobId, sent: usize) -> Result<(), StoreError> {
        self.with(id, |entry| entry.sent = sent);
        Ok(())
    }

    fn finish(&mut self, id: &JobId, state: JobState, why: Option<&HwError>) -> Result<(), StoreError> {
        self.with(id, |entry| (entry.state, entry.why) = (state, why.cloned()));
        Ok(())
    }
}

pub enum Event {
    Health(Health),
    Job(JobState),
    Drawer(DrawerOutcome),
    Tested(TestReport),
}

pub struct Ear(pub Sender<Event>);

impl EventSink for Ear {
    fn health(&mut self, health: &Health) {
        self.0.send(Event::Health(health.clone())).ok();
    }

    fn job(&mut self, _id: &JobId, state: JobState, _why: Option<&HwError>) {
        self.0.send(Event::Job(state)).ok();
    }

    fn drawer(&mut self, _id: &str, outcome: &DrawerOutcome) {
        self.0.send(Event::Drawer(outcome.clone())).ok();
    }

    fn tested(&mut self, report: &TestReport) {
        self.0.send(Event::Tested(report.clone())).ok();
    }

    fn store_failed(&mut self, error: &StoreError) {
        panic!("{error}");
    }
}

/// A running queue and what it tells.
pub struct Rig {
    pub queue: PrintQueue,
    pub events: Receiver<Event>,
}

/// Short patience, so that a thousand broken runs take seconds.
pub fn limits() -> QueueLimits {
    QueueLimits {
        stall: Duration::from_millis(60),
        confirm: Duration::from_millis(120),
        blocked: PATIENCE,
        status: Duration::from_millis(120),
        probe: Duration::from_millis(40),
        ..QueueLimits::default()
    }
}

/// Patient enough for a person with a roll of paper, and for a loaded machine.
pub fn patient() -> QueueLimits {
    QueueLimits { stall: PATIENCE, confirm: PATIENCE, blocked: PATIENCE, status: PATIENCE, ..limits() }
}

pub fn profile(confirm: Confirm, status: StatusBack) -> Profile {
    Profile { confirm, status, ..Profile::of(PaperSize::Mm58) }
}

pub fn start(connector: impl Connector + 'static, profile: Profile, limits: QueueLimits, book: &Book) -> Rig {
    start_printer(Printer { connector: Box::new(connector), profile }, limits, book)
}

pub fn start_printer(printer: Printer, limits: QueueLimits, book: &Book) -> Rig {
    let (ear, events) = mpsc::channel();
    let clock = Box::new(|| 0_i64);
    let queue = PrintQueue::start(printer, Box::new(book.clone()), Box::new(Ear(ear)), clock, limits);
    Rig { queue, events }
}

/// Looks until it holds; a loaded machine gets its time.
pub fn eventually(what: &str, holds: impl Fn() -> bool) {
    let (deadline, (_never, nobody)) = (Instant::now() + PATIENCE, mpsc::channel::<()>());
    while !holds() {
        assert!(Instant::now() < deadline, "{what} did not come");
        nobody.recv_timeout(Duration::from_millis(2)).ok();
    }
}

impl Rig {
    pub fn wait_for<T>(&self, wanted: impl Fn(&Event) -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let event = self.events.recv_timeout(left).expect("the event comes in time");
            if let Some(found) = wanted(&event) {
                return found;
            }
        }
    }

    /// The state in which a job stays.
    pub fn settled(&self) -> JobState {
        self.wait_for(|event| match event {
            Event::Job(state) if !matches!(state, JobState::Sending | JobState::Queued) => Some(*state),
            _ => None,
        })
    }

    pub fn health(&self, state: DeviceState) -> Health {
        self.wait_for(|event| match event {
            Event::Health(health) if health.state == state => Some(health.clone()),
            _ => None,
        })
    }

    pub fn drawer(&self) -> DrawerOutcome {
        self.wait_for(|event| match event {
            Event::Drawer(outcome) => Some(outcome.clone()),
            _ => None,
        })
    }
}

/// Goods, sums, a bold line: some 300 bytes.
pub fn slip() -> Doc {
    let mut doc = Doc::new();
    doc.extend([Block::title("算盘便利"), Block::Rule]);
    for (name, amount) in [("农夫山泉 550ml", "4.00"), ("红富士苹果", "9.02"), ("洁柔 抽纸", "14.90")]
    {
        doc.extend([Block::text(name), Block::row(vec![Cell::rest("  x 1"), Cell::right(amount, 11)])]);
    }
    doc.extend([Block::total("应收", "¥27.92"), Block::Feed { lines: 3 }, Block::Cut]);
    doc
}

/// The slip under a line that says that it is a copy.
pub fn copy() -> Doc {
    let mut doc = Doc::new();
    let mark = "*** 补打 第1次 11-22 14:20 ***".into();
    doc.push(Block::Text { text: mark, align: Align::Centre, size: Size::Normal, bold: true });
    doc.extend(slip().lines);
    doc
}

/// What is on the paper, cut into the slips that were begun on it (`ESC @`).
pub fn slips(paper: &[u8]) -> Vec<Vec<u8>> {
    let starts: Vec<usize> =
        paper.windows(4).enumerate().filter(|(_, four)| *four == b"\x1b@\x1c&").map(|(at, _)| at).collect();
    let ends = starts.iter().skip(1).copied().chain([paper.len()]);
    starts.iter().zip(ends).map(|(start, end)| paper[*start..end].to_vec()).collect()
}

pub fn bytes(doc: &Doc, profile: &Profile) -> Vec<u8> {
    render(doc, profile)
}

/// A printer in memory; its paper and its buffer outlive every connection.
#[derive(Clone, Default)]
pub struct Memory {
    pub talker: Arc<Mutex<Talker>>,
    /// Every byte that arrived.
    pub received: Arc<Mutex<Vec<u8>>>,
}

impl Memory {
    pub fn arrived(&self) -> Vec<u8> {
        self.received.lock().unwrap().clone()
    }
}

impl Connector for Memory {
    fn open(&self, _limit: Duration) -> Result<Box<dyn Transport>, HwError> {
        Ok(Box::new(self.clone()))
    }
}

impl Transport for Memory {
    fn write(&mut self, data: &[u8], _limit: Duration) -> Result<usize, HwError> {
        self.talker.lock().unwrap().push(data);
        self.received.lock().unwrap().extend_from_slice(data);
        Ok(data.len())
    }

    fn read(&mut self, buffer: &mut [u8], limit: Duration) -> Result<usize, HwError> {
        let count = self.talker.lock().unwrap().answer(buffer);
        if count == 0 {
            let (_never, nobody) = mpsc::channel::<()>();
            nobody.recv_timeout(limit.min(Duration::from_millis(5))).ok();
        }
        Ok(count)
    }

    fn caps(&self) -> Caps {
        Caps { two_way: true, max_chunk: 64 }
    }
}
