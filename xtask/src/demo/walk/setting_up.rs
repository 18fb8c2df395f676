//! From no device to a printer and two scanners that are known by name.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::Walk;
use crate::demo::day::LOOK;
use crate::demo::keys::Key;
use crate::wait;

impl Walk<'_> {
    pub fn no_devices(&mut self) -> Result<()> {
        self.day.enrol()?;
        self.day.sign_in()?;
        self.day.open_shift()?;
        self.day.press(Key::F(10))?;
        self.day.tap("more-devices")?;
        self.day.see("devices")
    }

    /// Opens the page of a new device, of the kind with this number, at this address.
    fn add(&self, kind: usize, address: &str, name: &str) -> Result<()> {
        self.day.tap("device-add")?;
        self.day.tap(&format!("device-kind-{kind}"))?;
        for (field, text) in [("device-new-uri", address), ("device-new-name", name)] {
            self.day.tap(field)?;
            self.day.display.key("ctrl+a")?;
            self.day.type_in(text)?;
        }
        self.day.tap("device-add-done")
    }

    pub fn add_printer(&mut self) -> Result<()> {
        let address = format!("{}?profile=58mm", self.counter.printer());
        self.add(0, &address, "TM-1")?;
        self.day.see("learn-print")
    }

    pub fn print_test_page(&mut self) -> Result<()> {
        self.day.tap("learn-print")?;
        self.day.see("learn-question")?;
        self.see_devices("what the printer answered", |devices| !devices[0]["printer"]["tested"].is_null())?;
        self.slips = self.counter.tell("state")?.slips;
        Ok(())
    }

    pub fn answer_about_the_paper(&mut self) -> Result<()> {
        // GBK, 32 columns, all there, the drawer shut.
        for choice in [2, 1, 1, 1] {
            self.day.tap(&format!("learn-choice-{choice}"))?;
        }
        self.day.see("learn-done")?;
        self.day.see_data("printer-profile", "columns", "32")?;
        self.see_devices("what was learnt", |devices| devices[0]["printer"]["sees_drawer"] == json!(true))
    }

    pub fn printer_page(&mut self) -> Result<()> {
        self.day.tap("learn-finish")?;
        self.day.see_data("device-state", "state", "ready")?;
        self.day.tap("device-test")?;
        self.day.see("device-tested")?;
        self.see_slips(1)
    }

    pub fn add_scanners(&mut self) -> Result<()> {
        for at in [0, 1] {
            self.day.press(Key::Escape)?;
            let address = self.counter.scanner(at).to_owned();
            self.add(3, &address, &format!("Scanner {}", at + 1))?;
            self.day.see_data("device-state", "state", "ready")?;
        }
        Ok(())
    }

    pub fn list_devices(&mut self) -> Result<()> {
        self.day.press(Key::Escape)?;
        self.day.see_count("device-row", 3)
    }

    /// Waits until the till says so of its devices.
    pub fn see_devices(&self, what: &str, holds: impl Fn(&Value) -> bool) -> Result<()> {
        wait::until(what, LOOK, || {
            let devices = self.day.ask("device_list", &json!(null))?;
            devices.as_array().context("a list")?;
            Ok(holds(&devices).then_some(()))
        })
    }
}
