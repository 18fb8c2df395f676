//! `cargo xtask sim`: the simulator, built optimised with every assertion in; the report lies in target/sim.

use std::process::Command;

use anyhow::{Result, bail};
use clap::Args;

use crate::{project, run, setup};

/// Seeds with every change, beside the kept ones, and of one run where nobody says how many.
const SEEDS: u64 = 2_000;
/// Mistakes that must be caught within so many seeds are hunted with every change; `cargo xtask sim
/// --planted` hunts them all.
const PLANTED_WITHIN: &str = "60";
/// The profile that the simulator is built with, planted mistakes and all.
pub const PROFILE: &str = "sim";

/// What `cargo xtask sim` takes.
#[derive(Args, Clone, Debug, Default)]
pub struct Options {
    /// So many seeds from the first one on
    #[arg(long, conflicts_with_all = ["seed", "planted"])]
    seeds: Option<u64>,
    /// One seed, with its whole trace
    #[arg(long, conflicts_with = "planted")]
    seed: Option<u64>,
    /// Plant every mistake in turn and see it caught
    #[arg(long)]
    planted: bool,
    /// Go on after the last seed of the report
    #[arg(long)]
    resume: bool,
}

/// Builds the simulator and runs what was asked for.
pub fn run(options: &Options) -> Result<()> {
    setup::everything()?.say_what_was_skipped();
    build()?;
    let mut command = program();
    match options {
        Options { planted: true, .. } => command.arg("--planted"),
        Options { seed: Some(seed), .. } => command.args(["--seed", &seed.to_string()]),
        Options { seeds, .. } => command.args(["--seeds", &seeds.unwrap_or(SEEDS).to_string()]),
    };
    if options.resume {
        command.arg("--resume");
    }
    run::show(&mut command)
}

/// What runs with every change: the kept seeds, some new ones, the planted mistakes that are caught soon.
/// Each part is tried; the first failure is told at the end.
pub fn with_every_change() -> Result<()> {
    build()?;
    let kept = project::root().join("fixtures/seeds");
    let parts = [
        run::show(program().arg("--kept").arg(kept)),
        run::show(program().args(["--seeds", &SEEDS.to_string()])),
        run::show(program().args(["--planted", "--within", PLANTED_WITHIN])),
    ];
    match parts.into_iter().find_map(Result::err) {
        Some(error) => bail!(error),
        None => Ok(()),
    }
}

fn program() -> Command {
    let name = format!("sim{}", std::env::consts::EXE_SUFFIX);
    let mut command = Command::new(project::target().join(PROFILE).join(name));
    command.current_dir(project::root()).arg("--out").arg(project::target().join("sim"));
    command
}

/// With the planted mistakes in, which stay off until they are asked for.
fn build() -> Result<()> {
    run::show(&mut run::cargo(&[
        "build",
        "--locked",
        "--profile",
        PROFILE,
        "--package",
        "suanpan-tests",
        "--bin",
        "sim",
        "--features",
        "suanpan-tests/planted",
    ]))
}
