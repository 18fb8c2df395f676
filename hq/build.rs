//! Builds the program again when the console was built: its files are embedded.

use std::path::Path;

const CONSOLE: &str = "../ui/console";
const BUILT: &str = "../ui/console/dist";

fn main() {
    // A watched path that does not exist would mean a new build each time; its parent tells as well.
    let watched = if Path::new(BUILT).exists() { BUILT } else { CONSOLE };
    println!("cargo::rerun-if-changed={watched}");
}
