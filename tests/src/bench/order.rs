//! What a run of the benchmarks is asked for, and where it may write.

use std::path::PathBuf;

/// What a run is asked for.
#[derive(Clone, Debug)]
pub struct Bench {
    /// Holds the report, the fixtures and what a run leaves behind.
    pub folder: PathBuf,
    /// Longer runs, and the sizes that take minutes to make.
    pub full: bool,
    /// Only figures whose name begins so.
    pub wanted: Option<String>,
    /// What was measured in the real window, if it could be.
    pub window: Option<PathBuf>,
}

impl Bench {
    /// How many times as many operations the long run measures.
    pub fn times(&self, short: usize) -> usize {
        if self.full { short * 4 } else { short }
    }

    /// An empty folder for one figure's files.
    ///
    /// # Panics
    /// When the disk refuses it.
    pub fn scratch(&self, name: &str) -> PathBuf {
        let folder = self.folder.join("run").join(name);
        if folder.exists() {
            std::fs::remove_dir_all(&folder).expect("what a former run left can be removed");
        }
        std::fs::create_dir_all(&folder).expect("the benchmark's folder can be written");
        folder
    }

    /// True when no figure was asked for by name, or this one.
    pub fn wants(&self, figure: &str) -> bool {
        self.wanted.as_deref().is_none_or(|wanted| figure.starts_with(wanted))
    }
}
