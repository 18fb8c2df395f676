//! A till from nothing: headquarters' snapshot over loopback into an empty ledger, against a bare transfer
//! of the same bytes and a bare insert of their lines.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::thread;
use std::time::Duration;

use ledger::id::StoreId;
use rusqlite::Connection;
use sync::client::clock::{HqClock, Wall};
use sync::client::{HttpTransport, Transport as _};
use sync::store::snapshot::Loader;
use tokio::runtime::Builder;
use tokio::sync::mpsc::channel;

use super::Bench;
use super::figure::{Budget, Figure, Slice, Unit};
use super::fixture;
use super::hand::Hand;
use super::office::enrol;
use super::serving::Serving;
use super::times::timed;
use crate::hq::STORE;
use crate::terminal::now;

const SLICES: usize = 2;
const PIECES_MAX: usize = 8;
const FLOOR_BATCH: usize = 10_000;
const SIZES: [(&str, u32, bool); 2] = [("bootstrap_280k", 280_000, false), ("bootstrap_1m", 1_000_000, true)];

/// # Panics
/// When headquarters or the till refuses.
pub fn measure(bench: &Bench) -> Vec<Figure> {
    let wanted = SIZES.iter().filter(|(name, _, long)| bench.wants(name) && (bench.full || !long));
    wanted.map(|(name, members, _)| load(bench, name, *members)).collect()
}

fn load(bench: &Bench, name: &'static str, members: u32) -> Figure {
    let folder = bench.scratch(name);
    let mut hands = Vec::new();
    let hq = Serving::begin(&folder, members, |store| hands = enrol(store, &[StoreId::from(STORE)], 1));
    let hand = hands.pop().expect("one was asked for");
    let bytes = snapshot(&hq);
    let (mut slices, mut rows, mut best) = (Vec::new(), 0, Duration::MAX);
    for n in 0..SLICES {
        let below = folder.join(format!("slice-{n}"));
        std::fs::create_dir_all(below.join("data")).expect("the benchmark's folder can be written");
        let floor = timed(|| rows = bare(&below, bytes.clone()));
        let value = pull(&hq, &hand, &below, members);
        best = best.min(value);
        let once = |took: Duration| [took].into_iter().collect();
        slices.push(Slice { value: once(value), floor: Some(once(floor)) });
    }
    let promise = "a till from nothing: <= 3x a bare pull and a bare insert of the same lines";
    let mut figure = Figure::new(name, Unit::Ms, Budget::TimesFloor(3.0), promise).with_slices(slices);
    figure.count("rows", rows as f64);
    figure.count("rows_per_second", rows as f64 / best.as_secs_f64());
    figure.count("bytes_a_row", bytes.len() as f64 / rows as f64);
    figure
}

/// The bytes that headquarters sends.
fn snapshot(hq: &Serving) -> Vec<u8> {
    let (mut bytes, store) = (Vec::new(), StoreId::from(STORE));
    let app = &hq.app;
    hq::wire::snapshot(&*app.store, &store, &app.log_epoch(), now(), &mut bytes).expect("it is open");
    bytes
}

/// As a till does it: lines are stored while more of them come.
fn pull(hq: &Serving, hand: &Hand, folder: &Path, members: u32) -> Duration {
    let ledger = fixture::ledger(folder);
    let url = format!("http://{}", hq.address);
    let clock = HqClock::new(Wall::new(now), None);
    let transport = HttpTransport::new(&url, None, hand.identity(), clock).expect("loopback may be plain");
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("two threads");
    let loaded = ledger.clone();
    let took = timed(|| {
        let (sink, mut pieces) = channel::<Vec<String>>(PIECES_MAX);
        let load = tokio::task::spawn_blocking;
        let (sent, stored) = runtime.block_on(async {
            let stored = load(move || {
                let mut loader = Loader::new(loaded);
                while let Some(lines) = pieces.blocking_recv() {
                    loader.take(&lines)?;
                }
                loader.finish()
            });
            tokio::join!(transport.snapshot(sink), stored)
        });
        sent.expect("headquarters sends a snapshot");
        let head = stored.expect("loading ends by itself").expect("the snapshot is whole");
        assert_eq!(head.members, u64::from(members), "everybody is in it");
    });
    drop(ledger);
    took
}

/// The floor; returns the number of lines.
fn bare(folder: &Path, bytes: Vec<u8>) -> usize {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
    let address = listener.local_addr().expect("a bound socket has an address");
    thread::spawn(move || {
        let sent = listener.accept().and_then(|(mut stream, _)| stream.write_all(&bytes));
        sent.expect("the floor's client reads");
    });
    let stream = TcpStream::connect(address).expect("the floor's server listens");
    let decoder = zstd::Decoder::new(stream).expect("memory is there");
    let lines = BufReader::with_capacity(128 * 1024, decoder).lines();
    let conn = Connection::open(folder.join("bare.db")).expect("the folder can be written");
    conn.pragma_update(None, "key", fixture::raw_key()).expect("SQLCipher takes a key");
    let schema = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
        CREATE TABLE line (n INTEGER PRIMARY KEY, line TEXT NOT NULL); BEGIN";
    conn.execute_batch(schema).expect("the schema is SQL");
    let mut insert = conn.prepare("INSERT INTO line (line) VALUES (?1)").expect("it is SQL");
    let mut rows = 0;
    for line in lines {
        insert.execute([line.expect("the bytes are lines")]).expect("nobody else writes");
        rows += 1;
        if rows % FLOOR_BATCH == 0 {
            conn.execute_batch("COMMIT; BEGIN").expect("nobody else writes");
        }
    }
    conn.execute_batch("COMMIT").expect("nobody else writes");
    rows
}
