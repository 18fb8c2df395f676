//! Headquarters receives and decides: batches of sales, one sale at a time, and events that are only received;
//! each against plain SQL of the rows that came out of it.

use std::collections::BTreeMap;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use hq::app::App;
use hq::store::model::key_text;
use hq::store::tables::{Cell, Row, Table};
use hq::wire;
use ledger::event::EventLine;
use ledger::id::{Epoch, EventKey, TerminalId};
use sync::protocol::entry::{Cause, Entry};
use sync::protocol::push::Verdict;

use super::Bench;
use super::bare_sql::{Bare, Batch};
use super::figure::{Budget, Figure, Slice, Unit};
use super::hand::{Hand, Packed};
use super::office::{Engine, Office, int, table};
use super::times::{Times, timed};

const MEMBERS: u32 = 2_000;
const SLICES: usize = 5;
/// What a sale leaves behind at least.
const SALE_TABLES: [&str; 5] = ["inbox", "sale", "posting", "account", "log"];
const CEILINGS: &[(&str, f64)] = &[("points_astray", 0.0), ("exceptions", 0.0)];

/// One way of sending events.
struct Course {
    /// On SQLite and on PostgreSQL.
    names: [&'static str; 2],
    /// What is decided with the push that brings it; anything else is received only.
    decided: bool,
    clients: usize,
    pushes: u64,
    events: u64,
    write: fn(&mut Hand, &Office) -> EventLine,
    tables: &'static [&'static str],
    budget: Budget,
    promise: &'static str,
}

const COURSES: [Course; 3] = [
    Course {
        names: ["hq_sales_sqlite", "hq_sales_postgres"],
        decided: true,
        clients: 4,
        pushes: 10,
        events: 50,
        write: |hand, office| hand.sale(&office.items, office.members),
        tables: &SALE_TABLES,
        budget: Budget::SpeedAtLeast(0.5),
        promise: "a sale received and decided, 4 clients, 50 a push: >= 0.5 of plain SQL of the same rows",
    },
    Course {
        names: ["hq_one_sale_sqlite", "hq_one_sale_postgres"],
        decided: true,
        clients: 1,
        pushes: 200,
        events: 1,
        write: |hand, office| hand.sale(&office.items, office.members),
        tables: &SALE_TABLES,
        budget: Budget::SpeedAtLeast(0.3),
        promise: "one sale at a time, 1 client: >= 0.3 of plain SQL of the same rows",
    },
    Course {
        names: ["hq_receive_sqlite", "hq_receive_postgres"],
        decided: false,
        clients: 1,
        pushes: 5,
        events: 1_000,
        write: |hand, _| hand.of_tomorrow(),
        tables: &["inbox"],
        budget: Budget::SpeedAtLeast(0.4),
        promise: "an event received and not decided, 1,000 a push: >= 0.4 of plain SQL of the received lines",
    },
];

/// # Panics
/// When headquarters or the database refuses.
pub fn on_sqlite(bench: &Bench) -> Vec<Figure> {
    measure(bench, Engine::Sqlite)
}

/// # Panics
/// When headquarters or the database refuses.
pub fn on_postgres(bench: &Bench) -> Vec<Figure> {
    measure(bench, Engine::Postgres)
}

fn measure(bench: &Bench, engine: Engine) -> Vec<Figure> {
    let name = |course: &Course| course.names[usize::from(engine == Engine::Postgres)];
    let wanted: Vec<&Course> = COURSES.iter().filter(|course| bench.wants(name(course))).collect();
    let Some(office) = Office::open(bench, engine, name(wanted[0]), MEMBERS) else {
        let not_run = |course: &&Course| Figure::new(name(course), Unit::Us, course.budget, course.promise);
        return wanted.iter().map(not_run).collect();
    };
    wanted.iter().map(|course| run(bench, &office, name(course), course)).collect()
}

fn run(bench: &Bench, office: &Office, name: &'static str, course: &Course) -> Figure {
    let mut hands: Vec<Hand> = (1..=course.clients as u64).map(|n| office.hand(n)).collect();
    // The first push of each meets what no later one does.
    let first = pack(office, course, &mut hands, 1);
    push(&office.app, course.decided, &hands, &first);
    let (mut slices, mut trips, mut exceptions) = (Vec::new(), 0, 0);
    for _ in 0..bench.times(SLICES) {
        let pushes = pack(office, course, &mut hands, course.pushes);
        let before = office.round_trips();
        let (value, odd) = push(&office.app, course.decided, &hands, &pushes);
        trips += office.round_trips().zip(before).map_or(0, |(after, before)| after - before);
        exceptions += odd;
        let left = left_behind(office, course, &hands, &pushes);
        let floor = plain(&office.bare, course, &left);
        slices.push(slice(course, value, floor));
    }
    let batches = slices.len() as u64 * course.pushes * course.clients as u64;
    let mut figure = Figure::new(name, Unit::Us, course.budget, course.promise).with_slices(slices);
    figure.ceilings = CEILINGS;
    figure.count("exceptions", exceptions as f64);
    figure.count("points_astray", office.astray() as f64);
    if office.round_trips().is_some() {
        figure.count("round_trips_a_batch", trips as f64 / batches as f64);
    }
    figure
}

/// The next pushes of each client.
fn pack(office: &Office, course: &Course, hands: &mut [Hand], pushes: u64) -> Vec<Vec<Packed>> {
    let of = |hand: &mut Hand| -> Vec<Packed> {
        (0..pushes).map(|_| hand.pack(course.events, |hand| (course.write)(hand, office))).collect()
    };
    hands.iter_mut().map(of).collect()
}

/// What one slice took: the whole of it, and each push by itself.
struct Took {
    whole: Duration,
    each: Times,
}

/// A push of many events is told by its share of the whole, single ones by themselves.
fn slice(course: &Course, value: Took, floor: Took) -> Slice {
    let events = u32::try_from(course.clients as u64 * course.pushes * course.events).expect("few events");
    let share = |took: Took| -> Times {
        if course.events == 1 { took.each } else { [took.whole / events].into_iter().collect() }
    };
    Slice { value: share(value), floor: Some(share(floor)) }
}

/// All clients at once; also how many events ended otherwise than they should.
fn push(app: &App, decided: bool, hands: &[Hand], pushes: &[Vec<Packed>]) -> (Took, usize) {
    let send = |(hand, pushes): (&Hand, &Vec<Packed>)| {
        let mut odd = 0;
        let took = pushes.iter().map(|push| {
            let body = push.body.clone();
            timed(|| {
                let ack = wire::push(app, &hand.row, body).unwrap_or_else(|no| panic!("a push: {no:?}"));
                let through = if decided { ack.decided_through } else { ack.received_through };
                assert_eq!(through, push.last_seq, "headquarters takes the whole push");
                let usual = if decided { Verdict::Applied } else { Verdict::Parked };
                odd += ack.outcomes.iter().filter(|one| one.verdict != usual).count();
            })
        });
        (took.collect::<Times>(), odd)
    };
    let (took, odd) = at_once(hands.iter().zip(pushes).collect(), send);
    (took, odd.into_iter().sum())
}

/// The rows of the same pushes, by the same number of clients.
fn plain(bare: &Bare, course: &Course, left: &[Vec<Batch>]) -> Took {
    let tables: Vec<&'static Table> = course.tables.iter().map(|name| table(name)).collect();
    let clients: Vec<_> = left.iter().map(|_| bare.client()).collect();
    let ready: Vec<_> = clients.iter().map(|client| client.prepare(&tables)).collect();
    let jobs = clients.iter().zip(&ready).zip(left).collect();
    let (took, _) = at_once(jobs, |((client, ready), batches)| {
        (batches.iter().map(|batch| timed(|| client.insert(ready, batch))).collect::<Times>(), ())
    });
    took
}

/// Runs every job on a thread of its own, all beginning at the same moment.
fn at_once<J: Send, T: Send>(jobs: Vec<J>, run: impl Fn(J) -> (Times, T) + Sync) -> (Took, Vec<T>) {
    let start = Barrier::new(jobs.len() + 1);
    let (start, run) = (&start, &run);
    let mut each = Times::default();
    let (mut more, mut begun) = (Vec::new(), Instant::now());
    thread::scope(|scope| {
        let spawn = |job| {
            scope.spawn(move || {
                start.wait();
                run(job)
            })
        };
        let running: Vec<_> = jobs.into_iter().map(spawn).collect();
        start.wait();
        begun = Instant::now();
        for job in running {
            let (times, result) = job.join().expect("a client ends by itself");
            each.add(&times);
            more.push(result);
        }
    });
    (Took { whole: begun.elapsed(), each }, more)
}

/// Where an event belongs: which client, which of its pushes.
type Places = BTreeMap<EventKey, (usize, usize)>;

/// The rows that these pushes left in headquarters' tables, client by client and push by push.
fn left_behind(office: &Office, course: &Course, hands: &[Hand], pushes: &[Vec<Packed>]) -> Vec<Vec<Batch>> {
    let tables: Vec<&'static Table> = course.tables.iter().map(|name| table(name)).collect();
    let empty = || -> Batch { tables.iter().map(|table| (*table, Vec::new())).collect() };
    let mut left: Vec<Vec<Batch>> =
        pushes.iter().map(|pushes| pushes.iter().map(|_| empty()).collect()).collect();
    let places = places(hands, pushes);
    for (n, name) in course.tables.iter().enumerate().filter(|(_, name)| **name != "account") {
        office.each(name, |row| {
            if let Some((client, push)) = key_of(name, &row).and_then(|key| places.get(&key)) {
                left[*client][*push][n].1.push(row);
            }
        });
    }
    let place = |name| course.tables.iter().position(|known| *known == name);
    if let (Some(posting), Some(account)) = (place("posting"), place("account")) {
        for batch in left.iter_mut().flatten() {
            batch[account].1 = balances(&batch[posting].1);
        }
    }
    left
}

fn places(hands: &[Hand], pushes: &[Vec<Packed>]) -> Places {
    let mut places = Places::new();
    for (client, (hand, pushes)) in hands.iter().zip(pushes).enumerate() {
        for (n, push) in pushes.iter().enumerate() {
            let (terminal, epoch) = (hand.row.id, hand.row.epoch);
            let keys = (push.first_seq..=push.last_seq).map(|seq| EventKey { terminal, epoch, seq });
            places.extend(keys.map(|key| (key, (client, n))));
        }
    }
    places
}

/// The event that a row came from; None for rows of something else.
fn key_of(name: &str, row: &Row) -> Option<EventKey> {
    let text = |cell: &Cell| if let Cell::Text(text) = cell { Some(text.clone()) } else { None };
    let stated = |at: usize| -> Option<EventKey> {
        Some(EventKey {
            terminal: TerminalId(u32::try_from(int(&row[at])).ok()?),
            epoch: Epoch(u64::try_from(int(&row[at + 1])).ok()?),
            seq: u64::try_from(int(&row[at + 2])).ok()?,
        })
    };
    match name {
        "inbox" => stated(0),
        "sale" => stated(2),
        "posting" => key_text(text(&row[8])?.strip_prefix("event:")?),
        "log" => match serde_json::from_str::<Entry>(&text(&row[3])?).ok()?.cause {
            Cause::Event(key) => Some(key),
            _ => None,
        },
        _ => None,
    }
}

/// Where each account stands after these movements, in the order of the accounts: clients that meet at
/// one wait for each other and never in a circle.
fn balances(postings: &[Row]) -> Vec<Row> {
    let mut last: BTreeMap<Vec<Cell>, (i64, Cell)> = BTreeMap::new();
    for row in postings {
        let (account, lsn) = (vec![row[0].clone(), row[1].clone(), row[4].clone()], int(&row[2]));
        let known = last.entry(account).or_insert((lsn, row[6].clone()));
        if lsn >= known.0 {
            *known = (lsn, row[6].clone());
        }
    }
    last.into_iter().map(|(account, (_, balance))| [account, vec![balance]].concat()).collect()
}
