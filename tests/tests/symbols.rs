//! The window links a browser that brings its own SQLite; the ledger's must not stand in for it.

use std::path::PathBuf;
use std::process::Command;

/// Beside the folder that holds this test.
fn window() -> PathBuf {
    let test = std::env::current_exe().expect("a running test has a path");
    let built = test.ancestors().nth(2).expect("tests are built into a folder of the target's");
    built.join("suanpan")
}

#[test]
fn the_window_keeps_its_sqlite_to_itself() {
    let program = window();
    assert!(program.exists(), "build the window first: cargo build -p suanpan");
    let listed = Command::new("nm").args(["-D", "--defined-only"]).arg(&program).output();
    let listed = listed.expect("nm is installed with build-essential");
    assert!(listed.status.success(), "{}", String::from_utf8_lossy(&listed.stderr));
    let names = String::from_utf8_lossy(&listed.stdout);
    let shown: Vec<&str> = names.lines().filter(|name| name.contains("sqlite3_")).collect();
    assert!(shown.is_empty(), "exported to the browser: {shown:?}");
}
