//! Measures the figures of docs/BENCHMARKS.md; `cargo xtask bench` builds and runs it.
#![allow(clippy::print_stderr, reason = "a measuring program talks to the person at the terminal")]

use std::path::PathBuf;
use std::process::ExitCode;

use suanpan_tests::bench::{self, Bench, syncs};

/// `bench --out DIR [--window FILE] [--full] [NAME]`
fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let (mut folder, mut window, mut full, mut wanted) = (None, None, false, None);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--full" => full = true,
            "--window" => window = words.next().map(PathBuf::from),
            "--out" => folder = words.next().map(PathBuf::from),
            // What is run again by itself under a tracer.
            syncs::CHILD => return syncs::child(words),
            name => wanted = Some(name.to_owned()),
        }
    }
    let Some(folder) = folder else {
        eprintln!("bench: --out DIR is missing; `cargo xtask bench` knows it");
        return ExitCode::from(2);
    };
    match bench::run(&Bench { folder, full, wanted, window }) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}
