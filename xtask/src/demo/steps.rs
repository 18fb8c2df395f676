//! The record of a scripted day: each step printed as it goes, with a picture of the window after it.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Result, ensure};

use super::summary::Step;

/// What can draw the window as it looks now.
pub trait Camera {
    /// The window as PNG bytes.
    fn picture(&self) -> Result<Vec<u8>>;
}

/// The steps of one day so far.
pub struct Steps {
    folder: PathBuf,
    list: Vec<Step>,
}

impl Steps {
    /// Pictures go into `folder`.
    pub fn new(folder: &Path) -> Steps {
        Steps { folder: folder.to_path_buf(), list: Vec::new() }
    }

    /// Does one step, takes its picture whether or not it went well, and hands on its result.
    pub fn step<T>(&mut self, camera: &dyn Camera, name: &str, act: impl FnOnce() -> Result<T>) -> Result<T> {
        let n = u32::try_from(self.list.len()).unwrap_or(u32::MAX).saturating_add(1);
        let started = Instant::now();
        let result = act();
        let screenshot = self.picture(camera, n, name);
        let ok = result.is_ok() && screenshot.is_ok();
        println!(
            "{:>3} {} {name} ({} ms)",
            n,
            if ok { "ok    " } else { "FAILED" },
            started.elapsed().as_millis()
        );
        self.list.push(Step { n, name: name.to_string(), ok, screenshot: screenshot.as_ref().ok().cloned() });
        let done = result.map_err(|error| error.context(format!("step {n}, {name}")))?;
        screenshot.map_err(|error| error.context(format!("the picture of step {n}, {name}")))?;
        Ok(done)
    }

    /// The list for the summary.
    pub fn list(&self) -> &[Step] {
        &self.list
    }

    /// An error unless there were steps and each was seen.
    pub fn all_seen(&self) -> Result<()> {
        ensure!(!self.list.is_empty(), "the day had no steps");
        let failed: Vec<_> =
            self.list.iter().filter(|step| !step.ok).map(|step| step.name.as_str()).collect();
        ensure!(failed.is_empty(), "not seen on the screen: {}", failed.join(", "));
        Ok(())
    }

    fn picture(&self, camera: &dyn Camera, n: u32, name: &str) -> Result<String> {
        let file = format!("{n:02}-{}.png", slug(name));
        std::fs::write(self.folder.join(&file), camera.picture()?)?;
        Ok(file)
    }
}

/// `Scan a member's card` becomes `scan-a-members-card`.
fn slug(name: &str) -> String {
    let kept = name.to_lowercase().replace('\'', "");
    kept.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Blank;

    impl Camera for Blank {
        fn picture(&self) -> Result<Vec<u8>> {
            Ok(b"png".to_vec())
        }
    }

    #[test]
    fn a_step_that_fails_is_recorded_with_its_picture() {
        let folder = tempfile::tempdir().unwrap();
        let mut steps = Steps::new(folder.path());
        steps.step(&Blank, "Sign in", || Ok(())).unwrap();
        let error =
            steps.step::<()>(&Blank, "Scan a member's card", || anyhow::bail!("no answer")).unwrap_err();
        assert_eq!(format!("{error:#}"), "step 2, Scan a member's card: no answer");
        assert_eq!(steps.list()[1].screenshot.as_deref(), Some("02-scan-a-members-card.png"));
        assert!(folder.path().join("02-scan-a-members-card.png").exists());
        assert_eq!(steps.all_seen().unwrap_err().to_string(), "not seen on the screen: Scan a member's card");
    }

    #[test]
    fn a_day_without_steps_has_not_been_seen() {
        assert!(Steps::new(Path::new(".")).all_seen().is_err());
    }
}
