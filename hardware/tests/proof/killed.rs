//! A real program, killed by the system at each byte of a slip, over a real socket and a real terminal.
//!
//! The program is this test binary, started as [`life`]. It hands over one byte and waits for leave to go
//! on, so that at its death exactly so many bytes have left.
use std::{
    env, fs,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc,
    time::{Duration, Instant},
};

use hardware::{
    DeviceUri, HwError,
    queue::{Job, JobId, JobState, JobStore, PrintQueue, StoreError},
    registry::{self, Printer},
    transport::{Caps, Connector, Transport},
    r#virtual::talker::Talker,
};
use serialport::{SerialPort, TTYPort};

use crate::rig::{Ear, PATIENCE, bytes, limits, slip, slips};

const BOOK: &str = "SUANPAN_TEST_BOOK";
const PRINTER: &str = "SUANPAN_TEST_PRINTER";
const TICK: Duration = Duration::from_millis(2);

/// The sale and its job, kept in one file: whoever sees the one sees the other.
#[derive(Clone)]
struct Ledger(PathBuf);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Kept {
    state: JobState,
    sent: usize,
    attempts: usize,
}

impl Ledger {
    fn read(&self) -> Option<Kept> {
        let text = fs::read_to_string(&self.0).ok()?;
        let words: Vec<&str> = text.split(' ').collect();
        let ["sale", "27.92", state, sent, attempts] = words[..] else { panic!("{text}") };
        let number = |word: &str| word.parse().unwrap();
        Some(Kept {
            state: JobState::from_name(state).unwrap(),
            sent: number(sent),
            attempts: number(attempts),
        })
    }

    /// All of it or nothing.
    fn write(&self, kept: Kept) {
        let new = self.0.with_extension("new");
        let Kept { state, sent, attempts } = kept;
        fs::write(&new, format!("sale 27.92 {} {sent} {attempts}", state.name())).unwrap();
        fs::rename(new, &self.0).unwrap();
    }

    fn change(&self, change: impl FnOnce(&mut Kept)) {
        let mut kept = self.read().expect("the sale is there before its slip");
        change(&mut kept);
        self.write(kept);
    }

    /// As at the start of a program: a sale rung up, or what a former life left.
    fn open(&self) {
        match self.read() {
            Some(kept) => self.write(Kept { state: kept.state.after_restart(kept.sent), ..kept }),
            None => self.write(Kept { state: JobState::Queued, sent: 0, attempts: 0 }),
        }
    }
}

impl JobStore for Ledger {
    fn next(&mut self) -> Result<Option<Job>, StoreError> {
        let waits = self.read().filter(|kept| kept.state == JobState::Queued && kept.attempts < 3);
        let job = |_| Job { id: JobId("1".into()), name: "0001-0".into(), doc: slip(), after_break: false };
        Ok(waits.map(job))
    }

    fn begin(&mut self, _id: &JobId, _sha: &[u8; 32], _total: usize) -> Result<(), StoreError> {
        self.change(|kept| {
            *kept = Kept { state: JobState::Sending, sent: 0, attempts: kept.attempts + 1 };
        });
        Ok(())
    }

    fn progress(&mut self, _id: &JobId, sent: usize) -> Result<(), StoreError> {
        self.change(|kept| kept.sent = sent);
        Ok(())
    }

    fn finish(&mut self, _id: &JobId, state: JobState, _why: Option<&HwError>) -> Result<(), StoreError> {
        self.change(|kept| kept.state = state);
        Ok(())
    }
}

/// Hands over one byte, then waits for leave.
struct Lockstep(Box<dyn Connector>);

impl Connector for Lockstep {
    fn open(&self, limit: Duration) -> Result<Box<dyn Transport>, HwError> {
        Ok(Box::new(Stepping(self.0.open(limit)?)))
    }
}

struct Stepping(Box<dyn Transport>);

impl Transport for Stepping {
    fn write(&mut self, data: &[u8], limit: Duration) -> Result<usize, HwError> {
        let accepted = self.0.write(&data[..1], limit)?;
        std::io::stdin().read_exact(&mut [0]).expect("the one who kills is there");
        Ok(accepted)
    }

    fn read(&mut self, buffer: &mut [u8], limit: Duration) -> Result<usize, HwError> {
        self.0.read(buffer, limit)
    }

    fn caps(&self) -> Caps {
        self.0.caps()
    }

    fn end_job(&mut self, name: &str, limit: Duration) -> Result<(), HwError> {
        self.0.end_job(name, limit)
    }
}

#[test]
#[ignore = "is the program that the tests below start and kill"]
fn life() {
    let ledger = Ledger(env::var_os(BOOK).expect("a book").into());
    let uri: DeviceUri = env::var(PRINTER).expect("a printer").parse().unwrap();
    ledger.open();
    let Printer { connector, profile } = registry::printer(&uri).unwrap().unwrap();
    let printer = Printer { connector: Box::new(Lockstep(connector)), profile };
    let (ear, events) = mpsc::channel();
    let limits = hardware::queue::QueueLimits { stall: PATIENCE, confirm: PATIENCE, ..limits() };
    let queue =
        PrintQueue::start(printer, Box::new(ledger.clone()), Box::new(Ear(ear)), Box::new(|| 0_i64), limits);
    let is_over = |kept: Kept| !matches!(kept.state, JobState::Sending | JobState::Queued);
    while !ledger.read().is_some_and(is_over) {
        events.recv_timeout(TICK).ok();
    }
    assert!(queue.stop());
}

/// The printer's end of a line.
trait Line {
    /// Bytes that have come, after a moment at most.
    fn hear(&mut self) -> Vec<u8>;
    fn say(&mut self, bytes: &[u8]);
}

struct Socket {
    listener: TcpListener,
    link: Option<TcpStream>,
}

impl Line for Socket {
    fn hear(&mut self) -> Vec<u8> {
        if self.link.is_none() {
            self.link = self.listener.accept().ok().map(|(link, _)| link);
        }
        let Some(link) = &mut self.link else {
            pause();
            return Vec::new();
        };
        link.set_nonblocking(false).unwrap();
        link.set_read_timeout(Some(TICK)).unwrap();
        let mut buffer = [0; 64];
        match link.read(&mut buffer) {
            Ok(0) => self.link = None,
            Ok(count) => return buffer[..count].to_vec(),
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(_) => self.link = None,
        }
        Vec::new()
    }

    fn say(&mut self, bytes: &[u8]) {
        if let Some(link) = &mut self.link {
            // The program may be dead already.
            link.write_all(bytes).ok();
        }
    }
}

impl Line for TTYPort {
    fn hear(&mut self) -> Vec<u8> {
        let mut buffer = [0; 64];
        let count = self.read(&mut buffer).unwrap_or(0);
        buffer[..count].to_vec()
    }

    fn say(&mut self, bytes: &[u8]) {
        self.write_all(bytes).unwrap();
    }
}

fn pause() {
    let (_never, nobody) = mpsc::channel::<()>();
    nobody.recv_timeout(TICK).ok();
}

/// A printer, its line, and what its programs keep.
struct Counter {
    uri: String,
    line: Box<dyn Line>,
    talker: Talker,
    ledger: Ledger,
}

impl Counter {
    fn start(&self) -> (Child, ChildStdin) {
        let mut command = Command::new(env::current_exe().unwrap());
        command.args(["--ignored", "--exact", "killed::life"]);
        command.env(BOOK, &self.ledger.0).env(PRINTER, &self.uri);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let stdin = child.stdin.take().unwrap();
        (child, stdin)
    }

    /// Lets a program live, until it has handed over so many bytes or ends by itself.
    fn live(&mut self, kill_at: Option<usize>) {
        let (mut child, mut leave) = self.start();
        let (mut arrived, deadline) = (0, Instant::now() + PATIENCE);
        loop {
            assert!(Instant::now() < deadline, "a life takes too long");
            let bytes = self.line.hear();
            arrived += bytes.len();
            self.talker.push(&bytes);
            if kill_at.is_some_and(|at| arrived >= at && self.ledger.read().is_some()) {
                child.kill().unwrap();
                child.wait().unwrap();
                return;
            }
            let mut answers = [0; 64];
            let count = self.talker.answer(&mut answers);
            self.line.say(&answers[..count]);
            leave.write_all(&vec![b'.'; bytes.len()]).ok();
            if let Some(status) = child.try_wait().unwrap() {
                assert!(status.success() && kill_at.is_none(), "{status} after {arrived} bytes");
                return;
            }
        }
    }
}

fn counter(uri: String, line: Box<dyn Line>, folder: &Path, at: usize) -> Counter {
    Counter { uri, line, talker: Talker::default(), ledger: Ledger(folder.join(format!("book-{at}"))) }
}

/// Killed at a byte, started again: what the paper and the book say then.
fn killed_at(mut counter: Counter, at: usize) {
    let uri: DeviceUri = counter.uri.parse().unwrap();
    let whole = bytes(&slip(), &registry::printer(&uri).unwrap().unwrap().profile);
    counter.live(Some(at));
    let left = counter.ledger.read().expect("the sale is there");
    assert!(at == 0 || left.sent > 0, "killed at {at}: the book says that nothing left");
    let before = counter.talker.obeyed().to_vec();
    counter.live(None);
    let (kept, paper) = (counter.ledger.read().expect("the sale is there"), counter.talker.obeyed());
    assert!(slips(paper).len() <= 1, "killed at {at}: two originals were begun");
    match kept.state {
        JobState::Uncertain => assert_eq!(paper, before, "killed at {at}: nothing more by itself"),
        JobState::Confirmed => assert_eq!(paper, whole, "killed at {at}"),
        other => panic!("killed at {at}: {other:?}"),
    }
}

/// Every place of a slip and the question behind it.
fn places() -> std::ops::RangeInclusive<usize> {
    let uri: DeviceUri = "tcp://127.0.0.1:9100?profile=58mm&confirm=gs_r".parse().unwrap();
    0..=bytes(&slip(), &registry::printer(&uri).unwrap().unwrap().profile).len() + 3
}

#[test]
fn a_process_killed_at_any_byte_over_a_socket_prints_one_original_at_most_and_keeps_the_sale() {
    let folder = tempfile::tempdir().unwrap();
    for at in places() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let uri = format!("tcp://{}?profile=58mm&confirm=gs_r", listener.local_addr().unwrap());
        killed_at(counter(uri, Box::new(Socket { listener, link: None }), folder.path(), at), at);
    }
}

#[test]
fn a_process_killed_over_a_terminal_prints_one_original_at_most_and_keeps_the_sale() {
    let folder = tempfile::tempdir().unwrap();
    for at in places().step_by(7) {
        let (mut near, far) = TTYPort::pair().unwrap();
        near.set_timeout(TICK).unwrap();
        let uri = format!("serial://{}?profile=58mm&confirm=gs_r", far.name().unwrap());
        killed_at(counter(uri, Box::new(near), folder.path(), at), at);
        drop(far);
    }
}
