//! `cargo xtask chaos`: real programs, real faults, and an oracle outside of them; the report lies in
//! target/chaos.

use anyhow::Result;

use crate::{project, run, setup};

/// `runs` runs, the first with this seed.
pub fn run(runs: u64, seed: u64) -> Result<()> {
    setup::everything()?.say_what_was_skipped();
    go(runs, seed)
}

/// The same where everything is set up.
pub fn go(runs: u64, seed: u64) -> Result<()> {
    run::show(&mut run::cargo(&[
        "build",
        "--locked",
        "--bins",
        "-p",
        "till",
        "-p",
        "hq",
        "-p",
        "suanpan-tests",
    ]))?;
    let program = project::debug_binary("chaos");
    let mut command = std::process::Command::new(program);
    command.current_dir(project::root()).args(["--runs", &runs.to_string(), "--seed", &seed.to_string()]);
    run::show(command.arg("--out").arg(project::target().join("chaos")))
}
