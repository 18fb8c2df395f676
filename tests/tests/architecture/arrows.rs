//! R1: which of our crates may know which, and with which features.

use super::tree::Tree;

/// Folder of the crate, our crates that it may name. The headless binary and the window stand on `till`.
const ALLOWED: &[(&str, &[&str])] = &[
    ("ledger", &[]),
    ("hardware", &[]),
    ("sync", &["ledger"]),
    ("slip", &["ledger", "hardware"]),
    ("till", &["ledger", "sync", "hardware", "slip"]),
    ("hq", &["ledger", "sync", "hardware", "slip"]),
    ("src-tauri", &["till"]),
    ("tests", &["ledger", "sync", "hardware", "slip", "till", "hq"]),
    ("xtask", &[]),
];
const OURS: &[&str] =
    &["ledger", "sync", "hardware", "slip", "till", "hq", "suanpan", "suanpan-tests", "xtask"];
/// Crates that must name these of ours without default features: they may not reach a till's store.
const PURE: &[(&str, &str)] = &[("sync", "ledger"), ("slip", "ledger"), ("hq", "ledger"), ("hq", "sync")];

/// Every arrow that points sideways or up, and every feature that smuggles one in.
pub fn check(tree: &Tree) -> Vec<String> {
    let manifests = tree.paths().filter(|path| path.ends_with("/Cargo.toml"));
    manifests.flat_map(|path| check_manifest(path, tree.get(path).unwrap_or_default())).collect()
}

fn check_manifest(path: &str, text: &str) -> Vec<String> {
    let folder = path.trim_end_matches("/Cargo.toml");
    let Some((_, allowed)) = ALLOWED.iter().find(|(known, _)| *known == folder) else {
        return vec![format!("{path}: a crate without a place; give it one in architecture/arrows.rs")];
    };
    let manifest: toml::Table = match text.parse() {
        Ok(manifest) => manifest,
        Err(error) => return vec![format!("{path}: {error}")],
    };
    let mut violations = Vec::new();
    for (name, value) in dependencies(&manifest) {
        if !OURS.contains(&name.as_str()) {
            continue;
        }
        if !allowed.contains(&name.as_str()) {
            violations.push(format!("{path}: {folder} may not know {name}"));
        }
        if PURE.contains(&(folder, name.as_str())) && !is_pure(value) {
            violations.push(format!("{path}: {folder} may know only the pure part of {name}"));
        }
    }
    violations
}

/// All dependency tables: normal, for tests, for building, per platform.
fn dependencies(manifest: &toml::Table) -> Vec<(String, &toml::Value)> {
    let mut found = Vec::new();
    for (key, value) in manifest {
        let Some(table) = value.as_table() else { continue };
        if key.ends_with("dependencies") {
            found.extend(table.iter().map(|(name, value)| (name.clone(), value)));
        }
        if key == "target" {
            found.extend(table.values().filter_map(toml::Value::as_table).flat_map(dependencies));
        }
    }
    found
}

fn is_pure(dependency: &toml::Value) -> bool {
    let without_defaults = dependency.get("default-features").and_then(toml::Value::as_bool) == Some(false);
    let features =
        dependency.get("features").and_then(toml::Value::as_array).is_some_and(|list| !list.is_empty());
    without_defaults && !features
}

#[cfg(test)]
mod tests {
    use super::*;

    fn violations(folder: &str, manifest: &str) -> Vec<String> {
        check(&Tree::planted(&[(&format!("{folder}/Cargo.toml"), manifest)]))
    }

    #[test]
    fn an_arrow_upwards_is_found_in_every_kind_of_table() {
        for table in ["dependencies", "dev-dependencies", "target.'cfg(unix)'.dependencies"] {
            let found = violations("ledger", &format!("[{table}]\nsync = {{ path = '../sync' }}"));
            assert_eq!(found, ["ledger/Cargo.toml: ledger may not know sync"], "{table}");
        }
    }

    #[test]
    fn headquarters_with_a_tills_store_is_found() {
        let found = violations("hq", "[dependencies]\nledger.workspace = true");
        assert_eq!(found, ["hq/Cargo.toml: hq may know only the pure part of ledger"]);
        let pure = "[dependencies]\nledger = { path = '../ledger', default-features = false }";
        assert!(violations("hq", pure).is_empty());
    }

    #[test]
    fn a_crate_without_a_place_is_found() {
        assert_eq!(violations("utils", "").len(), 1);
    }
}
