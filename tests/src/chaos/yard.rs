//! Several runs at once: each mostly waits, so a core carries more than one.

use std::any::Any;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::channel;
use std::sync::{Mutex, PoisonError};

use super::plan::Database;
use super::report::{Report, Run};
use super::run;

/// Runs every seed, `at_once` of them at a time, and tells each as it ends; the databases take turns.
pub fn every(seeds: Range<u64>, at_once: usize, tell: impl Fn(&Run)) -> Report {
    let seeds = Mutex::new(seeds);
    let (sender, ended) = channel();
    let mut report = Report::default();
    std::thread::scope(|threads| {
        for _ in 0..at_once {
            let (sender, seeds) = (sender.clone(), &seeds);
            threads.spawn(move || {
                // The lock is not held during a run.
                let next = || seeds.lock().unwrap_or_else(PoisonError::into_inner).next();
                while let Some(seed) = next() {
                    // Nobody listens any more only when the listener panicked.
                    let _ = sender.send((seed, one(seed)));
                }
            });
        }
        drop(sender);
        for (seed, run) in ended {
            match run {
                Some(run) => {
                    tell(&run);
                    report.runs.push(run);
                }
                None => report.skipped.push(format!("seed {seed}: no PostgreSQL here")),
            }
        }
    });
    report.runs.sort_by_key(|run| run.seed);
    report
}

/// A program that does not come back is a finding of its run and not the end of the others.
fn one(seed: u64) -> Option<Run> {
    let database = if seed % 2 == 1 { Database::Sqlite } else { Database::Postgres };
    let done = catch_unwind(AssertUnwindSafe(|| run(seed, database)));
    done.unwrap_or_else(|broke| Some(Run::broken(seed, database, words(&*broke))))
}

fn words(broke: &(dyn Any + Send)) -> String {
    let text = broke.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| broke.downcast_ref::<&str>().copied()).unwrap_or("a panic without words").to_owned()
}
