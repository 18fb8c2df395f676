//! `cargo xtask bench`: runs the measuring program of the tests crate, optimised.

use anyhow::{Result, ensure};

use crate::{project, run};

/// One figure by name or all, at the short or the full sizes.
pub fn run(name: Option<&str>, full: bool) -> Result<()> {
    ensure!(
        project::root().join("tests/src/bin/bench.rs").exists()
            || project::root().join("tests/src/bin/bench/main.rs").exists(),
        "there is nothing to measure in this tree: tests/src/bin/bench is absent"
    );
    let mut command =
        run::cargo(&["run", "--profile", "bench", "--package", "suanpan-tests", "--bin", "bench", "--"]);
    command.args(name);
    if full {
        command.arg("--full");
    }
    run::show(&mut command)
}
