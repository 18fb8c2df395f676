//! A till from nothing: headquarters' pack over loopback into an empty ledger, against a bare transfer of
//! the same bytes and a bare insert of their rows.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::thread;
use std::time::Duration;

use hq::interest::Share;
use ledger::id::StoreId;
use rusqlite::{Connection, params_from_iter};
use sync::client::clock::{HqClock, Wall};
use sync::client::lines::unpacked;
use sync::client::transport::Piece;
use sync::client::{HttpTransport, Transport as _};
use sync::protocol::pack::IMAGE;
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
const PIECES_MAX: usize = 4;
const SIZES: [(&str, u32, bool); 3] =
    [("bootstrap_50k", 50_000, false), ("bootstrap_280k", 280_000, false), ("bootstrap_1m", 1_000_000, true)];

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
    let mut built = Vec::new();
    let build = timed(|| built = pack(&hq));
    let (mut slices, mut rows, mut best) = (Vec::new(), 0, Duration::MAX);
    for n in 0..SLICES {
        let below = folder.join(format!("slice-{n}"));
        std::fs::create_dir_all(below.join("data")).expect("the benchmark's folder can be written");
        let floor = timed(|| rows = bare(&below, built.clone()));
        let value = pull(&hq, &hand, &below, members);
        best = best.min(value);
        let once = |took: Duration| [took].into_iter().collect();
        slices.push(Slice { value: once(value), floor: Some(once(floor)) });
    }
    let promise = "a till from nothing: <= 3x a bare pull and a bare insert of the same rows";
    let mut figure = Figure::new(name, Unit::Ms, Budget::TimesFloor(3.0), promise).with_slices(slices);
    let bytes: usize = built.iter().map(Vec::len).sum();
    figure.count("rows", rows as f64);
    figure.count("rows_per_second", rows as f64 / best.as_secs_f64());
    figure.count("bytes_a_row", bytes as f64 / rows as f64);
    figure.count("build_ms", build.as_secs_f64() * 1e3);
    figure
}

/// The segments that headquarters sends; built once and kept.
fn pack(hq: &Serving) -> Vec<Vec<u8>> {
    let (app, store) = (&hq.app, Share::all(&StoreId::from(STORE)));
    let pack = app.packs.pack(&*app.store, &store, &app.keys, (&app.log_epoch(), now())).expect("it is open");
    let bytes = |hash| app.packs.segment(hash).expect("the shelf can be read").expect("it was just built");
    pack.segments.iter().map(|segment| bytes(&segment.blake3)).collect()
}

/// As a till does it: segments are stored while more of them come.
fn pull(hq: &Serving, hand: &Hand, folder: &Path, members: u32) -> Duration {
    let ledger = fixture::ledger(folder);
    let url = format!("http://{}", hq.address);
    let clock = HqClock::new(Wall::new(now), None);
    let transport = HttpTransport::new(&url, None, hand.identity(), clock).expect("loopback may be plain");
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("two threads");
    let loaded = ledger.clone();
    let took = timed(|| {
        let (sink, mut pieces) = channel(PIECES_MAX);
        let load = tokio::task::spawn_blocking;
        let (sent, stored) = runtime.block_on(async {
            let stored = load(move || {
                let mut loader = Loader::new(loaded);
                while let Some(piece) = pieces.blocking_recv() {
                    match piece {
                        Piece::Lines(lines) => loader.take(&lines)?,
                        Piece::Segment(packed) => loader.image(&unpacked(packed).expect("it is whole"))?,
                        Piece::Existence(packed) => {
                            loader.existence(&unpacked(packed).expect("it is whole"))?;
                        }
                    }
                }
                loader.finish()
            });
            tokio::join!(transport.snapshot(sink), stored)
        });
        sent.expect("headquarters sends a pack");
        let head = stored.expect("loading ends by itself").expect("the pack is whole");
        assert_eq!(head.members, u64::from(members), "everybody is in it");
    });
    drop(ledger);
    took
}

/// The floor; returns the number of rows.
fn bare(folder: &Path, segments: Vec<Vec<u8>>) -> usize {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
    let address = listener.local_addr().expect("a bound socket has an address");
    let sizes: Vec<usize> = segments.iter().map(Vec::len).collect();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("the floor's client comes");
        segments.iter().try_for_each(|bytes| stream.write_all(bytes)).expect("the floor's client reads");
    });
    let mut stream = TcpStream::connect(address).expect("the floor's server listens");
    let conn = Connection::open(folder.join("bare.db")).expect("the folder can be written");
    conn.pragma_update(None, "key", fixture::raw_key()).expect("SQLCipher takes a key");
    conn.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL").expect("these are pragmas");
    conn.execute_batch(IMAGE).expect("the schema is SQL");
    sizes
        .into_iter()
        .map(|size| {
            let mut packed = vec![0; size];
            stream.read_exact(&mut packed).expect("the floor's server sends all of it");
            copy(&conn, &zstd::decode_all(&*packed).expect("it is zstd"))
        })
        .sum()
}

/// One segment in one transaction, without any index.
fn copy(conn: &Connection, image: &[u8]) -> usize {
    let mut from = Connection::open_in_memory().expect("memory is there");
    from.deserialize_read_exact("main", image, image.len(), true).expect("it is an image");
    conn.execute_batch("BEGIN").expect("nobody else writes");
    let mut rows = 0;
    for (table, columns) in [("member", 14), ("coupon", 10), ("alias", 2), ("stored", 4)] {
        let marks = vec!["?"; columns].join(",");
        let sql = format!("INSERT INTO {table} VALUES ({marks})");
        let mut insert = conn.prepare(&sql).expect("it is SQL");
        let mut select = from.prepare(&format!("SELECT * FROM {table}")).expect("it is SQL");
        let mut found = select.query([]).expect("the image can be read");
        while let Some(row) = found.next().expect("the image can be read") {
            let values = (0..columns).map(|n| row.get_ref(n).expect("it has the column"));
            let values = values.map(rusqlite::types::ToSqlOutput::Borrowed);
            insert.execute(params_from_iter(values)).expect("nobody else writes");
            rows += 1;
        }
    }
    conn.execute_batch("COMMIT").expect("nobody else writes");
    rows
}
