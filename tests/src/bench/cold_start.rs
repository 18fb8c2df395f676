//! From the start of the program to the first sale paid, in a large shop and in one a tenth of its size.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use super::Bench;
use super::figure::{Budget, Figure, Slice, Unit};
use super::fixture::{self, Size, barcode};
use super::times::{Times, timed};
use crate::cashier::CASHIER_PIN;
use crate::till::{Setup, Till};

const LARGE: Size = Size { members: 1_000_000, goods: 200_000 };
const TENTH: Size = Size { members: 100_000, goods: 20_000 };
const SLICES: usize = 5;
/// A start in the same time, with room for the noise of a shared machine.
const AS_QUICK: Budget = Budget::TimesFloor(1.2);
const WITHIN: Budget = Budget::Within { p50: 3_000.0, p99: 3_000.0 };

/// What one start took, in its parts.
struct Start {
    ready: Duration,
    sign_in: Duration,
    sale: Duration,
}

impl Start {
    fn whole(&self) -> Duration {
        self.ready + self.sign_in + self.sale
    }
}

/// # Panics
/// When the till does not start or sell.
pub fn measure(bench: &Bench) -> Vec<Figure> {
    let large = shop(bench, LARGE, "cold-large");
    let tenth = shop(bench, TENTH, "cold-tenth");
    let (mut slices, mut starts) = (Vec::new(), Vec::new());
    for _ in 0..bench.times(SLICES) {
        let floor = start(&tenth).whole();
        let value = start(&large);
        slices.push(Slice {
            value: [value.whole()].into_iter().collect(),
            floor: Some([floor].into_iter().collect()),
        });
        starts.push(value);
    }
    let promise = "start to first sale, 1,000,000 members and 200,000 goods: <= 3 s, <= 1.2x a tenth of it";
    let budget = Budget::Both(&AS_QUICK, &WITHIN);
    let mut figure = Figure::new("cold_start", Unit::Ms, budget, promise).with_slices(slices);
    let median =
        |part: fn(&Start) -> Duration| starts.iter().map(part).collect::<Times>().p50().as_secs_f64();
    figure.count("ready_ms", median(|start| start.ready) * 1e3);
    figure.count("sign_in_ms", median(|start| start.sign_in) * 1e3);
    figure.count("first_sale_ms", median(|start| start.sale) * 1e3);
    vec![figure]
}

/// A till that has sold before: its shift is open.
fn shop(bench: &Bench, size: Size, name: &str) -> Setup {
    let folder = bench.scratch(name);
    fixture::copy(bench, size, &folder);
    let setup = setup(&folder);
    let mut till = Till::start(&setup);
    till.open_shop();
    till.sell(&[&barcode(1)]);
    till.stop();
    setup
}

fn setup(folder: &Path) -> Setup {
    Setup { printer: "none:".to_owned(), ..Setup::below(folder) }
}

fn start(setup: &Setup) -> Start {
    let mut till = None;
    let ready = timed(|| till = Some(Till::start(setup)));
    let mut till = till.expect("it was started");
    let sign_in = timed(|| {
        let _: Value = till.call("staff.sign_in", json!({"pin": CASHIER_PIN}));
    });
    let sale = timed(|| {
        till.sell(&[&barcode(7)]);
    });
    till.stop();
    Start { ready, sign_in, sale }
}
