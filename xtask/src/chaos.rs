//! `cargo xtask chaos`: real programs, real faults, and an oracle outside of them; the report lies in
//! target/chaos.

use std::process::Command;

use anyhow::{Result, ensure};

use crate::{project, run, setup};

/// `runs` runs, the first with this seed.
pub fn run(runs: u64, seed: u64) -> Result<()> {
    setup::everything()?.say_what_was_skipped();
    let (clean, _) = go(runs, seed)?;
    ensure!(clean, "something was lost, doubled or differs: target/chaos/report.json");
    Ok(())
}

/// The same where everything is set up: whether all agreed, and how many runs there were.
pub fn go(runs: u64, seed: u64) -> Result<(bool, u64)> {
    let packages = ["--package", "till", "--package", "hq", "--package", "suanpan-tests"];
    run::show(run::cargo(&["build", "--locked", "--bins"]).args(packages))?;
    let mut command = Command::new(project::debug_binary("chaos"));
    command.current_dir(project::root()).args(["--runs", &runs.to_string(), "--seed", &seed.to_string()]);
    let said = run::show_and_keep(command.arg("--out").arg(project::target().join("chaos")))?;
    Ok((said.ok, said.text.lines().filter(|line| line.starts_with("seed ")).count() as u64))
}
