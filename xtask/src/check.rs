//! `cargo xtask check`: every gate that needs no running, each to its end, then a list.

use std::process::Command;
use std::time::Instant;

use anyhow::{Result, ensure};

use crate::setup::tools;
use crate::{bindings, run};

const ADVISORY_DATABASE: &str = "https://github.com/RustSec/advisory-db";

/// A gate: its name and what it does.
type Gate = (&'static str, fn() -> Result<()>);

const GATES: &[Gate] = &[
    ("formatting", || cargo(&["fmt", "--all", "--check"])),
    ("lints", || cargo(&["clippy", "--workspace", "--all-targets", "--locked", "--", "--deny", "warnings"])),
    ("ledger without its store", || cargo(&["check", "--package", "ledger", "--no-default-features"])),
    ("sync without store and client", || cargo(&["check", "--package", "sync", "--no-default-features"])),
    ("hq alone", || cargo(&["check", "--package", "hq"])),
    ("bindings", bindings::check),
    ("licences, bans, sources", || deny(&["licenses", "bans", "sources"])),
    ("advisories", advisories),
];

/// Passes every gate or fails with the names of those that did not hold.
pub fn run() -> Result<()> {
    let failed: Vec<&str> = GATES.iter().filter(|gate| !holds(gate)).map(|(name, _)| *name).collect();
    ensure!(failed.is_empty(), "gates that did not hold: {}", failed.join(", "));
    println!("check: all {} gates hold", GATES.len());
    Ok(())
}

fn holds((name, gate): &Gate) -> bool {
    println!("\ncheck: {name}");
    let started = Instant::now();
    let result = gate();
    if let Err(error) = &result {
        println!("check: {name}: {error:#}");
    }
    println!("check: {name}: {} in {} s", verdict(result.is_ok()), started.elapsed().as_secs());
    result.is_ok()
}

fn verdict(ok: bool) -> &'static str {
    if ok { "holds" } else { "FAILED" }
}

fn cargo(arguments: &[&str]) -> Result<()> {
    run::show(&mut run::cargo(arguments))
}

fn deny(checks: &[&str]) -> Result<()> {
    let mut command = Command::new(tools::cargo_deny()?);
    command.current_dir(crate::project::root()).args(["--color", "never", "check", "--hide-inclusion-graph"]);
    run::show(command.args(checks))
}

/// Known vulnerabilities change without us, so they gate only where the list of them can be fetched.
fn advisories() -> Result<()> {
    let mut ask = Command::new("git");
    ask.args(["-c", "http.lowSpeedLimit=1", "-c", "http.lowSpeedTime=10"]);
    ask.args(["ls-remote", ADVISORY_DATABASE, "HEAD"]).env("GIT_TERMINAL_PROMPT", "0");
    if run::quiet(&mut ask).is_none() {
        println!("advisories: skipped, database not reachable");
        return Ok(());
    }
    deny(&["advisories"])
}
