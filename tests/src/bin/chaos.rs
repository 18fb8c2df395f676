//! `cargo xtask chaos`: runs with real processes; the last line says whether anything was lost or doubled.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use suanpan_tests::chaos::{Report, Run, every};

const USAGE: &str = "chaos --runs N [--seed FIRST] [--at-once K] --out FOLDER";

/// How many runs, the first one's seed, how many at a time, and the folder of report.json.
struct Options {
    runs: u64,
    seed: u64,
    at_once: usize,
    out: PathBuf,
}

fn options() -> Option<Options> {
    let mut options = Options { runs: 10, seed: 1, at_once: 2, out: PathBuf::new() };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let value = words.next()?;
        match word.as_str() {
            "--runs" => options.runs = value.parse().ok()?,
            "--seed" => options.seed = value.parse().ok()?,
            "--at-once" => options.at_once = value.parse().ok().filter(|many| *many > 0)?,
            "--out" => options.out = value.into(),
            _ => return None,
        }
    }
    (!options.out.as_os_str().is_empty()).then_some(options)
}

/// A line on the terminal; one who closed it does not stop the runs.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

fn tell(run: &Run) {
    let verdict = if run.wrong.is_empty() { "agrees" } else { "DIFFERS" };
    let Run { seed, theme, database, kills, faults, events, ms, .. } = run;
    say(&format!(
        "seed {seed}: {theme} on {database}, {kills} kills, {faults} faults, {events} events, {ms} ms: {verdict}"
    ));
    run.wrong.iter().for_each(|wrong| say(&format!("  {wrong}")));
}

fn main() -> ExitCode {
    let Some(options) = options() else {
        say(USAGE);
        return ExitCode::from(2);
    };
    let report = every(options.seed..options.seed + options.runs, options.at_once, tell);
    if let Err(error) = keep(&options.out, &report) {
        say(&format!("the report cannot be written: {error}"));
        return ExitCode::FAILURE;
    }
    report.skipped.iter().for_each(|line| say(&format!("skipped: {line}")));
    say(&report.last_line());
    if report.is_clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn keep(folder: &Path, report: &Report) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let text = serde_json::to_string_pretty(report).map_err(std::io::Error::other)?;
    std::fs::write(folder.join("report.json"), text)
}
