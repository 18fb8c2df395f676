//! `cargo xtask chaos`: real programs, real faults, and an oracle outside of them; the report lies in
//! target/chaos.

use std::process::Command;

use anyhow::{Result, ensure};
use clap::Args;

use crate::{project, run, setup, sim};

const PACKAGES: [&str; 6] = ["--package", "till", "--package", "hq", "--package", "suanpan-tests"];

/// What `cargo xtask chaos` takes.
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// How many runs; the databases take turns
    #[arg(long, default_value_t = 10)]
    pub runs: u64,
    /// Seed of the first run
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// How many runs at a time; each mostly waits
    #[arg(long, default_value_t = 2)]
    pub at_once: u64,
    /// Build the tills with this planted mistake and see it caught
    #[arg(long, value_name = "NAME")]
    planted: Option<String>,
}

impl Options {
    /// So many runs from this seed on, of the product as it is.
    pub fn of(runs: u64, seed: u64) -> Self {
        Options { runs, seed, at_once: 2, planted: None }
    }
}

/// Fails when a run differs; with a planted mistake, when none does.
pub fn run(options: &Options) -> Result<()> {
    setup::everything()?.say_what_was_skipped();
    if let Some(name) = &options.planted {
        let clean = with_mistake(options, name)?;
        ensure!(!clean, "{name} was not caught in {} runs", options.runs);
        return Ok(());
    }
    let (clean, _) = go(options)?;
    ensure!(clean, "something was lost, doubled or differs: target/chaos/report.json");
    Ok(())
}

/// Beside the simulator, which is built with the mistakes in as well: what is shipped never has them.
fn with_mistake(options: &Options, name: &str) -> Result<bool> {
    let profile = ["build", "--locked", "--profile", sim::PROFILE, "--features", "suanpan-tests/planted"];
    run::show(run::cargo(&profile).arg("--bins").args(PACKAGES))?;
    let folder = project::target().join(sim::PROFILE);
    let mut command = Command::new(folder.join(format!("chaos{}", std::env::consts::EXE_SUFFIX)));
    command.env("SUANPAN_PLANTED", name);
    let out = project::target().join("chaos-planted");
    Ok(run::show_and_keep(arguments(&mut command, options).arg(out))?.ok)
}

fn arguments<'c>(command: &'c mut Command, options: &Options) -> &'c mut Command {
    let Options { runs, seed, at_once, .. } = options;
    command.current_dir(project::root()).args(["--runs", &runs.to_string(), "--seed", &seed.to_string()]);
    command.args(["--at-once", &at_once.to_string(), "--out"])
}

/// The same where everything is set up: whether all agreed, and how many runs there were.
pub fn go(options: &Options) -> Result<(bool, u64)> {
    run::show(run::cargo(&["build", "--locked", "--bins"]).args(PACKAGES))?;
    let mut command = Command::new(project::debug_binary("chaos"));
    arguments(&mut command, options);
    let said = run::show_and_keep(command.arg(project::target().join("chaos")))?;
    Ok((said.ok, said.text.lines().filter(|line| line.starts_with("seed ")).count() as u64))
}
