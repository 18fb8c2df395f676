//! `cargo xtask package`: what a shop installs, built without the network, in target/package: the .deb of
//! the till, with and without a window, and the one file of headquarters.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use serde_json::json;

use crate::{project, run, setup, ui};

/// Headquarters runs on servers without a desktop: it is one file with everything in it.
const HEADQUARTERS: &str = "suanpan-hq";
/// Not the window's, but a kiosk's and an integrator's: in the till's package beside it.
const WITHOUT_WINDOW: &str = "suanpan-till";

/// Builds the front ends, the optimised programs and the package around those of the till.
pub fn run() -> Result<()> {
    let ready = setup::everything()?;
    ensure!(ready.has_ui, "the package needs the front ends: {}", ready.skipped.join("; "));
    ui::build()?;
    let programs = ["--package", "suanpan", "--package", "till", "--package", "hq"];
    run::show(run::cargo(&["build", "--release", "--locked", "--bins"]).args(programs))?;
    let made = project::target().join("release/bundle/deb");
    clear(&made)?;
    run::show(&mut bundler())?;
    let kept = project::target().join("package");
    clear(&kept)?;
    let package = collect(&made, &kept)?;
    leaves_the_data_alone(&package)?;
    std::fs::copy(built(HEADQUARTERS), kept.join(HEADQUARTERS))?;
    println!("package: {}", package.display());
    println!("package: {}", kept.join(HEADQUARTERS).display());
    Ok(())
}

fn built(program: &str) -> PathBuf {
    project::target().join("release").join(format!("{program}{}", std::env::consts::EXE_SUFFIX))
}

/// Tauri's own bundler from the npm workspace; it wraps the binary that is already built.
fn bundler() -> Command {
    let cli = if cfg!(windows) { "tauri.cmd" } else { "tauri" };
    let mut command = Command::new(project::ui().join("node_modules/.bin").join(cli));
    let deb = json!({ "files": { format!("/usr/bin/{WITHOUT_WINDOW}"): built(WITHOUT_WINDOW) } });
    let config = json!({ "bundle": { "linux": { "deb": deb } } }).to_string();
    command.args(["bundle", "--bundles", "deb", "--config", &config]);
    command.current_dir(project::root().join("src-tauri"));
    command
}

/// An empty folder, whatever was there: no package of another version is taken for this one's.
fn clear(folder: &Path) -> Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder).with_context(|| format!("clearing {}", folder.display()))?;
    }
    std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))
}

/// Copies the one package out of cargo's folders.
fn collect(made: &Path, kept: &Path) -> Result<PathBuf> {
    for entry in made.read_dir()? {
        let path = entry?.path();
        if path.extension().is_some_and(|kind| kind == "deb") {
            let target = kept.join(path.file_name().context("a package has a name")?);
            std::fs::copy(&path, &target)?;
            return Ok(target);
        }
    }
    bail!("no package in {}", made.display())
}

/// A till's folder holds sales that may not have been sent: no script of the package may run on removal.
fn leaves_the_data_alone(package: &Path) -> Result<()> {
    let folder = project::target().join("package/control");
    run::show(Command::new("dpkg-deb").arg("--control").arg(package).arg(&folder))?;
    for script in ["prerm", "postrm"] {
        ensure!(!folder.join(script).exists(), "the package runs a {script}; removing it must keep the data");
    }
    std::fs::remove_dir_all(folder).context("clearing the unpacked control files")
}
