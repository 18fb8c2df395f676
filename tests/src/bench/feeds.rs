//! Ten thousand held feeds at the real program: its memory for each, a request among them, and how soon
//! all of them are told of a commit.

use std::time::{Duration, Instant};

use hq::config::DataDir;
use hq::store::sqlite::Sqlite;
use ledger::id::StoreId;
use sync::protocol::authorize::LookupRequest;
use sync::protocol::path;

use super::crowd::{Guest, Letter};
use super::figure::{Budget, Figure, Slice, Unit};
use super::hand::Hand;
use super::listeners::Listeners;
use super::times::{Times, timed};
use super::toll::Toll;
use super::{Bench, files, office};
use crate::hq::{Hq, Line, STORE};
use crate::wait;

const FEEDS: usize = 10_000;
/// Beside so many a request is measured first.
const FEW: usize = 100;
const SLICES: usize = 3;
const REQUESTS: usize = 400;
/// Between two requests: all of them last longer than the two seconds between two heartbeats of a feed.
const NEXT: Duration = Duration::from_millis(5);
const COMMITS: usize = 3;
/// For so long nothing happens but heartbeats.
const IDLE: Duration = Duration::from_secs(2);
/// Each end has a program of its own.
const FILES_MIN: u64 = FEEDS as u64 + 500;
/// The server's own database, log and threads.
const FILES_OF_AN_EMPTY_HOUSE: usize = 100;
const HANGING_UP: Duration = Duration::from_secs(20);

/// What the slices gave.
#[derive(Default)]
struct Seen {
    requests: Vec<Slice>,
    told: Vec<Slice>,
    /// The last feed of all, each commit.
    last: Times,
    opening: Times,
    /// Memory of the server with few feeds and with all, bytes; first slice, then the last.
    memory: Vec<(u64, u64)>,
    /// Share of one processor.
    idle: Vec<f64>,
}

/// # Panics
/// When the server refuses.
pub fn measure(bench: &Bench) -> Vec<Figure> {
    if !files::room_for(FILES_MIN) {
        println!("  (feeds: this system does not let a program open {FILES_MIN} files)");
        return figures(Seen::default());
    }
    let folder = bench.scratch("feeds");
    let mut hq = Hq::demo(&folder, Line::Plain);
    let toll = Toll::of(hq.process().id());
    if toll.memory_bytes().is_none() {
        println!("  (feeds: this system does not tell a program's memory below /proc)");
        return figures(Seen::default());
    }
    let store = Sqlite::open(&DataDir::new(hq.data()).database()).expect("a second program may open it");
    let mut hands = office::enrol(&store, &vec![StoreId::from(STORE); FEEDS], 1);
    let mut asker = office::enrol(&store, &[StoreId::from(STORE)], 2).remove(0);
    drop(store);
    let mut seen = Seen::default();
    let mut listeners = Listeners::of(hq.address());
    for _ in 0..SLICES {
        slice(bench, &mut listeners, (&mut hands, &mut asker), toll, &mut seen);
        listeners.close();
        wait::until("all have hung up", HANGING_UP, || {
            toll.open_files().filter(|files| *files < FILES_OF_AN_EMPTY_HOUSE)
        });
    }
    assert!(hq.stop(), "headquarters ends cleanly\n{}", hq.log());
    figures(seen)
}

fn slice(
    bench: &Bench,
    listeners: &mut Listeners,
    (hands, asker): (&mut [Hand], &mut Hand),
    toll: Toll,
    seen: &mut Seen,
) {
    let address = listeners.address();
    let mut guest = listeners.runtime().block_on(Guest::connect(address));
    let (few, rest) = hands.split_at_mut(FEW);
    listeners.open(few);
    let floor = requests(bench, listeners, &mut guest, asker);
    let before = memory(toll);
    seen.opening.add(&[listeners.open(rest)].into_iter().collect());
    let value = requests(bench, listeners, &mut guest, asker);
    seen.memory.push((before, memory(toll)));
    seen.requests.push(Slice { value, floor: Some(floor) });
    seen.idle.push(idle(toll));
    let mut told = Times::default();
    for _ in 0..COMMITS {
        let times = commit(listeners, &mut guest, asker);
        seen.last.add(&[times.within(1_000)].into_iter().collect());
        told.add(&times);
    }
    seen.told.push(Slice { value: told, floor: None });
}

/// Lookups of a card that nobody has: signature, gate and one question to the database, without a wait for
/// the disk.
fn requests(bench: &Bench, listeners: &Listeners, guest: &mut Guest, asker: &mut Hand) -> Times {
    let nobody = LookupRequest::Card("0000000000000".to_owned());
    let body = serde_json::to_vec(&nobody).expect("a request is plain data");
    let ask = |_| {
        wait::pause(NEXT);
        let headers = asker.sign(path::LOOKUP, &body).to_vec();
        let letter = Letter { path: path::LOOKUP, headers, body: body.clone() };
        timed(|| {
            let away = listeners.runtime().block_on(guest.ask(&letter));
            assert!(away.is_none(), "headquarters has room");
        })
    };
    (0..bench.times(REQUESTS)).map(ask).collect()
}

/// One event is pushed: for each feed the time from the push until it was told.
fn commit(listeners: &Listeners, guest: &mut Guest, asker: &mut Hand) -> Times {
    let push = asker.pack(1, Hand::mark);
    let mut headers = asker.sign(path::PUSH, &push.body).to_vec();
    headers.push(("Content-Encoding", "zstd".to_owned()));
    let letter = Letter { path: path::PUSH, headers, body: push.body };
    listeners.expect_news();
    let pushed = Instant::now();
    let away = listeners.runtime().block_on(guest.ask(&letter));
    assert!(away.is_none(), "headquarters has room");
    listeners.hear(listeners.held()).into_iter().map(|at| at.saturating_duration_since(pushed)).collect()
}

/// The share of one processor that the server takes while nothing happens.
fn idle(toll: Toll) -> f64 {
    let spent = || toll.processor_time().expect("it was told before");
    let (started, before) = (Instant::now(), spent());
    wait::pause(IDLE);
    (spent() - before).as_secs_f64() / started.elapsed().as_secs_f64()
}

fn memory(toll: Toll) -> u64 {
    toll.memory_bytes().expect("it was told before")
}

fn figures(seen: Seen) -> Vec<Figure> {
    let promise = "memory of the server for one of 10,000 held feeds: <= 22,000 bytes";
    let mut bytes = Figure::new("feed_memory", Unit::Bytes, Budget::BytesAtMost(22_000.0), promise);
    let promise = "p99 of a lookup among 10,000 held feeds: <= 2x that among 100";
    let requests = Figure::new("feed_request", Unit::Ms, Budget::TailTimesFloor(2.0), promise);
    let promise = "from a push until each of 10,000 held feeds is told";
    let mut told = Figure::new("feed_told", Unit::Ms, Budget::Goal, promise);
    if let (Some(first), Some(last)) = (seen.memory.first(), seen.memory.last()) {
        let feeds = (FEEDS - FEW) as f64;
        let grown = (first.1 - first.0) as f64 / feeds;
        bytes = bytes.with_slices(vec![Slice { value: Times::of_bytes(grown), floor: None }]);
        bytes.count("feeds", FEEDS as f64);
        // What earlier feeds left behind, in this many openings.
        bytes.count("bytes_at_the_end", last.1.saturating_sub(first.0) as f64 / feeds);
        bytes.count("opening_ms", seen.opening.p50().as_secs_f64() * 1e3);
        let idle = seen.idle.iter().sum::<f64>() / seen.idle.len() as f64;
        bytes.count("idle_cpu_percent", idle * 100.0);
        told.count("last_ms", seen.last.p50().as_secs_f64() * 1e3);
    }
    vec![bytes, requests.with_slices(seen.requests), told.with_slices(seen.told)]
}
