//! A morning after a night in the dark: two thousand stores connect, push and pull in the same moment.
//! Against a bare server that only stores the bytes.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use hq::store::Store as _;
use ledger::catalogue::Item;
use ledger::id::StoreId;
use rusqlite::Connection;
use sync::protocol::path;
use sync::protocol::pull::PullRequest;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use super::crowd::{Guest, Letter, head};
use super::figure::{Budget, Figure, Slice, Unit};
use super::hand::{Hand, Packed};
use super::office::enrol;
use super::serving::Serving;
use super::{Bench, files};

const STORES: usize = 2_000;
const EVENTS: u64 = 20;
const MEMBERS: u32 = 10_000;
const SLICES: usize = 2;
/// New entries that each till asks for.
const ENTRIES_MAX: u32 = 100;
/// Both ends of every connection, and room for the rest.
const FILES_MIN: u64 = 2 * STORES as u64 + 500;
const BACKLOG: u32 = 4096;
const CEILINGS: &[(&str, f64)] = &[("connect_ms", 400.0)];

type Stored = (Vec<u8>, oneshot::Sender<()>);

/// # Panics
/// When the server refuses.
pub fn measure(bench: &Bench) -> Vec<Figure> {
    let promise = "2,000 stores push 20 sales and pull at once: <= 2.5x a bare server that only stores; \
        all connected <= 400 ms";
    let figure = Figure::new("storm", Unit::Ms, Budget::TimesFloor(2.5), promise);
    if !files::room_for(FILES_MIN) {
        println!("  (storm: this system does not let a program open {FILES_MIN} files)");
        return vec![figure];
    }
    let folder = bench.scratch("storm");
    let mut hands = Vec::new();
    let hq = Serving::begin(&folder, MEMBERS, |store| hands = enrol(store, &stores(store), 1));
    let items = hq.app.store.read().and_then(|tx| tx.items()).expect("the demo shop has goods");
    let items: Vec<Item> = items.into_iter().filter(|item| item.member_price_fen.is_none()).collect();
    let bare = Bare::begin(&folder);
    let crowd = Builder::new_multi_thread().enable_all().build().expect("threads can be started");
    let (mut slices, mut connects, mut sent_away) = (Vec::new(), Vec::new(), 0);
    for _ in 0..SLICES {
        let pushes: Vec<Packed> =
            hands.iter_mut().map(|hand| hand.pack(EVENTS, |hand| hand.sale(&items, MEMBERS))).collect();
        let pull = pull(&hq, &hands[0]);
        let (floor, ..) = storm(&crowd, bare.address, &mut hands, &pushes, &pull);
        let (value, connected, away) = storm(&crowd, hq.address, &mut hands, &pushes, &pull);
        connects.push(connected);
        sent_away += away;
        let once = |took: Duration| [took].into_iter().collect();
        slices.push(Slice { value: once(value), floor: Some(once(floor)) });
    }
    let mut figure = figure.with_slices(slices);
    figure.ceilings = CEILINGS;
    let connected = connects.iter().min().copied().unwrap_or_default();
    figure.count("connect_ms", connected.as_secs_f64() * 1e3);
    figure.count("sent_away_a_store", sent_away as f64 / (SLICES * STORES) as f64);
    vec![figure]
}

/// As many stores as there are tills.
fn stores(store: &hq::store::sqlite::Sqlite) -> Vec<StoreId> {
    let tx = store.write().expect("nobody else writes");
    let pattern = tx.stores().ok().and_then(|mut all| all.pop()).expect("the demo shop has stores");
    let make = |n: usize| {
        let mut row = pattern.clone();
        row.id = StoreId(format!("W{n:04}"));
        tx.put_store(&row).expect("nobody else writes");
        row.id
    };
    let made = (1..=STORES).map(make).collect();
    tx.commit().expect("nobody else writes");
    made
}

/// What is new from now on.
fn pull(hq: &Serving, hand: &Hand) -> Vec<u8> {
    let cursors = hq.app.store.read().and_then(|tx| tx.heads()).expect("the database is open");
    let log_epoch = hand.log_epoch().to_owned();
    let asked = PullRequest { log_epoch, cursors, members_of: None, entries_max: ENTRIES_MAX };
    serde_json::to_vec(&asked).expect("a request is plain data")
}

/// From the first connection to the last answer; until all were connected; how often one was sent away.
fn storm(
    crowd: &Runtime,
    to: SocketAddr,
    hands: &mut [Hand],
    pushes: &[Packed],
    pull: &[u8],
) -> (Duration, Duration, usize) {
    // Signed before the clock runs; an answer that sends a till away is answered with another signature.
    let letter = |hand: &mut Hand, path: &'static str, body: &[u8], packed: bool| {
        let mut headers = hand.sign(path, body).to_vec();
        headers.push(("Content-Type", "application/json".to_owned()));
        headers.extend(packed.then(|| ("Content-Encoding", "zstd".to_owned())));
        Letter { path, headers, body: body.to_vec() }
    };
    let started = Instant::now();
    let mut guests: Vec<Guest> = crowd.block_on(async {
        let mut all = JoinSet::new();
        (0..hands.len()).for_each(|_| drop(all.spawn(Guest::connect(to))));
        all.join_all().await
    });
    let connected = started.elapsed();
    let mut talking = Duration::ZERO;
    let mut away = 0;
    for (path, packed) in [(path::PUSH, true), (path::PULL, false)] {
        let mut left: Vec<usize> = (0..hands.len()).collect();
        while !left.is_empty() {
            let letters: Vec<(usize, Letter)> = left
                .iter()
                .map(|n| {
                    let body = if packed { &pushes[*n].body } else { pull };
                    (*n, letter(&mut hands[*n], path, body, packed))
                })
                .collect();
            let asked = Instant::now();
            left = crowd.block_on(round(&mut guests, letters));
            talking += asked.elapsed();
            away += left.len();
        }
    }
    (connected + talking, connected, away)
}

/// Everybody in the list asks at once; who was sent away has waited when this ends.
async fn round(guests: &mut Vec<Guest>, letters: Vec<(usize, Letter)>) -> Vec<usize> {
    let mut waiting: Vec<Option<Guest>> = guests.drain(..).map(Some).collect();
    let mut all = JoinSet::new();
    for (n, letter) in letters {
        let mut guest = waiting[n].take().expect("each asks once a round");
        all.spawn(async move {
            let again = guest.ask(&letter).await;
            if let Some(later) = again {
                tokio::time::sleep(later).await;
            }
            (n, guest, again.is_some())
        });
    }
    let mut again = Vec::new();
    for (n, guest, was_sent_away) in all.join_all().await {
        waiting[n] = Some(guest);
        again.extend(was_sent_away.then_some(n));
    }
    guests.extend(waiting.into_iter().flatten());
    again
}

/// Takes any request and stores its body durably, one transaction each; answers a pull with what it has.
struct Bare {
    address: SocketAddr,
    _runtime: Runtime,
}

impl Bare {
    fn begin(folder: &Path) -> Bare {
        let conn = Connection::open(folder.join("bare.db")).expect("the folder can be written");
        let schema = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
            CREATE TABLE body (n INTEGER PRIMARY KEY, body BLOB NOT NULL)";
        conn.execute_batch(schema).expect("the schema is SQL");
        let (sender, stored) = channel();
        thread::spawn(move || store(&conn, &stored));
        let runtime = Builder::new_multi_thread().enable_all().build().expect("threads can be started");
        let listener = runtime.block_on(async {
            let socket = TcpSocket::new_v4().expect("the system gives a socket");
            socket.bind((Ipv4Addr::LOCALHOST, 0).into()).expect("loopback has a free port");
            socket.listen(BACKLOG).expect("a bound socket listens")
        });
        let address = listener.local_addr().expect("a bound socket has an address");
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, sender.clone()));
            }
        });
        Bare { address, _runtime: runtime }
    }
}

fn store(conn: &Connection, stored: &Receiver<Stored>) {
    let mut insert = conn.prepare("INSERT INTO body (body) VALUES (?1)").expect("it is SQL");
    while let Ok((body, done)) = stored.recv() {
        insert.execute([body]).expect("nobody else writes");
        // The client may have gone.
        let _ = done.send(());
    }
}

/// Ends when the client does.
async fn serve(mut stream: TcpStream, stored: Sender<Stored>) {
    let mut bytes = Vec::new();
    let mut last = Vec::new();
    loop {
        while let Some((end, length, _)) = head(&bytes).filter(|(end, length, _)| bytes.len() >= end + length)
        {
            let rest = bytes.split_off(end + length);
            let body = bytes.split_off(end);
            let pull = bytes.starts_with(format!("POST {} ", path::PULL).as_bytes());
            bytes = rest;
            if !pull {
                let (done, durable) = oneshot::channel();
                last.clone_from(&body);
                if stored.send((body, done)).is_err() || durable.await.is_err() {
                    return;
                }
            }
            let body: &[u8] = if pull { &last } else { b"" };
            let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
            if stream.write_all(&[answer.as_bytes(), body].concat()).await.is_err() {
                return;
            }
        }
        if !matches!(stream.read_buf(&mut bytes).await, Ok(1..)) {
            return;
        }
    }
}
