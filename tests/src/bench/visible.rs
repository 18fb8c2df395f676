//! A sale at one till until the other till shows the new confirmed balance; both online, over loopback.

use std::time::{Duration, Instant};

use super::Bench;
use super::figure::{Budget, Figure, Slice, Unit};
use super::floor::{DurableWrites, Echo};
use super::times::Times;
use crate::till::Till;
use crate::wait;
use crate::world::World;

const SLICES: usize = 5;
const SALES: usize = 20;
const WITHIN: Budget = Budget::Within { p50: 50.0, p99: 250.0 };
/// The next customer. A sale sooner than `linger_ms` after the answer to the last one waits for it.
const NEXT: Duration = Duration::from_millis(100);
/// Longer than this and it does not come at all.
const LIMIT: Duration = Duration::from_secs(10);

/// # Panics
/// When a sale does not become visible.
pub fn measure(bench: &Bench) -> Vec<Figure> {
    let folder = bench.scratch("visible");
    let mut world = World::open(2);
    let (mut disk, mut line) = (DurableWrites::begin(&folder), Echo::begin());
    let card = world.rich_member().0.card_no;
    let goods = world.goods_worth(10_000);
    let (mut slices, mut tries) = (Vec::new(), 0);
    for _ in 0..bench.times(SLICES) {
        let floor = Times::of(SALES, || {
            disk.write();
            line.round_trip();
            disk.write();
        });
        let [a, b] = world.tills.as_mut_slice() else { panic!("two tills were opened") };
        let value = (0..SALES).map(|_| seen(a, b, &card, &goods, &mut tries)).collect();
        slices.push(Slice { value, floor: Some(floor) });
    }
    world.leave_unsettled("every sale was seen at the other till");
    let promise = "till A to till B, p50 <= 50 ms, p99 <= 250 ms; floor: two durable commits, one round trip";
    let mut figure = Figure::new("sync_visible", Unit::Ms, WITHIN, promise).with_slices(slices);
    figure.count("looks_per_sale", f64::from(tries) / (bench.times(SLICES) * SALES) as f64);
    vec![figure]
}

/// From the pay key at `a` to the balance at `b`, which is asked again as soon as it has answered.
fn seen(a: &mut Till, b: &mut Till, card: &str, goods: &[String], tries: &mut u32) -> Duration {
    for code in goods {
        a.scan(code);
    }
    let before = a.scan_card(card).balance.confirmed;
    wait::pause(NEXT);
    let started = Instant::now();
    let paid = a.pay();
    let expected = before + paid.points_earned;
    while b.member(card).balance.confirmed != expected {
        *tries += 1;
        assert!(started.elapsed() < LIMIT, "{expected} points are not seen at the other till\n{}", b.log());
    }
    let took = started.elapsed();
    // The next sale begins from the same balance on both.
    while a.member(card).balance.confirmed != expected {
        assert!(started.elapsed() < LIMIT, "{expected} points are not seen at the till itself\n{}", a.log());
    }
    took
}
