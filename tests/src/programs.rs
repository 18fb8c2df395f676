//! Where the programs under test lie: beside the program that runs the tests.

use std::path::{Path, PathBuf};

/// `suanpan-hq`
pub const HQ: &str = "suanpan-hq";
/// `suanpan-till`
pub const TILL: &str = "suanpan-till";

/// The program called `name` of the same build as this one: `target/debug` for tests, `target/release`
/// for benchmarks.
///
/// # Panics
/// When it was not built, with the command that builds it.
pub fn path(name: &str) -> PathBuf {
    let here = std::env::current_exe().expect("a running program has a path");
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    // Test programs lie in `deps`, one folder below.
    here.ancestors()
        .skip(1)
        .take(2)
        .map(|folder| folder.join(&file))
        .find(|path| path.is_file())
        .unwrap_or_else(|| {
            let folder = here.parent().map_or(Path::new("."), Path::new);
            panic!("{file} is not beside {}: run `cargo build -p hq -p till` first", folder.display())
        })
}
