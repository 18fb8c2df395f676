//! The stand-in devices of the walk: a program of the project, told by lines what happens to them.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use super::processes::Process;
use crate::project;

const ANSWER_LIMIT: Duration = Duration::from_secs(30);

/// A running counter; ends when dropped.
pub struct Counter {
    process: Process,
    addresses: Addresses,
}

/// Where the devices are.
#[derive(Deserialize)]
struct Addresses {
    printer: String,
    scanners: [String; 2],
}

/// What lies on the printer's paper.
#[derive(Debug, Deserialize)]
pub struct Paper {
    /// Slips that were begun.
    pub slips: usize,
    pub bytes: usize,
}

impl Counter {
    /// Starts the devices; the scanners' nodes lie in `folder`.
    pub fn start(folder: &Path, logs: &Path) -> Result<Counter> {
        let mut command = Command::new(project::debug_binary("counter"));
        command.arg(folder);
        let process = Process::spawn("the counter", &command, &logs.join("counter.log"))?;
        let line = process.line_within(ANSWER_LIMIT)?;
        let addresses = serde_json::from_str(&line).with_context(|| format!("the addresses {line:?}"))?;
        Ok(Counter { process, addresses })
    }

    /// `tcp://127.0.0.1:PORT`
    pub fn printer(&self) -> &str {
        &self.addresses.printer
    }

    /// `serial://…` of one of the two.
    pub fn scanner(&self, at: usize) -> &str {
        &self.addresses.scanners[at]
    }

    /// Lets something happen to them; answers what lies on the paper then.
    pub fn tell(&mut self, line: &str) -> Result<Paper> {
        self.process.tell(line)?;
        let answer = self.process.line_within(ANSWER_LIMIT)?;
        ensure!(!answer.contains("error"), "{line}: {answer}");
        serde_json::from_str(&answer).with_context(|| format!("{line}: {answer}"))
    }
}
