//! The table on the screen and the report in the file.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use serde::Serialize;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Met,
    Short,
    /// No floor: printed, never judged.
    Goal,
    NotRun,
}

/// One row; times in `unit`.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub name: String,
    pub unit: String,
    pub value_p50: f64,
    pub value_p99: f64,
    pub floor_p50: Option<f64>,
    pub ratio_median: Option<f64>,
    pub ratio_min: Option<f64>,
    pub ratio_max: Option<f64>,
    pub better: String,
    pub budget: String,
    pub status: Status,
    pub slices: usize,
    pub counters: BTreeMap<String, f64>,
}

#[derive(Serialize)]
struct Report {
    commit: String,
    cpu: String,
    rows: Vec<Row>,
}

/// # Errors
/// The disk's.
pub fn write(folder: &Path, rows: Vec<Row>) -> std::io::Result<()> {
    let report = Report { commit: commit(), cpu: cpu(), rows };
    let text = serde_json::to_string_pretty(&report).map_err(std::io::Error::other)?;
    std::fs::write(folder.join("report.json"), text + "\n")
}

/// The head of the table.
pub fn heading() -> String {
    format!(
        "{:<16} {:>10} {:>10} {:>10} {:>22}  {:<8} budget",
        "figure", "p50", "p99", "floor p50", "ratio (min..max)", "status"
    )
}

/// A row of the table.
pub fn line(row: &Row) -> String {
    let time = |time: f64| format!("{time:.3} {}", row.unit);
    let ratio = match (row.ratio_median, row.ratio_min, row.ratio_max) {
        (Some(median), Some(min), Some(max)) => format!("{median:.2} ({min:.2}..{max:.2})"),
        _ => String::new(),
    };
    let status = format!("{:?}", row.status).to_lowercase();
    let counters: String =
        row.counters.iter().map(|(name, value)| format!("\n    {name} {value:.2}")).collect();
    let floor = row.floor_p50.map(time).unwrap_or_default();
    let (p50, p99) = (time(row.value_p50), time(row.value_p99));
    format!(
        "{:<16} {p50:>10} {p99:>10} {floor:>10} {ratio:>22}  {status:<8} {}{counters}",
        row.name, row.budget
    )
}

fn commit() -> String {
    said(Command::new("git").args(["rev-parse", "--short=12", "HEAD"]))
        .unwrap_or_else(|| "unknown".to_owned())
}

/// Model and number of processors.
fn cpu() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let count = std::thread::available_parallelism().map_or(0, usize::from);
    format!("{count} x {}", model.map_or(std::env::consts::ARCH, |(_, model)| model))
}

fn said(command: &mut Command) -> Option<String> {
    let output = command.output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
