//! What a run leaves behind: `report.json` for machines, one last line for people.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sync::decide::table::CLASSES;

use super::campaign::Tally;
use super::planted::Caught;

pub const FILE: &str = "report.json";

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Report {
    /// First and last seed that this report counts.
    pub first: u64,
    pub last: u64,
    pub seeds: u64,
    pub steps: u64,
    pub events: u64,
    pub seconds: u64,
    /// Hash over every seed's trace.
    pub trace: String,
    pub violations: Vec<Failed>,
    /// Seeds that had each fault.
    pub faults: BTreeMap<String, u64>,
    /// Seeds that were about each theme.
    #[serde(default)]
    pub themes: BTreeMap<String, u64>,
    /// Seeds that met each class of conflict, those that none met with 0.
    #[serde(default)]
    pub classes: BTreeMap<String, u64>,
    #[serde(default)]
    pub planted: Vec<Caught>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Failed {
    pub seed: u64,
    pub violation: String,
    pub faults: Vec<String>,
    pub trace: Vec<String>,
}

impl Report {
    /// The report of an earlier run; an empty one where there is none.
    pub fn load(folder: &Path) -> Report {
        let text = fs::read_to_string(folder.join(FILE)).unwrap_or_default();
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// # Errors
    /// The disk's.
    pub fn save(&self, folder: &Path) -> io::Result<()> {
        fs::create_dir_all(folder)?;
        let text = serde_json::to_string_pretty(self).map_err(io::Error::other)?;
        fs::write(folder.join(FILE), text)
    }

    /// Adds what seeds `first ..` came to; this report goes on from there.
    pub fn add(&mut self, first: u64, tally: &Tally, seconds: u64) {
        if self.seeds == 0 {
            self.first = first;
        }
        self.last = first + tally.seeds.saturating_sub(1);
        self.seeds += tally.seeds;
        self.steps += tally.steps;
        self.events += tally.events;
        self.seconds += seconds;
        self.trace.clone_from(&tally.trace);
        for (fault, seeds) in &tally.faults {
            *self.faults.entry((*fault).to_owned()).or_default() += seeds;
        }
        for (theme, seeds) in &tally.themes {
            *self.themes.entry((*theme).to_owned()).or_default() += seeds;
        }
        for class in CLASSES {
            let seeds = tally.classes.get(class.class).copied().unwrap_or(0);
            *self.classes.entry(class.class.to_owned()).or_default() += seeds;
        }
        self.violations.extend(tally.violations.iter().map(|outcome| Failed {
            seed: outcome.seed,
            violation: outcome.violation.clone().unwrap_or_default(),
            faults: outcome.faults.iter().map(|fault| (*fault).to_owned()).collect(),
            trace: outcome.lines.clone(),
        }));
    }

    /// Classes that no seed met.
    pub fn unmet(&self) -> Vec<&str> {
        let unmet =
            CLASSES.iter().filter(|class| self.classes.get(class.class).is_none_or(|seeds| *seeds == 0));
        unmet.map(|class| class.class).collect()
    }

    /// The line that scripts read.
    pub fn last_line(&self) -> String {
        format!(
            "seeds={} violations={} steps={} trace={}",
            self.seeds,
            self.violations.len(),
            self.steps,
            self.trace
        )
    }
}
