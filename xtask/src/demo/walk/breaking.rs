//! A printer in each of its troubles, and a drawer: what is said, what goes on, what the cashier answers.

use std::time::Duration;

use anyhow::Result;
use serde_json::json;

use super::Walk;
use crate::demo::day::LOOK;
use crate::demo::keys::Key;
use crate::wait;

/// Into a receipt, past the question that goes before it.
const MIDDLE_BYTES: usize = 160;
/// Longer than the till waits before it says who holds the printer, or that a drawer is open.
const LONG: Duration = Duration::from_secs(100);

impl Walk<'_> {
    fn see_printer(&self, state: &str) -> Result<()> {
        self.day.see_data("status-printer", "state", state)
    }

    /// Waits until the till knows the cause, which both languages name.
    fn see_cause(&self, cause: &str, limit: Duration) -> Result<()> {
        wait::until(&format!("the cause {cause}"), limit, || {
            let screen = self.day.ask("screen", &json!(null))?;
            Ok((screen["printer"]["cause"] == json!(cause)).then_some(()))
        })
    }

    pub fn paper_ends(&mut self) -> Result<()> {
        self.counter.tell(&format!("paper {MIDDLE_BYTES}"))?;
        self.slips = 0;
        self.sell()?;
        self.see_printer("blocked")?;
        self.see_cause("paper_end", LOOK)?;
        self.day.see("printer-card")
    }

    pub fn sell_without_paper(&mut self) -> Result<()> {
        self.sell()?;
        self.day.see_text("status-printer", "缺纸")
    }

    pub fn in_english(&mut self) -> Result<()> {
        self.day.ask("settings_language", &json!({ "language": "en" }))?;
        self.day.see_text("printer-card", "Out of paper; no receipt is lost")
    }

    pub fn new_paper(&mut self) -> Result<()> {
        self.day.ask("settings_language", &json!({ "language": "zh-CN" }))?;
        self.counter.tell("well")?;
        self.see_slips(2)?;
        self.see_printer("ready")
    }

    /// A trouble that is there when the next receipt comes, and gone again behind the picture's step.
    fn trouble(&mut self, name: &str, cause: &str) -> Result<()> {
        if self.counter.tell("well")?.slips > self.slips {
            self.slips = self.counter.tell("state")?.slips;
        }
        self.counter.tell(name)?;
        self.sell()?;
        self.see_cause(cause, LOOK)?;
        self.see_printer("blocked")?;
        self.day.see("printer-card")
    }

    pub fn cover_open(&mut self) -> Result<()> {
        self.trouble("cover-open", "cover_open")
    }

    pub fn cutter(&mut self) -> Result<()> {
        self.mend()?;
        self.trouble("cutter", "cutter")
    }

    pub fn too_hot(&mut self) -> Result<()> {
        self.mend()?;
        self.trouble("hot", "overheated")
    }

    /// The trouble is over, and the receipt that waited comes out once.
    fn mend(&mut self) -> Result<()> {
        self.counter.tell("well")?;
        self.see_slips(1)?;
        self.see_printer("ready")
    }

    pub fn cable_pulled(&mut self) -> Result<()> {
        self.mend()?;
        self.counter.tell(&format!("cut {MIDDLE_BYTES}"))?;
        self.sell()?;
        self.day.see("uncertain")?;
        self.see_printer("asks")?;
        self.see_slips(1)
    }

    pub fn copy(&mut self) -> Result<()> {
        self.counter.tell("free")?;
        self.day.tap("uncertain-copy")?;
        self.day.see_gone("uncertain")?;
        self.see_slips(1)?;
        self.see_printer("ready")
    }

    pub fn stalled(&mut self) -> Result<()> {
        self.counter.tell(&format!("deaf {MIDDLE_BYTES}"))?;
        self.sell()?;
        self.see_printer("printing")?;
        // The next customer waits for nothing.
        self.sell()?;
        self.day.see("uncertain")
    }

    pub fn whole(&mut self) -> Result<()> {
        self.counter.tell("free")?;
        self.day.tap("uncertain-complete")?;
        self.day.see_gone("uncertain")?;
        self.see_printer("ready")
    }

    pub fn drawer_shut(&mut self) -> Result<()> {
        self.slips = self.counter.tell("state")?.slips;
        self.counter.tell("closed")?;
        self.sell()?;
        self.day.see_strip("drawer_shut")
    }

    pub fn occupied(&mut self) -> Result<()> {
        self.see_cause("occupied", LONG)?;
        self.day.see_text("status-printer", "占用")
    }

    pub fn free_again(&mut self) -> Result<()> {
        self.counter.tell("free")?;
        self.see_slips(1)?;
        self.see_printer("ready")
    }

    pub fn drawer_left_open(&mut self) -> Result<()> {
        self.day.press(Key::Escape)?;
        self.day.see_gone("scan-test")?;
        self.counter.tell("drawer-open")?;
        self.sell()?;
        wait::until("the reminder", LONG, || {
            Ok((self.day.data("strip", "code")? == "drawer_open").then_some(()))
        })
    }
}
