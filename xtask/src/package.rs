//! `cargo xtask package`: the installable .deb, built without the network, in target/package.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::{project, run, setup, ui};

/// Builds the front ends, the optimised window and the package around it.
pub fn run() -> Result<()> {
    let ready = setup::everything()?;
    ensure!(ready.has_ui, "the package needs the front ends: {}", ready.skipped.join("; "));
    ui::build()?;
    run::show(&mut run::cargo(&["build", "--release", "--locked", "--package", "suanpan"]))?;
    run::show(&mut bundler())?;
    let package = collect()?;
    leaves_the_data_alone(&package)?;
    println!("package: {}", package.display());
    Ok(())
}

/// Tauri's own bundler from the npm workspace; it wraps the binary that is already built.
fn bundler() -> Command {
    let cli = if cfg!(windows) { "tauri.cmd" } else { "tauri" };
    let mut command = Command::new(project::ui().join("node_modules/.bin").join(cli));
    command.args(["bundle", "--bundles", "deb"]).current_dir(project::root().join("src-tauri"));
    command
}

/// Moves the package of this version out of cargo's folders; older ones are cleared first.
fn collect() -> Result<PathBuf> {
    let made = project::target().join("release/bundle/deb");
    let kept = project::target().join("package");
    if kept.exists() {
        std::fs::remove_dir_all(&kept)?;
    }
    std::fs::create_dir_all(&kept)?;
    let mut newest: Option<(std::time::SystemTime, PathBuf)> = None;
    for entry in made.read_dir().with_context(|| format!("no package in {}", made.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|kind| kind == "deb") {
            let at = path.metadata()?.modified()?;
            newest = newest.max(Some((at, path)));
        }
    }
    let Some((_, path)) = newest else { bail!("no package in {}", made.display()) };
    let target = kept.join(path.file_name().context("a package has a name")?);
    std::fs::copy(&path, &target)?;
    Ok(target)
}

/// A till's folder holds sales that may not have been sent: no script of the package may run on removal.
fn leaves_the_data_alone(package: &PathBuf) -> Result<()> {
    let folder = project::target().join("package/control");
    run::show(Command::new("dpkg-deb").arg("--control").arg(package).arg(&folder))?;
    for script in ["prerm", "postrm"] {
        ensure!(!folder.join(script).exists(), "the package runs a {script}; removing it must keep the data");
    }
    std::fs::remove_dir_all(folder).context("clearing the unpacked control files")
}
