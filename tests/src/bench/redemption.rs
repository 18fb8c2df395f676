//! Points set aside for a sale: sixteen tills at once against the bare conditional debit, and sixty-four
//! that all ask the same again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use hq::authorize::balances;
use hq::jobs::demo::members::member_id;
use hq::wire;
use ledger::grant::{AuthId, Spend};
use ledger::id::{Anchor, MemberId};
use ledger::money::Fen;
use ledger::points::Points;
use ledger::posting::{Account, Unit as Kind};
use sync::protocol::authorize::{AuthorizeRequest, Authorized, TTL_S};

use super::Bench;
use super::figure::{Budget, Figure, Slice, Unit};
use super::hand::Hand;
use super::office::{Engine, Office};
use super::times::{Times, timed};
use crate::terminal::now;

const MEMBERS: u32 = 2_000;
const SLICES: usize = 5;
const CLIENTS: usize = 16;
const ASKS: usize = 40;
const POINTS: i64 = 10;
const REPEATERS: usize = 64;
const REPEATED: i64 = 16;
/// Of the repeated questions so many fit into the balance.
const GRANTABLE: i64 = 7;
const CEILINGS: &[(&str, f64)] =
    &[("answers_astray", 0.0), ("applied_astray", 0.0), ("points_below_zero", 0.0)];
const WALLETS: &str = "CREATE TABLE wallet (id bigint PRIMARY KEY, balance bigint NOT NULL);
    INSERT INTO wallet SELECT n, 1000000 FROM";
const DEBIT: &str = "UPDATE wallet SET balance = balance - $1 WHERE id = $2 AND balance >= $1";

/// # Panics
/// When headquarters or the database refuses.
pub fn measure(bench: &Bench) -> Vec<Figure> {
    let both = [("redemption_sqlite", Engine::Sqlite), ("redemption_postgres", Engine::Postgres)];
    let wanted = both.into_iter().filter(|(name, _)| bench.wants(name));
    wanted.map(|(name, engine)| redeem(bench, name, engine)).collect()
}

fn redeem(bench: &Bench, name: &'static str, engine: Engine) -> Figure {
    let promise = "points set aside, 16 clients: >= 0.4 of the bare conditional debit; \
        64 clients with the same ids: each applied once, never below zero";
    let figure = Figure::new(name, Unit::Us, Budget::SpeedAtLeast(0.4), promise);
    let Some(office) = Office::open(bench, engine, name, MEMBERS) else { return figure };
    make_wallets(&office, engine);
    let mut hands: Vec<Hand> = (1..=CLIENTS as u64).map(|n| office.hand(n)).collect();
    let (mut slices, mut times) = (Vec::new(), Times::default());
    let before = office.round_trips();
    for _ in 0..bench.times(SLICES) {
        let floor = debit(&office, &mut hands);
        let (value, each) = ask(&office, &mut hands);
        times.add(&each);
        let share = |whole: Duration| [whole / (CLIENTS * ASKS) as u32].into_iter().collect::<Times>();
        slices.push(Slice { value: share(value), floor: Some(share(floor)) });
    }
    let asked = (slices.len() * CLIENTS * ASKS) as f64;
    let trips = office.round_trips().zip(before).map(|(after, before)| (after - before) as f64 / asked);
    let mut figure = figure.with_slices(slices);
    figure.ceilings = CEILINGS;
    figure.count("p99_ms", times.p99().as_secs_f64() * 1e3);
    if let Some(trips) = trips {
        figure.count("round_trips_a_redemption", trips);
    }
    repeat(&office, &mut figure);
    figure
}

fn make_wallets(office: &Office, engine: Engine) {
    let numbers = match engine {
        Engine::Sqlite => format!(
            " (WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < {MEMBERS})
               SELECT n FROM t)"
        ),
        Engine::Postgres => format!(" generate_series(1, {MEMBERS}) AS t(n)"),
    };
    office.bare.client().run(&format!("{WALLETS}{numbers}"));
}

fn number(hand: &mut Hand) -> u32 {
    u32::try_from(hand.chance().below(u64::from(MEMBERS))).unwrap_or(0) + 1
}

fn question(hand: &mut Hand, member: MemberId, points: i64) -> AuthorizeRequest {
    AuthorizeRequest {
        auth_id: AuthId(hand.chance().id().parse().expect("an id is a uuid")),
        spend: Spend { member, points: Points(points), stored_fen: Fen::ZERO, coupons: Vec::new() },
        ttl_s: TTL_S,
        reason: String::new(),
    }
}

/// The floor: every client debits wallet after wallet, each by itself.
fn debit(office: &Office, hands: &mut [Hand]) -> Duration {
    let jobs = hands.iter_mut().map(|hand| {
        let ids: Vec<i64> = (0..ASKS).map(|_| i64::from(number(hand))).collect();
        (office.bare.client(), ids)
    });
    let jobs: Vec<_> = jobs.collect();
    at_once(jobs, |(client, ids)| {
        for id in ids {
            assert_eq!(client.change(DEBIT, [POINTS, id]), 1, "every wallet is full");
        }
    })
}

/// The whole, and each question by itself.
fn ask(office: &Office, hands: &mut [Hand]) -> (Duration, Times) {
    let jobs = hands.iter_mut().map(|hand| {
        let asks: Vec<AuthorizeRequest> = (0..ASKS)
            .map(|_| {
                let member = member_id(number(hand));
                question(hand, member, POINTS)
            })
            .collect();
        (hand.row.clone(), asks)
    });
    let jobs: Vec<_> = jobs.collect();
    let times = Mutex::new(Times::default());
    let whole = at_once(jobs, |(row, asks)| {
        let took = asks.iter().map(|ask| {
            timed(|| {
                wire::authorize(&office.app, &row, ask).unwrap_or_else(|no| panic!("a redemption: {no:?}"));
            })
        });
        let took: Times = took.collect();
        times.lock().expect("no client panics while it counts").add(&took);
    });
    (whole, times.into_inner().expect("no client panics while it counts"))
}

/// Sixty-four machines with one till's questions, more than the balance allows: what was applied twice,
/// answered in two ways, or overdrawn.
fn repeat(office: &Office, figure: &mut Figure) {
    let mut hand = office.hand(99);
    let (member, balance) = rich(office);
    let each = balance / GRANTABLE;
    let asks: Vec<AuthorizeRequest> = (0..REPEATED).map(|_| question(&mut hand, member, each)).collect();
    let answers: Mutex<BTreeMap<AuthId, BTreeSet<String>>> = Mutex::default();
    at_once((0..REPEATERS).collect(), |first| {
        for n in 0..asks.len() {
            let ask = &asks[(first + n) % asks.len()];
            let answer = wire::authorize(&office.app, &hand.row, ask);
            let answer = answer.unwrap_or_else(|no| panic!("a repeated redemption: {no:?}"));
            answers.lock().expect("no client panics here").entry(ask.auth_id).or_default().insert(answer);
        }
    });
    let answers = answers.into_inner().expect("no client panics here");
    let astray: usize = answers.values().map(|said| said.len() - 1).sum();
    let granted = answers.values().flatten().filter(|said| is_grant(said)).count();
    let granted = i64::try_from(granted).expect("few answers");
    let tx = office.app.store.read().expect("the database is open");
    let left = balances(&*tx, member, now()).expect("the database is open").points;
    figure.count("answers_astray", astray as f64);
    figure.count("applied_astray", (balance - each * granted - left).unsigned_abs() as f64);
    figure.count("points_below_zero", -left.min(0) as f64);
    figure.count("granted_of_repeated", granted as f64);
}

fn is_grant(said: &str) -> bool {
    matches!(serde_json::from_str(said), Ok(Authorized::Grant { .. }))
}

/// A member with enough points, none of them set aside.
fn rich(office: &Office) -> (MemberId, i64) {
    let tx = office.app.store.read().expect("the database is open");
    let free = |member: MemberId| {
        let shard = Anchor::from(member).shard();
        let whole = tx.balance(shard, &Account::Member(member), Kind::Points).expect("the database is open");
        let left = balances(&*tx, member, now()).expect("the database is open").points;
        (whole == left && left >= 1_000).then_some((member, left))
    };
    (1..=MEMBERS).map(member_id).find_map(free).expect("the demo shop has rich members")
}

/// Runs every job on a thread of its own; from the first one's beginning to the last one's end.
fn at_once<J: Send>(jobs: Vec<J>, run: impl Fn(J) + Sync) -> Duration {
    let run = &run;
    let begun = Instant::now();
    thread::scope(|scope| {
        for job in jobs {
            scope.spawn(move || run(job));
        }
    });
    begun.elapsed()
}
