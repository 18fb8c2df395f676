//! The print queue against broken printers: nothing that may have begun is sent again.
use std::{
    io::Read,
    net::TcpListener,
    sync::{
        Arc, Mutex,
        mpsc::{self, Receiver, Sender},
    },
    thread,
    time::{Duration, Instant},
};

use hardware::{
    DeviceUri, HwError,
    drawer::{DrawerJob, DrawerOutcome},
    escpos::{
        bytes::drawer_kick,
        profile::{PaperSize, Profile},
    },
    queue::{EventSink, Job, JobId, JobState, JobStore, PrintQueue, QueueLimits, StoreError, TestReport},
    receipt::{
        doc::{Block, Doc},
        render::render,
    },
    registry::{self, Printer},
    state::{Confirm, DeviceState, Health},
    transport::{
        Connector,
        fault::{FaultPlan, Faulty},
        mem::MemConnector,
    },
};

const PATIENCE: Duration = Duration::from_secs(10);

/// One stored job and what became of it.
#[derive(Clone, Default)]
struct Store(Arc<Mutex<Stored>>);

#[derive(Default)]
struct Stored {
    queued: Vec<Job>,
    state: Option<JobState>,
    sent: usize,
    attempts: usize,
}

impl Store {
    fn holding(doc: Doc) -> Self {
        let store = Self::default();
        store.0.lock().unwrap().queued.push(Job {
            id: JobId("1".into()),
            name: "0001-1".into(),
            doc,
            after_break: false,
        });
        store
    }
}

impl JobStore for Store {
    fn next(&mut self) -> Result<Option<Job>, StoreError> {
        Ok(self.0.lock().unwrap().queued.first().cloned())
    }

    fn begin(&mut self, _id: &JobId, _sha: &[u8; 32], _total: usize) -> Result<(), StoreError> {
        let mut stored = self.0.lock().unwrap();
        stored.attempts += 1;
        stored.sent = 0;
        stored.state = Some(JobState::Sending);
        Ok(())
    }

    fn progress(&mut self, _id: &JobId, sent: usize) -> Result<(), StoreError> {
        self.0.lock().unwrap().sent = sent;
        Ok(())
    }

    fn finish(&mut self, _id: &JobId, state: JobState, _why: Option<&HwError>) -> Result<(), StoreError> {
        let mut stored = self.0.lock().unwrap();
        stored.state = Some(state);
        if state != JobState::Queued {
            stored.queued.clear();
        }
        Ok(())
    }
}

enum Event {
    Health(Health),
    Job(JobState),
    Drawer(DrawerOutcome),
}

struct Ear(Sender<Event>);

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

    fn tested(&mut self, _report: &TestReport) {}

    fn store_failed(&mut self, error: &StoreError) {
        panic!("{error}");
    }
}

fn start(
    connector: impl Connector + 'static,
    confirm: Confirm,
    store: &Store,
) -> (PrintQueue, Receiver<Event>) {
    let profile = Profile { confirm, ..Profile::of(PaperSize::Mm58) };
    start_printer(Printer { connector: Box::new(connector), profile }, store)
}

fn start_printer(printer: Printer, store: &Store) -> (PrintQueue, Receiver<Event>) {
    let (ear, events) = mpsc::channel();
    let limits = QueueLimits {
        stall: Duration::from_millis(250),
        confirm: Duration::from_millis(250),
        ..QueueLimits::default()
    };
    let clock = Box::new(|| 0_i64);
    (PrintQueue::start(printer, Box::new(store.clone()), Box::new(Ear(ear)), clock, limits), events)
}

/// Waits for the state in which a job stays.
fn settled(events: &Receiver<Event>) -> JobState {
    wait_for(events, |event| match event {
        Event::Job(state) if !matches!(state, JobState::Sending | JobState::Queued) => Some(*state),
        _ => None,
    })
}

fn wait_for<T>(events: &Receiver<Event>, wanted: impl Fn(&Event) -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        let event = events.recv_timeout(left).expect("the event comes in time");
        if let Some(found) = wanted(&event) {
            return found;
        }
    }
}

fn slip() -> Doc {
    let mut doc = Doc::new();
    doc.extend([Block::title("算盘便利"), Block::columns("合计", "¥71.92"), Block::Cut]);
    doc
}

fn slip_bytes() -> Vec<u8> {
    render(&slip(), &Profile::of(PaperSize::Mm58))
}

#[test]
fn a_link_cut_at_any_byte_never_prints_a_second_original() {
    let whole = slip_bytes();
    for cut in 0..=whole.len() {
        let store = Store::holding(slip());
        let paper = MemConnector::default();
        let plan = FaultPlan { disconnect_after: Some(cut), short_write: Some(7), ..FaultPlan::default() };
        let (queue, events) = start(Faulty::new(paper.clone(), plan), Confirm::None, &store);
        if cut == 0 {
            wait_for(&events, |event| matches!(event, Event::Job(JobState::Queued)).then_some(()));
        } else {
            let expected = if cut < whole.len() { JobState::Uncertain } else { JobState::SentUnconfirmed };
            assert_eq!(settled(&events), expected, "cut at {cut}");
        }
        queue.submit();
        assert!(queue.stop());
        assert_eq!(paper.written(), whole[..cut], "cut at {cut}: one prefix, nothing twice");
    }
}

#[test]
fn a_program_killed_at_any_byte_prints_by_itself_only_if_nothing_left() {
    for cut in (0..slip_bytes().len()).step_by(5) {
        let store = Store::holding(slip());
        let paper = MemConnector::default();
        let plan = FaultPlan { stall_after: Some(cut), short_write: Some(7), ..FaultPlan::default() };
        let (queue, events) = start(Faulty::new(paper.clone(), plan), Confirm::None, &store);
        wait_for(&events, |event| matches!(event, Event::Job(JobState::Sending)).then_some(()));
        let deadline = Instant::now() + PATIENCE;
        while paper.written().len() < cut {
            assert!(Instant::now() < deadline);
            thread::yield_now();
        }
        // What a killed program leaves in its store.
        let sent = store.0.lock().unwrap().sent;
        let restarted = JobState::Sending.after_restart(sent);
        assert!(cut == 0 || restarted == JobState::Uncertain, "cut at {cut}, stored {sent}");
        drop(queue);
    }
}

#[test]
fn an_absent_printer_gets_the_slip_once_when_it_comes_back() {
    let store = Store::holding(slip());
    let paper = MemConnector::default();
    let plan = FaultPlan { busy_open: 3, ..FaultPlan::default() };
    let (queue, events) = start(Faulty::new(paper.clone(), plan), Confirm::None, &store);
    wait_for(&events, |event| {
        matches!(event, Event::Health(h) if h.state == DeviceState::Absent).then_some(())
    });
    assert_eq!(settled(&events), JobState::SentUnconfirmed);
    wait_for(&events, |event| {
        matches!(event, Event::Health(h) if h.state == DeviceState::Ready).then_some(())
    });
    assert!(queue.stop());
    assert_eq!(paper.written(), slip_bytes());
    assert_eq!(store.0.lock().unwrap().attempts, 1);
}

#[test]
fn a_stalled_printer_lets_the_program_close_within_two_seconds() {
    for stall_after in [0, 20] {
        let store = Store::holding(slip());
        let plan = FaultPlan { stall_after: Some(stall_after), ..FaultPlan::default() };
        let paper = MemConnector::default();
        let (queue, events) = start(Faulty::new(paper, plan), Confirm::None, &store);
        wait_for(&events, |event| matches!(event, Event::Job(JobState::Sending)).then_some(()));
        let before = Instant::now();
        queue.submit();
        assert!(before.elapsed() < Duration::from_millis(5), "a sale never waits for paper");
        assert!(queue.stop());
        assert!(before.elapsed() < Duration::from_secs(2));
        let expected = if stall_after == 0 { JobState::Queued } else { JobState::Uncertain };
        assert_eq!(store.0.lock().unwrap().state, Some(expected));
    }
}

#[test]
fn only_an_answer_behind_the_slip_confirms_it() {
    for (answers, expected) in [(&[0x00][..], JobState::Confirmed), (&[], JobState::Uncertain)] {
        let store = Store::holding(slip());
        let paper = MemConnector::answering(answers);
        let (queue, events) = start(paper.clone(), Confirm::GsR, &store);
        assert_eq!(settled(&events), expected);
        assert!(queue.stop());
        assert!(paper.written().ends_with(&[0x1d, 0x72, 0x01]));
    }
}

#[test]
fn the_drawer_opens_before_the_slip_and_only_once() {
    let store = Store::default();
    let paper = MemConnector::default();
    let (queue, events) = start(paper.clone(), Confirm::None, &store);
    queue.kick(DrawerJob::new("sale 1", Duration::from_secs(3)));
    let outcome = wait_for(&events, |event| match event {
        Event::Drawer(outcome) => Some(outcome.clone()),
        _ => None,
    });
    assert_eq!(outcome, DrawerOutcome::Sent);
    assert!(queue.stop());
    assert_eq!(paper.written(), drawer_kick());
}

#[test]
fn a_drawer_that_cannot_be_reached_expires_and_is_never_opened_late() {
    let store = Store::default();
    let paper = MemConnector::default();
    let plan = FaultPlan { busy_open: 4, ..FaultPlan::default() };
    let (queue, events) = start(Faulty::new(paper.clone(), plan), Confirm::None, &store);
    queue.kick(DrawerJob::new("sale 1", Duration::from_millis(150)));
    let outcome = wait_for(&events, |event| match event {
        Event::Drawer(outcome) => Some(outcome.clone()),
        _ => None,
    });
    assert!(matches!(outcome, DrawerOutcome::Expired { why: Some(_) }), "{outcome:?}");
    wait_for(&events, |event| {
        matches!(event, Event::Health(h) if h.state == DeviceState::Ready).then_some(())
    });
    assert!(queue.stop());
    assert_eq!(paper.written(), Vec::<u8>::new());
}

#[test]
fn a_network_printer_gets_every_byte_over_a_real_socket() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let uri: DeviceUri = format!("tcp://{}?profile=58mm", listener.local_addr().unwrap()).parse().unwrap();
    let (paper, papers) = mpsc::channel();
    thread::spawn(move || {
        for link in listener.incoming() {
            let mut bytes = Vec::new();
            link.unwrap().read_to_end(&mut bytes).unwrap();
            if !bytes.is_empty() {
                paper.send(bytes).unwrap();
            }
        }
    });
    let store = Store::holding(slip());
    let (queue, events) = start_printer(registry::printer(&uri).unwrap().unwrap(), &store);
    assert_eq!(settled(&events), JobState::SentUnconfirmed);
    assert_eq!(papers.recv_timeout(PATIENCE).unwrap(), slip_bytes());
    assert!(queue.stop());
}

#[test]
fn a_virtual_printer_leaves_its_paper_and_the_drawer_apart() {
    let dir = tempfile::tempdir().unwrap();
    let uri = DeviceUri::Virtual {
        dir: Some(dir.path().to_str().unwrap().into()),
        print: "virtual:?profile=58mm"
            .parse()
            .map(|uri| match uri {
                DeviceUri::Virtual { print, .. } => print,
                other => panic!("{other}"),
            })
            .unwrap(),
    };
    // Half a slip of a program that was killed while printing.
    std::fs::write(dir.path().join("printing.part"), &slip_bytes()[..20]).unwrap();
    let store = Store::holding(slip());
    let (queue, events) = start_printer(registry::printer(&uri).unwrap().unwrap(), &store);
    queue.kick(DrawerJob::new("sale 1", PATIENCE));
    let mut drawer = false;
    let mut printed = false;
    while !(drawer && printed) {
        match events.recv_timeout(PATIENCE).unwrap() {
            Event::Drawer(outcome) => drawer = outcome == DrawerOutcome::Sent,
            Event::Job(state) => printed |= state == JobState::SentUnconfirmed,
            Event::Health(_) => {}
        }
    }
    assert!(queue.stop());
    let file = |name: &str| std::fs::read(dir.path().join(name)).unwrap();
    assert_eq!(file("0001-1.bin"), slip_bytes());
    assert_eq!(file("torn.bin"), slip_bytes()[..20]);
    assert_eq!(file("drawer.bin"), drawer_kick());
    assert!(String::from_utf8(file("0001-1.txt")).unwrap().contains("合计"));
    assert!(file("0001-1.png").starts_with(b"\x89PNG"));
    assert!(!dir.path().join("printing.part").exists());
}
