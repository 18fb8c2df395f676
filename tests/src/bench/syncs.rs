//! How often a checkout waits for the disk: counted by the kernel, under strace, in a process of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use super::Bench;
use super::fixture::{self, SHOP};
use super::rush::Rush;

/// Asks the measuring program to be the traced child.
pub const CHILD: &str = "--checkouts";
const FEW: usize = 20;
const MANY: usize = 220;

/// The traced child: `--checkouts FOLDER COUNT`.
pub fn child(mut words: impl Iterator<Item = String>) -> ExitCode {
    let folder = words.next().map(PathBuf::from);
    let count = words.next().and_then(|count| count.parse::<usize>().ok());
    let (Some(folder), Some(count)) = (folder, count) else { return ExitCode::from(2) };
    let mut rush = Rush::open(&folder, SHOP.members, SHOP.goods);
    for _ in 0..count {
        rush.check_out();
    }
    rush.close();
    ExitCode::SUCCESS
}

/// `fsync` and `fdatasync` calls of one checkout; None where strace is missing. Start and end of the
/// till sync too: they are in both runs and fall out of the difference.
pub fn of_a_checkout(bench: &Bench) -> Option<f64> {
    let folder = bench.scratch("syncs");
    fixture::copy(bench, SHOP, &folder);
    // The very first start also opens the shift; it belongs to neither run.
    calls(&folder, FEW)?;
    let few = calls(&folder, FEW)?;
    let many = calls(&folder, MANY)?;
    Some(many.saturating_sub(few) as f64 / (MANY - FEW) as f64)
}

fn calls(folder: &Path, count: usize) -> Option<u64> {
    let table = folder.join(format!("strace-{count}.txt"));
    let mut command = Command::new("strace");
    command.args(["-f", "-c", "-e", "trace=fsync,fdatasync", "-o"]).arg(&table);
    command.arg(std::env::current_exe().ok()?).arg(CHILD).arg(folder).arg(count.to_string());
    let Ok(status) = command.stdout(Stdio::null()).status() else {
        println!("  (fsyncs are not counted: strace is not installed)");
        return None;
    };
    if !status.success() {
        println!("  (fsyncs are not counted: strace ended with {status})");
        return None;
    }
    Some(counted(&std::fs::read_to_string(table).ok()?))
}

/// Sums the column `calls` of strace's summary over both system calls.
fn counted(table: &str) -> u64 {
    let of = |line: &str| -> Option<u64> {
        let words: Vec<&str> = line.split_whitespace().collect();
        let is_sync = matches!(words.last(), Some(&"fsync" | &"fdatasync"));
        is_sync.then(|| words.get(3)?.parse().ok())?
    };
    table.lines().filter_map(of).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_calls_of_both_kinds_are_summed() {
        let table = "% time     seconds  usecs/call     calls    errors syscall\n\
            ------ ----------- ----------- --------- --------- ----------------\n\
             90.00    0.100000         500       200           fdatasync\n\
             10.00    0.010000         500        21         1 fsync\n\
            100.00    0.110000         498       221         1 total\n";
        assert_eq!(counted(table), 221);
    }
}
