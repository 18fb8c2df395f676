//! cargo-deny at the version the gates were written for, built once into target/tools.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::{project, run};

const DENY_VERSION: &str = "0.20.2";

/// The program to run for cargo-deny; installs it when it is absent or of another version.
pub fn cargo_deny() -> Result<PathBuf> {
    let ours = project::target().join("tools/bin/cargo-deny");
    for program in [PathBuf::from("cargo-deny"), ours.clone()] {
        if is_right_version(&program) {
            return Ok(program);
        }
    }
    println!("setup: building cargo-deny {DENY_VERSION} once into target/tools");
    run::show(&mut installation())?;
    Ok(ours)
}

fn is_right_version(program: &PathBuf) -> bool {
    let version = run::quiet(Command::new(program).arg("--version"));
    version.is_some_and(|version| version.split_whitespace().last() == Some(DENY_VERSION))
}

/// Without optimising or debug information: it runs for seconds, so building it fast matters more.
fn installation() -> Command {
    let root = project::target().join("tools");
    let mut command =
        run::cargo(&["install", "cargo-deny", "--locked", "--debug", "--version", DENY_VERSION]);
    command.arg("--root").arg(&root).env("CARGO_TARGET_DIR", root.join("build"));
    command.env("CARGO_PROFILE_DEV_DEBUG", "0").env("CARGO_INCREMENTAL", "0");
    command
}
