//! Runs the simulator; `cargo xtask sim` builds it optimised and calls it.

use std::io::Write as _;

fn main() {
    let mut args = std::env::args().skip(1);
    let mut seeds = 20;
    let mut one = None;
    while let Some(arg) = args.next() {
        let value = args.next().and_then(|v| v.parse::<u64>().ok());
        match arg.as_str() {
            "--seeds" => seeds = value.unwrap_or(20),
            "--seed" => one = value,
            _ => {}
        }
    }
    let mut out = std::io::stdout().lock();
    if let Some(seed) = one {
        let outcome = suanpan_tests::sim::seed::run(seed, true);
        for line in &outcome.lines {
            let _ = writeln!(out, "{line}");
        }
        let _ = writeln!(out, "{:?} steps={} events={}", outcome.violation, outcome.steps, outcome.events);
        return;
    }
    let started = std::time::Instant::now();
    let tally = suanpan_tests::sim::campaign::run(1, seeds, |_| {});
    for v in &tally.violations {
        let _ = writeln!(out, "seed {} {:?}", v.seed, v.violation);
    }
    let _ = writeln!(out, "{:?}", started.elapsed());
    let _ = writeln!(
        out,
        "seeds={} violations={} steps={} trace={}",
        tally.seeds,
        tally.violations.len(),
        tally.steps,
        tally.trace
    );
}
