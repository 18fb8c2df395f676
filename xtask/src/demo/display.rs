//! A display without a screen: Xvfb on a number that it finds free, and a scanner that types into it.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::processes::Process;

/// Between two keys of a person. A scanner is below 35; a busy machine hands keys on in clumps.
const FINGERS_MS: &str = "130";
const START_LIMIT: Duration = Duration::from_secs(15);

/// A running Xvfb; ends when dropped.
pub struct Display {
    number: u32,
    _server: Process,
}

impl Display {
    /// Starts it at this size in pixels and waits until it takes clients.
    pub fn start(width_px: u32, height_px: u32, logs: &Path) -> Result<Display> {
        let mut command = Command::new("Xvfb");
        // With -displayfd the server picks a free number and writes it once it is ready.
        command.args(["-displayfd", "1", "-nolisten", "tcp", "-noreset", "-screen", "0"]);
        command.arg(format!("{width_px}x{height_px}x24"));
        let server = Process::spawn("Xvfb", &command, &logs.join("xvfb.log"))?;
        let line = server.line_within(START_LIMIT)?;
        let number = line.trim().parse().with_context(|| format!("Xvfb said {line:?} as its number"))?;
        Ok(Display { number, _server: server })
    }

    /// The value of `DISPLAY` for the programs to be shown on it.
    pub fn name(&self) -> String {
        format!(":{}", self.number)
    }

    /// What a scanner that is a keyboard does: the code at 2 ms a key, then Return.
    pub fn scan(&self, code: &str) -> Result<()> {
        self.xdotool(&["type", "--delay", "2", "--", code])?;
        self.xdotool(&["key", "Return"])
    }

    /// Types as fingers do: slow enough not to be taken for a scanner.
    pub fn type_slowly(&self, text: &str) -> Result<()> {
        self.xdotool(&["type", "--delay", FINGERS_MS, "--", text])
    }

    /// One key or chord by its X name, e.g. `ctrl+a`.
    pub fn key(&self, chord: &str) -> Result<()> {
        self.xdotool(&["key", chord])
    }

    /// Lays the pointer there: without a window manager keys go to the window beneath it.
    pub fn point_at(&self, x_px: u32, y_px: u32) -> Result<()> {
        self.xdotool(&["mousemove", &x_px.to_string(), &y_px.to_string()])
    }

    fn xdotool(&self, arguments: &[&str]) -> Result<()> {
        let output = Command::new("xdotool").args(arguments).env("DISPLAY", self.name()).output();
        let output = output.context("xdotool could not be started")?;
        ensure!(output.status.success(), "xdotool: {}", String::from_utf8_lossy(&output.stderr).trim());
        Ok(())
    }
}
