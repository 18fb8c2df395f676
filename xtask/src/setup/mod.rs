//! Installing what building, testing and showing need: system packages, npm modules.

pub mod apt;
pub mod npm;
pub mod tools;

use anyhow::Result;

/// What this machine can do after setting up, and what had to be left out.
#[derive(Debug, Default)]
pub struct Ready {
    /// The window's libraries are there, so the whole workspace can be built.
    pub can_build_window: bool,
    /// A virtual display and the driver of the web view are there.
    pub can_drive_window: bool,
    /// The npm workspace is installed.
    pub has_ui: bool,
    /// One sentence each, with what to do about it.
    pub skipped: Vec<String>,
}

impl Ready {
    /// Prints what was left out and how to get it.
    pub fn say_what_was_skipped(&self) {
        for sentence in &self.skipped {
            println!("setup: skipped: {sentence}");
        }
    }
}

/// Sets up for `cargo xtask test`, `demo` and `package`.
pub fn everything() -> Result<Ready> {
    let mut ready = Ready::default();
    ready.skipped.extend(apt::install(apt::BUILD.iter().chain(apt::TEST).chain(apt::DATABASE).copied()));
    ready.can_build_window = apt::has_all(apt::BUILD);
    ready.can_drive_window = apt::has_all(apt::TEST);
    match npm::install()? {
        npm::Installed::Yes => ready.has_ui = true,
        npm::Installed::No { reason } => ready.skipped.push(reason),
    }
    Ok(ready)
}
