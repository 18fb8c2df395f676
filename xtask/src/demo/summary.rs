//! target/demo/summary.json: what the scripted day did, for whoever checks it from outside.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::project;
use crate::tally::Tally;

/// The whole file. Money in fen, points in points, times RFC 3339 with zone.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Summary {
    pub version: String,
    pub started_at: String,
    pub ended_at: String,
    pub ok: bool,
    pub steps: Vec<Step>,
    pub sales: Vec<Sale>,
    pub members: Vec<Member>,
    pub printed: u64,
    pub received: u64,
    pub decided: u64,
    pub missing: u64,
    pub doubled: u64,
    pub close: Option<Close>,
}

/// One thing that had to be seen on the screen.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Step {
    pub n: u32,
    pub name: String,
    pub ok: bool,
    /// File name beside the summary; none when the window could not be drawn any more.
    pub screenshot: Option<String>,
}

/// A sale or refund as the till made it and as headquarters decided it.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Sale {
    pub sale_id: String,
    pub receipt_no: String,
    pub terminal: String,
    pub epoch: String,
    pub seq: u64,
    pub online: bool,
    pub kind: String,
    pub total_fen: i64,
    pub tenders: Vec<Tender>,
    pub member: Option<String>,
    pub points_earned: i64,
    pub points_redeemed: i64,
    pub verdict: Option<String>,
    pub case: Option<String>,
    pub receipt_bin: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct Tender {
    pub kind: String,
    pub amount_fen: i64,
}

/// A member's confirmed points before and after the day.
#[derive(Debug, Serialize, Deserialize)]
pub struct Member {
    pub id: String,
    pub confirmed_before: i64,
    pub confirmed_after: i64,
}

/// What both sides hold to be the day's total.
#[derive(Debug, Serialize, Deserialize)]
pub struct Close {
    pub till_total_fen: i64,
    pub hq_total_fen: i64,
    pub agreed: bool,
}

impl Summary {
    /// Writes it as target/demo/summary.json below `folder`.
    pub fn write(&self, folder: &Path) -> Result<()> {
        let text = serde_json::to_string_pretty(self)?;
        std::fs::write(folder.join("summary.json"), text + "\n").context("writing summary.json")
    }
}

/// Where the demo leaves its results.
pub fn folder() -> PathBuf {
    project::target().join("demo")
}

/// How many steps of the last day passed and failed; nothing when it left no summary.
pub fn tally() -> Result<Tally> {
    let Ok(text) = std::fs::read_to_string(folder().join("summary.json")) else {
        return Ok(Tally::default());
    };
    let summary: Summary = serde_json::from_str(&text).context("reading summary.json")?;
    let mut tally = Tally::default();
    for step in &summary.steps {
        tally += Tally::of(step.ok);
    }
    Ok(tally)
}

/// This moment as RFC 3339 with the zone of this machine.
pub fn now() -> String {
    chrono::Local::now().to_rfc3339_opts(chrono::SecondsFormat::Millis, false)
}
