//! `cargo xtask test`: sets up, then every gate and every test, then one line that counts them.

use std::time::Instant;

use anyhow::{Result, ensure};

use crate::run::Said;
use crate::setup::{self, Ready};
use crate::tally::Tally;
use crate::{chaos, check, demo, run, sim, ui};

const CHAOS_RUNS: u64 = 10;
const CHAOS_SEED: u64 = 1;

/// What one part of the run came to.
struct Part {
    name: &'static str,
    ok: bool,
    tally: Tally,
    seconds: u64,
    note: String,
}

/// Passes everything, or fails after having tried everything.
pub fn run() -> Result<()> {
    let ready = setup::everything()?;
    let mut parts = vec![
        part("front ends: build", || when(ready.has_ui, "no UI tools", || done(ui::build()))),
        part("front ends: types and tests", || when(ready.has_ui, "no UI tools", front_end_tests)),
        part("gates", || done(check::run())),
        part("cargo test", cargo_tests),
        part("simulator: seeds", || done(sim::with_every_change())),
    ];
    parts.push(part("chaos: real programs", chaos_runs));
    parts.push(part("window: headless shop day", || headless_day(&ready)));
    close(&parts, &ready)
}

type Outcome = Result<(Tally, String)>;

fn part(name: &'static str, go: impl FnOnce() -> Outcome) -> Part {
    println!("\n=== {name}");
    let started = Instant::now();
    let (ok, tally, note) = match go() {
        Ok((tally, note)) => (tally.failed == 0, tally, note),
        Err(error) => (false, Tally::default(), format!("{error:#}")),
    };
    Part { name, ok, tally, seconds: started.elapsed().as_secs(), note }
}

fn done(result: Result<()>) -> Outcome {
    result.map(|()| (Tally::default(), String::new()))
}

fn when(possible: bool, otherwise: &str, go: impl FnOnce() -> Outcome) -> Outcome {
    if possible { go() } else { Ok((Tally::SKIPPED, format!("skipped: {otherwise}"))) }
}

fn front_end_tests() -> Outcome {
    run::show(&mut run::npm(&["run", "typecheck"]))?;
    let said = run::show_and_keep(&mut run::npm(&["test"]))?;
    counted(Tally::of_vitest(&said.text), &said, "vitest")
}

fn cargo_tests() -> Outcome {
    // Tests of the whole drive the programs; `cargo test` builds only those with tests of their own beside them.
    run::show(&mut run::cargo(&["build", "--workspace", "--bins", "--locked"]))?;
    let said = run::show_and_keep(&mut run::cargo(&["test", "--workspace", "--locked", "--no-fail-fast"]))?;
    counted(Tally::of_cargo(&said.text), &said, "cargo test")
}

/// Real programs under kills and partitions, after their tests have passed.
fn chaos_runs() -> Outcome {
    let (clean, runs) = chaos::go(&chaos::Options::of(CHAOS_RUNS, CHAOS_SEED))?;
    Ok((
        Tally { passed: runs.saturating_sub(u64::from(!clean)), failed: u64::from(!clean), skipped: 0 },
        String::new(),
    ))
}

/// A runner that failed without naming a failed test (it did not compile, a program of tests broke at its end)
/// has failed nonetheless.
fn counted(tally: Tally, said: &Said, runner: &str) -> Outcome {
    ensure!(said.ok || tally.failed > 0, "{runner} ended badly after {tally}{}", broken(&said.complaints));
    Ok((tally, String::new()))
}

/// Programs of tests that did not end by themselves, as cargo says it.
fn broken(complaints: &str) -> String {
    let lines = complaints.lines().map(str::trim);
    lines.filter(|line| line.starts_with("process didn't exit")).map(|line| format!("; {line}")).collect()
}

fn headless_day(ready: &Ready) -> Outcome {
    if !ready.can_drive_window || !ui::is_built() {
        return Ok((Tally::SKIPPED, "skipped: no display stack or no front ends".into()));
    }
    let result = demo::headless();
    let tally = demo::summary::tally()?;
    match result {
        Ok(()) => Ok((tally, String::new())),
        Err(error) if tally.failed > 0 => Ok((tally, format!("{error:#}"))),
        Err(error) => Err(error),
    }
}

fn close(parts: &[Part], ready: &Ready) -> Result<()> {
    println!("\n=== summary");
    ready.say_what_was_skipped();
    let mut sum = Tally::default();
    for part in parts {
        sum += part.tally;
        // A part that broke before it could count is one failure more.
        sum += Tally { failed: u64::from(!part.ok && part.tally.failed == 0), ..Tally::default() };
        let verdict = if part.ok { "ok" } else { "FAILED" };
        println!(
            "{:<28} {verdict:<7} {:>5} s  {:<36} {}",
            part.name,
            part.seconds,
            counts(part.tally),
            part.note
        );
    }
    println!("{sum}");
    ensure!(sum.failed == 0, "not everything passed");
    Ok(())
}

fn counts(tally: Tally) -> String {
    if tally == Tally::default() { String::new() } else { tally.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made_of(go: impl FnOnce() -> Outcome) -> Part {
        part("a part", go)
    }

    fn ended(ok: bool, complaints: &str) -> Said {
        Said { text: String::new(), complaints: complaints.into(), ok }
    }

    #[test]
    fn a_program_that_breaks_after_its_last_test_is_named() {
        let complaints =
            "error: test failed\n\nCaused by:\n  process didn't exit successfully: `story` (signal: 11)\n";
        let part = made_of(|| counted(Tally::of(true), &ended(false, complaints), "x"));
        assert!(!part.ok && part.note.ends_with("; process didn't exit successfully: `story` (signal: 11)"));
    }

    #[test]
    fn one_failed_part_fails_the_run() {
        let good = made_of(|| counted(Tally::of(true), &ended(true, ""), "x"));
        let broken = made_of(|| counted(Tally::default(), &ended(false, ""), "x"));
        assert!(good.ok && !broken.ok);
        assert!(close(&[good], &Ready::default()).is_ok());
        assert!(close(&[broken], &Ready::default()).is_err());
    }

    #[test]
    fn what_was_skipped_does_not_fail_the_run() {
        let skipped = made_of(|| when(false, "no display", || unreachable!("it is not possible")));
        assert_eq!((skipped.ok, skipped.tally), (true, Tally::SKIPPED));
    }
}
