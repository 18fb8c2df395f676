//! The durable checkout: against the disk alone, its tail, and what the encryption costs of it.

use std::time::Duration;

use super::Bench;
use super::figure::{Budget, Figure, Slice, Unit};
use super::fixture::{self, SHOP};
use super::floor::DurableWrites;
use super::replay::{Replay, newest};
use super::rush::Rush;
use super::syncs;
use super::times::Times;

const SLICES: usize = 10;
/// Slices before those that count: files grow and caches fill in them.
const WARM: usize = 2;
const CHECKOUTS: usize = 60;

/// One slice of each of the four, on the same sixty checkouts.
struct Round {
    floor: Times,
    till: Times,
    plain: Times,
    sealed: Times,
    /// WAL pages of the sixty.
    pages: u64,
    /// Transactions of the sixty.
    commits: u64,
}

/// # Panics
/// When the till or the disk refuses.
pub fn measure(bench: &Bench) -> Vec<Figure> {
    let folder = bench.scratch("checkout");
    fixture::copy(bench, SHOP, &folder);
    let mut rush = Rush::open(&folder, SHOP.members, SHOP.goods);
    let ledger = fixture::bare(&folder);
    let mut disk = DurableWrites::begin(&folder);
    let plain = Replay::begin(&folder.join("plain.db"), &ledger, false);
    let sealed = Replay::begin(&folder.join("sealed.db"), &ledger, true);
    let mut rounds = Vec::new();
    for n in 0..WARM + bench.times(SLICES) {
        let floor = Times::of(CHECKOUTS, || disk.write());
        rush.ledger().checkpoint_idle().expect("the disk takes a checkpoint");
        let (till, pages, commits) = serve(&mut rush);
        let rows = newest(&ledger, CHECKOUTS);
        let (plain, sealed) = (plain.run(&rows), sealed.run(&rows));
        if n >= WARM {
            rounds.push(Round { floor, till, plain, sealed, pages, commits });
        }
    }
    drop(ledger);
    rush.close();
    figures(bench, &rounds)
}

/// Sixty customers, one after the other: times, WAL pages, transactions.
fn serve(rush: &mut Rush) -> (Times, u64, u64) {
    let (mut times, mut pages, mut commits) = (Vec::with_capacity(CHECKOUTS), 0, 0);
    for _ in 0..CHECKOUTS {
        let before = rush.ledger().counters().expect("the ledger counts");
        times.push(rush.check_out());
        let after = rush.ledger().counters().expect("the ledger counts");
        // A log that was moved away whole begins anew.
        let begun_anew = after.wal.frames < before.wal.frames;
        pages += after.wal.frames - if begun_anew { 0 } else { before.wal.frames };
        commits += after.commits - before.commits;
        rush.print();
    }
    (times.into_iter().collect(), pages, commits)
}

fn figures(bench: &Bench, rounds: &[Round]) -> Vec<Figure> {
    let slices = |slice: fn(&Round) -> (Times, &Times)| -> Vec<Slice> {
        let pair = |round| slice(round);
        let pairs = rounds.iter().map(pair);
        pairs.map(|(value, floor)| Slice { value, floor: Some(floor.clone()) }).collect()
    };
    let mut whole = Figure::new(
        "checkout",
        Unit::Ms,
        Budget::SpeedAtLeast(0.27),
        ">= 0.27 of raw 40 KiB write+fdatasync (0.45 plain x 0.6), <= 1.1 fsyncs, <= 9 WAL pages",
    )
    .with_slices(slices(|round| (round.till.clone(), &round.floor)));
    whole.ceilings = &[("fsyncs", 1.1), ("wal_pages", 9.0)];
    let each = |sum: u64| sum as f64 / (rounds.len() * CHECKOUTS) as f64;
    whole.count("wal_pages", each(rounds.iter().map(|round| round.pages).sum()));
    whole.count("commits", each(rounds.iter().map(|round| round.commits).sum()));
    if let Some(fsyncs) = syncs::of_a_checkout(bench) {
        whole.count("fsyncs", fsyncs);
    }
    let plain = Figure::new(
        "checkout_plain",
        Unit::Ms,
        Budget::SpeedAtLeast(0.45),
        ">= 0.45 of raw 40 KiB write+fdatasync, without its encryption",
    )
    .with_slices(slices(|round| (without_encryption(round), &round.floor)));
    let tail =
        Figure::new("checkout_tail", Unit::Ms, Budget::TailTimesFloor(2.0), "p99 <= 2x the floor's p99")
            .with_slices(slices(|round| (round.till.clone(), &round.floor)));
    let cost =
        Figure::new("encryption", Unit::Ms, Budget::SpeedAtLeast(0.6), ">= 0.6 of the same rows unencrypted")
            .with_slices(slices(|round| (round.sealed.clone(), &round.plain)));
    vec![whole, plain, tail, cost]
}

/// The checkout less what its rows cost more with encryption than without, in the same slice.
fn without_encryption(round: &Round) -> Times {
    let share = round.sealed.p50().saturating_sub(round.plain.p50());
    let less: Duration = round.till.p50().saturating_sub(share);
    [less].into_iter().collect()
}
