//! Seeds that once failed, kept for ever with what they found.

use std::fs;
use std::path::Path;

use serde::Deserialize;

/// `fixtures/seeds/NUMBER.json`
#[derive(Clone, Debug, Deserialize)]
pub struct KeptSeed {
    pub seed: u64,
    /// What it found, in a sentence.
    pub found: String,
    /// The commit or sentence that mended it.
    pub mended: String,
}

/// Every kept seed, in the order of their numbers.
///
/// # Errors
/// Which file cannot be read.
pub fn load(folder: &Path) -> Result<Vec<KeptSeed>, String> {
    let entries = fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut files: Vec<_> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    files.retain(|path| path.extension().is_some_and(|end| end == "json"));
    files.sort();
    let read = |path: &std::path::PathBuf| {
        let text = fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
        serde_json::from_str(&text).map_err(|e| format!("{}: {e}", path.display()))
    };
    files.iter().map(read).collect()
}
