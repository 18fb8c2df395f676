//! Printing: what a sale waits for, how soon the first byte is at the printer, what a receipt costs to
//! encode and the raster font to keep.

use std::io::Read;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use hardware::HwError;
use hardware::drawer::DrawerOutcome;
use hardware::escpos::profile::{PaperSize, Profile, TextMode};
use hardware::queue::{
    EventSink, Job, JobId, JobState, JobStore, PrintQueue, QueueLimits, StoreError, TestReport,
};
use hardware::receipt::doc::{Block, Cell, Doc};
use hardware::receipt::render::render;
use hardware::registry::Printer;
use hardware::state::Health;
use hardware::transport::fault::{FaultPlan, Faulty};
use hardware::transport::mem::MemConnector;
use till::config::Options;
use till::event::Unseen;
use till::view::DeviceOf;
use till::{Deps, Till};

use super::Bench;
use super::figure::{Budget, Figure, Slice, Unit};
use super::times::{Times, timed};

const SLICES: usize = 8;
const SUBMITS: usize = 500;
const SLIPS: usize = 25;
const ENCODES: usize = 100;
/// On a line of 80 mm.
const HANZI_A_LINE: usize = 24;
/// A slip that takes longer is lost.
const PATIENCE: Duration = Duration::from_secs(10);

/// # Panics
/// When the till, a socket or the disk refuses.
pub fn measure(bench: &Bench) -> Vec<Figure> {
    vec![submit(bench), first_byte(bench), encode(bench)]
}

/// A printer that took half a slip and takes no more: the next sale must not notice.
fn submit(bench: &Bench) -> Figure {
    let plan = FaultPlan { stall_after: Some(200), ..FaultPlan::default() };
    let connector = Box::new(Faulty::new(MemConnector::default(), plan));
    let printer = Printer { connector, profile: Profile::default() };
    let limits = QueueLimits { stall: Duration::from_secs(3600), ..QueueLimits::default() };
    let queue = PrintQueue::start(printer, Box::new(OneSlip), Box::new(NoEars), Box::new(|| 0_i64), limits);
    let value = (0..bench.times(SLICES)).map(|_| Times::of(SUBMITS, || queue.submit()));
    let slices = value.map(|value| Slice { value, floor: None }).collect();
    queue.stop();
    let promise = "submit to return behind a stalled printer: p99 <= 5 ms";
    Figure::new("print_submit", Unit::Us, Budget::Within { p50: 5.0, p99: 5.0 }, promise).with_slices(slices)
}

/// From the command that commits a slip to its first byte at a socket, through the till's own ledger.
fn first_byte(bench: &Bench) -> Figure {
    let folder = bench.scratch("print_first_byte");
    let (address, arrivals) = printer();
    let options = Options {
        data: folder.join("data"),
        hq: None,
        key_file: Some(folder.join("till.key")),
        printer: format!("tcp://{address}"),
        scanner: "none:".to_owned(),
        lan: None,
        peers: Vec::new(),
        clock_offset_ms: 0,
        retain_days: 35,
    };
    let config = options.check().expect("the folder can be used");
    let deps = Deps::of_the_system(&config, Arc::new(Unseen));
    let till = Till::start(config, deps).unwrap_or_else(|no| panic!("the till does not start: {no:?}"));
    let device = till.device_list().expect("there is a printer").remove(0).id;
    let slip = || {
        let before = Instant::now();
        till.device_test(DeviceOf { device: device.clone() }).expect("the slip is committed");
        let at = arrivals.recv_timeout(PATIENCE).expect("the slip reaches the printer");
        at.saturating_duration_since(before)
    };
    let value = (0..bench.times(SLICES)).map(|_| (0..SLIPS).map(|_| slip()).collect::<Times>());
    let slices = value.map(|value| Slice { value, floor: None }).collect();
    till.stop();
    let promise = "commit to first byte at the printer: p99 <= 50 ms";
    Figure::new("print_first_byte", Unit::Ms, Budget::Within { p50: 50.0, p99: 50.0 }, promise)
        .with_slices(slices)
}

/// A printer behind a socket that tells when the first byte of each slip came.
fn printer() -> (String, Receiver<Instant>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port of this machine");
    let address = listener.local_addr().expect("it is bound").to_string();
    let (arrived, arrivals) = channel();
    thread::spawn(move || {
        for link in listener.incoming().flatten() {
            take(link, &arrived);
        }
    });
    (address, arrivals)
}

/// A first contact brings no byte and is no slip.
fn take(mut link: std::net::TcpStream, arrived: &Sender<Instant>) {
    let mut first = [0];
    if link.read(&mut first).is_ok_and(|count| count == 1) {
        // Nobody measures any more when nobody takes it.
        let _ = arrived.send(Instant::now());
        let _ = link.read_to_end(&mut Vec::new());
    }
}

/// Forty lines of goods, as text and as pictures.
fn encode(bench: &Bench) -> Figure {
    let doc = forty_lines();
    let plain = Profile::of(PaperSize::Mm80);
    let drawn = Profile { text: TextMode::Raster, ..plain };
    let raster = timed(|| assert!(render(&doc, &drawn).len() > 50_000));
    let of = |profile: Profile| Times::of(ENCODES, || assert!(!render(&doc, &profile).is_empty()));
    let slices =
        (0..bench.times(SLICES)).map(|_| Slice { value: of(plain), floor: None }).collect::<Vec<_>>();
    let promise = "a receipt of 40 lines encoded: p50 <= 1 ms; the font with every hanzi drawn <= 32 MB";
    let mut figure = Figure::new("print_encode", Unit::Ms, Budget::Within { p50: 1.0, p99: 5.0 }, promise)
        .with_slices(slices);
    figure.count("raster_ms", raster.as_secs_f64() * 1e3);
    if let Some(font_kb) = font_kb(&drawn) {
        figure.count("raster_font_mb", font_kb as f64 / 1024.0);
    }
    figure.ceilings = &[("raster_font_mb", 32.0)];
    figure
}

fn forty_lines() -> Doc {
    let mut doc = Doc::new();
    for n in 0..20 {
        doc.push(Block::text(format!("农夫山泉 饮用天然水 550ml {n}")));
        doc.push(Block::row(vec![Cell::rest("  2 x 2.00"), Cell::right("4.00", 11)]));
    }
    doc.push(Block::Cut);
    doc
}

/// By how much this process grows when every hanzi has been drawn once; None where the system does not say.
fn font_kb(drawn: &Profile) -> Option<u64> {
    let before = resident_kb()?;
    let hanzi: Vec<char> = ('一'..='龥').collect();
    for line in hanzi.chunks(HANZI_A_LINE) {
        let mut doc = Doc::new();
        doc.push(Block::text(line.iter().collect::<String>()));
        assert!(!render(&doc, drawn).is_empty());
    }
    Some(resident_kb()?.saturating_sub(before))
}

/// Memory of this process.
fn resident_kb() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// A store with one slip that never ends.
struct OneSlip;

impl JobStore for OneSlip {
    fn next(&mut self) -> Result<Option<Job>, StoreError> {
        let (id, name) = (JobId("1".into()), "0001-0".into());
        Ok(Some(Job { id, name, doc: forty_lines(), after_break: false }))
    }
    fn begin(&mut self, _: &JobId, _: &[u8; 32], _: usize) -> Result<(), StoreError> {
        Ok(())
    }
    fn progress(&mut self, _: &JobId, _: usize) -> Result<(), StoreError> {
        Ok(())
    }
    fn finish(&mut self, _: &JobId, _: JobState, _: Option<&HwError>) -> Result<(), StoreError> {
        Ok(())
    }
}

struct NoEars;

impl EventSink for NoEars {
    fn health(&mut self, _: &Health) {}
    fn job(&mut self, _: &JobId, _: JobState, _: Option<&HwError>) {}
    fn drawer(&mut self, _: &str, _: &DrawerOutcome) {}
    fn tested(&mut self, _: &TestReport) {}
    fn store_failed(&mut self, _: &StoreError) {}
}
