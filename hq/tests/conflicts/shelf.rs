//! The stories as files.

use std::path::PathBuf;

use crate::story::Story;

/// The folder of stories.
pub fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/conflicts"))
}

/// All stories, by file name.
pub fn all() -> Vec<(String, Story)> {
    let mut files: Vec<_> = std::fs::read_dir(folder())
        .expect("the stories are part of the tree")
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "json"))
        .collect();
    files.sort();
    let read = |path: PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        let story = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
        (name, story)
    };
    files.into_iter().map(read).collect()
}
