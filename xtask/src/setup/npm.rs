//! npm modules: installed exactly as the lock file says, only when it changed.

use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

use anyhow::Result;

use crate::{project, run};

/// The oldest Node that the UI's tools run on.
const NODE_LEAST: (u32, u32) = (20, 19);

/// Whether the npm workspace can be used.
pub enum Installed {
    Yes,
    No { reason: String },
}

/// Runs `npm ci` when the lock file is newer than what was installed.
pub fn install() -> Result<Installed> {
    if !project::ui().join("package.json").exists() {
        return Ok(Installed::No { reason: "the UI, as ui/package.json is absent".into() });
    }
    if let Err(reason) = node_is_new_enough(run::quiet(Command::new("node").arg("--version"))) {
        println!("setup: {reason}");
        return Ok(Installed::No { reason });
    }
    if is_fresh(&project::ui()) {
        println!("setup: npm modules are there");
        return Ok(Installed::Yes);
    }
    println!("setup: installing npm modules");
    run::show(&mut run::npm(&["ci", "--no-audit", "--no-fund"]))?;
    Ok(Installed::Yes)
}

/// npm writes `node_modules/.package-lock.json` last, so its time is the time of the installation.
fn is_fresh(ui: &Path) -> bool {
    match (changed(&ui.join("package-lock.json")), changed(&ui.join("node_modules/.package-lock.json"))) {
        (Some(wanted), Some(installed)) => installed >= wanted,
        _ => false,
    }
}

fn changed(file: &Path) -> Option<SystemTime> {
    file.metadata().and_then(|data| data.modified()).ok()
}

fn node_is_new_enough(version: Option<String>) -> Result<(), String> {
    let (major, minor) = NODE_LEAST;
    let Some(version) = version else {
        return Err(format!("the UI, as Node is absent; install Node {major}.{minor} or newer"));
    };
    let version = version.trim().trim_start_matches('v');
    let mut numbers = version.split('.').map(|number| number.parse::<u32>().unwrap_or(0));
    if (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)) < NODE_LEAST {
        return Err(format!("the UI, as Node is {version}; install Node {major}.{minor} or newer"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_nodes_are_refused_with_the_version_to_install() {
        for (version, fits) in
            [("v20.19.0\n", true), ("v22.1.0", true), ("v20.18.3", false), ("v18.20.0", false)]
        {
            assert_eq!(node_is_new_enough(Some(version.into())).is_ok(), fits, "{version}");
        }
        assert!(node_is_new_enough(None).unwrap_err().contains("install Node 20.19"));
    }

    #[test]
    fn modules_are_stale_when_the_lock_file_is_newer() {
        let ui = tempfile::tempdir().unwrap();
        std::fs::write(ui.path().join("package-lock.json"), "{}").unwrap();
        assert!(!is_fresh(ui.path()), "nothing installed");
        std::fs::create_dir(ui.path().join("node_modules")).unwrap();
        std::fs::write(ui.path().join("node_modules/.package-lock.json"), "{}").unwrap();
        assert!(is_fresh(ui.path()));
    }
}
