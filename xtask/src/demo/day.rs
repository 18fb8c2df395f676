//! The scripted shop day: what a cashier does from the first key to the close, through the real window.

use std::time::Duration;

use anyhow::Result;

use super::display::Display;
use super::shop::Shop;
use super::steps::Steps;
use super::summary::Summary;
use super::webdriver::Session;
use crate::wait;

const FIRST_PAINT_LIMIT: Duration = Duration::from_secs(20);

/// Everything that the day is played with.
pub struct Day<'a> {
    pub window: &'a Session<'a>,
    pub display: &'a Display,
    pub shop: &'a mut Shop,
    pub summary: &'a mut Summary,
}

impl Day<'_> {
    /// Plays it; stops at the first step that is not seen.
    pub fn run(&mut self, steps: &mut Steps<'_>) -> Result<()> {
        steps.step("The window opens", || self.window_opens())
    }

    fn window_opens(&self) -> Result<()> {
        wait::until("something to read in the window", FIRST_PAINT_LIMIT, || {
            let text = self.window.text("body")?;
            Ok((!text.trim().is_empty()).then_some(()))
        })
    }
}
