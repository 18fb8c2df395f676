//! Building the two front ends, only when something they are made of changed.

use std::path::Path;
use std::time::SystemTime;

use anyhow::{Result, ensure};

use crate::{project, run};

/// The front ends, each built into its own `dist`.
const APPS: &[&str] = &["till", "console"];

/// Builds ui/till/dist and ui/console/dist when they are older than their sources.
pub fn build() -> Result<()> {
    let apps: Vec<_> = APPS.iter().map(|app| project::ui().join(app)).filter(|app| app.exists()).collect();
    let sources = newest(&project::ui());
    if apps.iter().all(|app| built_at(app) > sources) {
        println!("ui: up to date");
        return Ok(());
    }
    println!("ui: building");
    run::show(&mut run::npm(&["run", "build"]))?;
    for app in &apps {
        ensure!(built_at(app).is_some(), "the build left no {}", app.join("dist/index.html").display());
    }
    Ok(())
}

/// True when every front end has been built at some time, so that Rust can embed them.
pub fn is_built() -> bool {
    APPS.iter().all(|app| built_at(&project::ui().join(app)).is_some())
}

fn built_at(app: &Path) -> Option<SystemTime> {
    app.join("dist/index.html").metadata().and_then(|data| data.modified()).ok()
}

/// The time of the youngest source below `folder`.
fn newest(folder: &Path) -> Option<SystemTime> {
    let entries = folder.read_dir().ok()?.flatten();
    entries
        .filter(|entry| !["node_modules", "dist"].iter().any(|made| entry.file_name() == *made))
        .filter_map(|entry| match entry.file_type() {
            Ok(kind) if kind.is_dir() => newest(&entry.path()),
            _ => entry.metadata().and_then(|data| data.modified()).ok(),
        })
        .max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_sources_count_as_new() {
        let ui = tempfile::tempdir().unwrap();
        for made in ["node_modules", "dist"] {
            std::fs::create_dir_all(ui.path().join("till").join(made)).unwrap();
            std::fs::write(ui.path().join("till").join(made).join("x.ts"), "").unwrap();
        }
        assert_eq!(newest(ui.path()), None);
        std::fs::write(ui.path().join("till/App.vue"), "").unwrap();
        assert!(newest(ui.path()).is_some());
    }
}
