//! `cargo xtask bindings`: the window's TypeScript types, generated from the Rust types it is given.
//!
//! Every type with `#[derive(TS)] #[ts(export)]` brings a test that writes its file. They write into an
//! empty folder; then either ui/kit/generated is made equal to it, or a difference is a failure.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::{project, run};

type Files = BTreeMap<PathBuf, String>;

/// Makes ui/kit/generated equal to what the Rust types say now.
pub fn write() -> Result<()> {
    let wanted = generate()?;
    let folder = committed();
    let present = read(&folder)?;
    for stale in present.keys().filter(|file| !wanted.contains_key(*file)) {
        std::fs::remove_file(folder.join(stale))?;
        println!("bindings: removed {}", stale.display());
    }
    // Equal files stay untouched, so that an unchanged binding does not rebuild the front ends.
    for (file, text) in wanted.iter().filter(|(file, text)| present.get(*file) != Some(text)) {
        let path = folder.join(file);
        std::fs::create_dir_all(path.parent().unwrap_or(&folder))?;
        std::fs::write(&path, text).with_context(|| format!("writing {}", path.display()))?;
        println!("bindings: wrote {}", file.display());
    }
    println!("bindings: {} types", wanted.len());
    Ok(())
}

/// Fails when ui/kit/generated differs from what the Rust types say now.
pub fn check() -> Result<()> {
    let differences = differences(&generate()?, &read(&committed())?);
    for difference in &differences {
        println!("bindings: {difference}");
    }
    ensure!(differences.is_empty(), "ui/kit/generated has drifted; run `cargo xtask bindings` and commit");
    Ok(())
}

fn committed() -> PathBuf {
    project::ui().join("kit/generated")
}

/// Lets the export tests write into an empty folder and reads it back.
fn generate() -> Result<Files> {
    let folder = project::target().join("bindings");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    // The whole workspace, as `cargo test` has built it: naming one package would build others anew.
    let mut command = run::cargo(&["test", "--quiet", "--workspace", "--lib", "export_bindings"]);
    // JSON numbers: money and counts stay within ±(2^53−1), see docs/PROTOCOL.md.
    command.env("TS_RS_EXPORT_DIR", &folder).env("TS_RS_LARGE_INT", "number");
    let said = run::show_and_keep(&mut command)?;
    ensure!(said.ok, "the export tests failed");
    read(&folder)
}

fn read(folder: &Path) -> Result<Files> {
    let mut files = Files::new();
    collect(folder, folder, &mut files)?;
    Ok(files)
}

fn collect(root: &Path, folder: &Path, files: &mut Files) -> Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    for entry in folder.read_dir()? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else if path.extension().is_some_and(|kind| kind == "ts") {
            let text = std::fs::read_to_string(&path)?;
            files.insert(path.strip_prefix(root)?.to_path_buf(), text);
        }
    }
    Ok(())
}

fn differences(wanted: &Files, present: &Files) -> Vec<String> {
    let missing = wanted.keys().filter(|file| !present.contains_key(*file));
    let changed = wanted.iter().filter(|(file, text)| present.get(*file).is_some_and(|now| now != *text));
    let stale = present.keys().filter(|file| !wanted.contains_key(*file));
    let lines = missing.map(|file| format!("{} is missing", file.display()));
    lines
        .chain(changed.map(|(file, _)| format!("{} differs", file.display())))
        .chain(stale.map(|file| format!("{} belongs to no type any more", file.display())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(list: &[(&str, &str)]) -> Files {
        list.iter().map(|(file, text)| (PathBuf::from(file), (*text).to_string())).collect()
    }

    #[test]
    fn missing_changed_and_stale_bindings_are_all_drift() {
        let wanted = files(&[("Sale.ts", "a"), ("Cart.ts", "b"), ("Same.ts", "c")]);
        let present = files(&[("Cart.ts", "old"), ("Same.ts", "c"), ("Gone.ts", "d")]);
        assert_eq!(
            differences(&wanted, &present),
            ["Sale.ts is missing", "Cart.ts differs", "Gone.ts belongs to no type any more"]
        );
    }

    #[test]
    fn only_type_files_are_compared() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("deep")).unwrap();
        std::fs::write(folder.path().join("deep/A.ts"), "x").unwrap();
        std::fs::write(folder.path().join("README.md"), "y").unwrap();
        assert_eq!(read(folder.path()).unwrap(), files(&[("deep/A.ts", "x")]));
    }
}
