//! The project's own files as text, by path from the root with forward slashes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Folders that hold what others wrote or what a build made.
const NOT_OURS: &[&str] = &["target", "node_modules", "dist", ".git", "gen", "generated"];
/// What the rules read; of other files only the name counts.
const READ: &[&str] = &["rs", "toml", "ts", "vue", "js", "mjs", "css", "json"];

/// A set of files: the project's, or a few planted ones.
#[derive(Default)]
pub struct Tree {
    files: BTreeMap<String, String>,
}

impl Tree {
    /// Every file of this checkout that is ours.
    pub fn of_the_project() -> Tree {
        let mut tree = Tree::default();
        tree.add_folder(&root(), &root());
        assert!(tree.files.contains_key("Cargo.toml"), "the root of the project was not found");
        tree
    }

    /// A small tree of `(path, text)` pairs.
    pub fn planted(files: &[(&str, &str)]) -> Tree {
        Tree { files: files.iter().map(|(path, text)| ((*path).into(), (*text).into())).collect() }
    }

    /// The text of one file.
    pub fn get(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// All paths, in order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// `(path, text)` of all files whose path ends so.
    pub fn ending<'a>(&'a self, end: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.files.iter().filter(move |(path, _)| path.ends_with(end)).map(|(p, t)| (p.as_str(), t.as_str()))
    }

    /// `(path, text)` of all files below this folder, which ends with a slash.
    pub fn below<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.files
            .iter()
            .filter(move |(path, _)| path.starts_with(folder))
            .map(|(p, t)| (p.as_str(), t.as_str()))
    }

    fn add_folder(&mut self, root: &Path, folder: &Path) {
        for entry in folder.read_dir().expect("a folder of the project can be read").flatten() {
            let (path, name) = (entry.path(), entry.file_name());
            if path.is_dir() {
                if !NOT_OURS.iter().any(|theirs| name == *theirs) {
                    self.add_folder(root, &path);
                }
                continue;
            }
            let kind = path.extension().and_then(|kind| kind.to_str()).unwrap_or_default();
            // A file may vanish between listing and reading while somebody edits; then it does not count.
            let text =
                if READ.contains(&kind) { std::fs::read_to_string(&path).ok() } else { Some(String::new()) };
            let relative = path.strip_prefix(root).expect("it lies below the root");
            let relative = relative.to_string_lossy().replace('\\', "/");
            self.files.extend(text.map(|text| (relative, text)));
        }
    }
}

/// The root of the checkout.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests lie one folder deep").to_path_buf()
}
