//! Runs the simulator; `cargo xtask sim` builds it optimised and calls it.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use suanpan_tests::sim::report::Report;
use suanpan_tests::sim::seed::Outcome;
use suanpan_tests::sim::{campaign, kept, planted, scene, seed};

const USAGE: &str =
    "sim --out DIR (--seeds N [--resume] | --seed S | --planted [NAME] [--within SEEDS] | --kept DIR)";
const USAGE_ERROR: u8 = 2;
/// Lines of a failed seed's trace that are printed; the report has more.
const LINES_SHOWN: usize = 60;

enum Job {
    Seeds { seeds: u64, resume: bool },
    One(u64),
    Planted { name: Option<String>, within: u64 },
    Kept(PathBuf),
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some((out, job)) = read(&args) else {
        say(USAGE);
        return ExitCode::from(USAGE_ERROR);
    };
    if let Err(why) = scene::template() {
        say(&format!("the shop cannot be made: {why}"));
        return ExitCode::FAILURE;
    }
    let ok = match job {
        Job::Seeds { seeds, resume } => many(&out, seeds, resume),
        Job::One(seed) => one(seed),
        Job::Planted { name, within } => hunt(&out, name.as_deref(), within),
        Job::Kept(folder) => again(&folder),
    };
    // Everything there was is in memory.
    let _ = std::fs::remove_dir_all(scene::root());
    if ok { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn read(args: &[String]) -> Option<(PathBuf, Job)> {
    let value = |name: &str| {
        let at = args.iter().position(|arg| arg == name)?;
        args.get(at + 1).filter(|next| !next.starts_with("--"))
    };
    let out = PathBuf::from(value("--out")?);
    let has = |name: &str| args.iter().any(|arg| arg == name);
    let job = if has("--planted") {
        let within = value("--within").map_or(Ok(u64::MAX), |seeds| seeds.parse());
        Job::Planted { name: value("--planted").cloned(), within: within.ok()? }
    } else if has("--kept") {
        Job::Kept(value("--kept")?.into())
    } else if has("--seed") {
        Job::One(value("--seed")?.parse().ok()?)
    } else {
        Job::Seeds { seeds: value("--seeds")?.parse().ok()?, resume: has("--resume") }
    };
    Some((out, job))
}

fn many(out: &Path, seeds: u64, resume: bool) -> bool {
    let mut report = if resume { Report::load(out) } else { Report::default() };
    let first = report.last + 1;
    let started = Instant::now();
    let tally = campaign::run(first, seeds, |outcome| {
        if let Some(violation) = &outcome.violation {
            say(&format!("seed {}: {violation}", outcome.seed));
        }
    });
    if let Some(outcome) = tally.violations.first() {
        show(outcome, LINES_SHOWN);
    }
    report.add(first, &tally, started.elapsed().as_secs());
    keep(&report, out);
    say(&format!("classes that no seed met: {}", report.unmet().join(" ")));
    say(&report.last_line());
    report.violations.is_empty()
}

fn one(number: u64) -> bool {
    let outcome = seed::run(number, true);
    show(&outcome, usize::MAX);
    let violations = u64::from(outcome.violation.is_some());
    let trace = &outcome.trace[..16];
    say(&format!("seeds=1 violations={violations} steps={} trace={trace}", outcome.steps));
    violations == 0
}

/// Every mistake must be caught within its number of seeds.
fn hunt(out: &Path, name: Option<&str>, within: u64) -> bool {
    if !planted::is_possible() {
        say("this build makes no mistakes: build it with the feature `planted`");
        return false;
    }
    let mut report = Report::load(out);
    report.planted = planted::hunt(name, within, |caught| {
        let at = caught.seed.map_or("escaped".to_owned(), |seed| format!("seed {seed}"));
        let of = caught.seeds_max;
        say(&format!("{:<24} {:<5} {at:<10} of {of:<5} {}", caught.name, caught.class, caught.violation));
    });
    keep(&report, out);
    let planted = report.planted.len();
    let escaped = report.planted.iter().filter(|caught| caught.seed.is_none()).count();
    say(&format!("planted={planted} caught={} escaped={escaped}", planted - escaped));
    escaped == 0
}

/// Seeds that once failed.
fn again(folder: &Path) -> bool {
    let seeds = match kept::load(folder) {
        Ok(seeds) => seeds,
        Err(why) => {
            say(&why);
            return false;
        }
    };
    let failed: Vec<Outcome> =
        seeds.iter().map(|kept| seed::run(kept.seed, false)).filter(|o| o.violation.is_some()).collect();
    failed.iter().for_each(|outcome| show(outcome, LINES_SHOWN));
    say(&format!("kept={} violations={}", seeds.len(), failed.len()));
    failed.is_empty()
}

fn show(outcome: &Outcome, lines_max: usize) {
    let from = outcome.lines.len().saturating_sub(lines_max);
    outcome.lines[from..].iter().for_each(|line| say(line));
    say(&format!("seed {}: {}", outcome.seed, outcome.violation.as_deref().unwrap_or("nothing wrong")));
}

fn keep(report: &Report, out: &Path) {
    if let Err(error) = report.save(out) {
        say(&format!("the report was not written: {error}"));
    }
}

fn say(line: &str) {
    // Whoever closed the pipe does not read on.
    let _ = writeln!(std::io::stdout(), "{line}");
}
