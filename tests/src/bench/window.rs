//! From a scan to the line on the screen: measured in the real window by `cargo xtask bench`, judged here.

use std::path::Path;
use std::time::Duration;

use super::Bench;
use super::figure::{Budget, Figure, Slice, Unit};

/// # Panics
/// When the file of times is not what the window's side writes.
pub fn measure(bench: &Bench) -> Vec<Figure> {
    let slices = bench.window.as_deref().map(read).unwrap_or_default();
    let promise =
        "scan's Return to the line painted, real window, unoptimised build: p50 <= 30 ms, p99 <= 80 ms";
    vec![Figure::new("scan_to_line", Unit::Ms, Budget::Goal, promise).with_slices(slices)]
}

fn read(file: &Path) -> Vec<Slice> {
    let text = std::fs::read_to_string(file).expect("the window's times were written");
    let slices: Vec<Vec<u64>> = serde_json::from_str(&text).expect("the window's times are lists of numbers");
    let slice = |micros: Vec<u64>| Slice {
        value: micros.into_iter().map(Duration::from_micros).collect(),
        floor: None,
    };
    slices.into_iter().map(slice).collect()
}
