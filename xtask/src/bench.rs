//! `cargo xtask bench`: builds the measuring program of the tests crate, optimised, and runs it. What
//! only the real window can show is measured here and handed to it.

mod window;

use std::process::Command;

use anyhow::{Context, Result};

use crate::setup::{self, apt};
use crate::{project, run, ui};

/// Counts system calls; without it the figure has no such counter.
const TRACER: &str = "strace";
/// The figure that needs the window.
const SCAN_TO_LINE: &str = "scan_to_line";

/// One figure by name or all, at the short or the full sizes.
pub fn run(name: Option<&str>, full: bool) -> Result<()> {
    let ready = setup::everything()?;
    if let Some(why) = apt::install([TRACER].into_iter()) {
        println!("bench: fsyncs will not be counted: {why}");
    }
    ui::build()?;
    let folder = project::target().join("bench");
    std::fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    let mut command = Command::new(project::target().join("release").join(program()));
    command.current_dir(project::root()).arg("--out").arg(&folder);
    if name.is_none_or(|name| SCAN_TO_LINE.starts_with(name)) {
        match window::measure(&folder.join("window"), &ready) {
            Ok(file) => drop(command.arg("--window").arg(file)),
            Err(error) => println!("bench: {SCAN_TO_LINE} is not measured: {error:#}"),
        }
    }
    if full {
        command.arg("--full");
    }
    command.args(name);
    build()?;
    run::show(&mut command)
}

fn program() -> String {
    format!("bench{}", std::env::consts::EXE_SUFFIX)
}

/// The measuring program and the programs that it starts, in one go: apart they would be built with
/// other features.
fn build() -> Result<()> {
    let packages = ["--package", "suanpan-tests", "--package", "till", "--package", "hq"];
    let mut command = run::cargo(&["build", "--profile", "bench", "--locked", "--bins"]);
    run::show(command.args(packages))
}
