//! What a run came to, and all runs together.

use serde::Serialize;

use super::plan::Database;

#[derive(Clone, Debug, Default, Serialize)]
pub struct Run {
    pub seed: u64,
    pub database: String,
    pub theme: String,
    pub kills: u64,
    pub faults: u64,
    /// Sales and refunds that were answered.
    pub events: u64,
    pub ms: u64,
    pub lost: u64,
    pub doubled: u64,
    /// Everything that does not agree, in words; empty when all does.
    pub wrong: Vec<String>,
}

impl Run {
    /// A run that came to no end.
    pub fn broken(seed: u64, database: Database, why: String) -> Run {
        Run { seed, database: database.name(), wrong: vec![why], ..Run::default() }
    }
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    pub runs: Vec<Run>,
    /// Runs that this machine could not do, with the reason.
    pub skipped: Vec<String>,
}

impl Report {
    pub fn is_clean(&self) -> bool {
        self.runs.iter().all(|run| run.wrong.is_empty() && run.lost == 0 && run.doubled == 0)
    }

    /// `runs=N kills=K events=E lost=0 doubled=0`
    pub fn last_line(&self) -> String {
        let sum = |of: fn(&Run) -> u64| self.runs.iter().map(of).sum::<u64>();
        format!(
            "runs={} kills={} events={} lost={} doubled={}",
            self.runs.len(),
            sum(|run| run.kills),
            sum(|run| run.events),
            sum(|run| run.lost),
            sum(|run| run.doubled)
        )
    }
}
