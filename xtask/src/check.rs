//! `cargo xtask check`: every gate that needs no running, each to its end, then a list.

use std::process::Command;
use std::time::Instant;

use anyhow::{Result, ensure};

use crate::setup::tools;
use crate::{bindings, run};

const ADVISORY_DATABASE: &str = "https://github.com/RustSec/advisory-db";

/// A gate: its name and what it does.
type Gate = (&'static str, fn() -> Result<Verdict>);

/// How a gate that did not fail came out.
#[derive(Clone, Copy)]
enum Verdict {
    Holds,
    Skipped,
}

const GATES: &[Gate] = &[
    ("formatting", || cargo(&["fmt", "--all", "--check"])),
    ("lints", || cargo(&["clippy", "--workspace", "--all-targets", "--locked", "--", "--deny", "warnings"])),
    ("ledger without its store", || cargo(&["check", "--package", "ledger", "--no-default-features"])),
    ("sync without store and client", || cargo(&["check", "--package", "sync", "--no-default-features"])),
    ("hq alone", || cargo(&["check", "--package", "hq"])),
    ("bindings", || bindings::check().map(|()| Verdict::Holds)),
    ("licences, bans, sources", || deny(&["licenses", "bans", "sources"])),
    ("advisories", advisories),
];

/// Passes every gate or fails with the names of those that did not hold.
pub fn run() -> Result<()> {
    let failed: Vec<&str> = GATES.iter().filter(|gate| !holds(gate)).map(|(name, _)| *name).collect();
    ensure!(failed.is_empty(), "gates that did not hold: {}", failed.join(", "));
    println!("check: no gate of {} failed", GATES.len());
    Ok(())
}

fn holds((name, gate): &Gate) -> bool {
    println!("\ncheck: {name}");
    let started = Instant::now();
    let result = gate();
    let word = match &result {
        Ok(Verdict::Holds) => "holds".to_string(),
        Ok(Verdict::Skipped) => "skipped".to_string(),
        Err(error) => format!("FAILED: {error:#}"),
    };
    println!("check: {name}: {word} ({} s)", started.elapsed().as_secs());
    result.is_ok()
}

fn cargo(arguments: &[&str]) -> Result<Verdict> {
    run::show(&mut run::cargo(arguments)).map(|()| Verdict::Holds)
}

fn deny(checks: &[&str]) -> Result<Verdict> {
    let mut command = Command::new(tools::cargo_deny()?);
    command.current_dir(crate::project::root()).args(["--color", "never", "check", "--hide-inclusion-graph"]);
    run::show(command.args(checks)).map(|()| Verdict::Holds)
}

/// Known vulnerabilities change without us, so they gate only where the list of them can be fetched.
fn advisories() -> Result<Verdict> {
    let mut ask = Command::new("git");
    ask.args(["-c", "http.lowSpeedLimit=1", "-c", "http.lowSpeedTime=10"]);
    ask.args(["ls-remote", ADVISORY_DATABASE, "HEAD"]).env("GIT_TERMINAL_PROMPT", "0");
    if run::quiet(&mut ask).is_none() {
        println!("advisories: skipped, database not reachable");
        return Ok(Verdict::Skipped);
    }
    deny(&["advisories"])
}
