//! Scanners: explained, tried, two at once, under an input method, held back, misread, unplugged.

use anyhow::{Result, ensure};
use serde_json::json;

use super::Walk;
use crate::demo::keys::Key;
use crate::demo::shop::goods;

/// What the sheet's trial code says, and what a scanner says that exchanges large and small letters.
const TRIAL: &str = "SZ1:aQzWyM-0189_/;";
const SWAPPED: &str = "sz1:AqZwYm-0189_/;";
const WECHAT: &str = "134567890123456789";
/// Goods but for their last digit.
const MISREAD: [&str; 3] = ["6921168509257", "6907992513820", "6914068019520"];

impl Walk<'_> {
    fn scan(&mut self, scanner: usize, code: &str) -> Result<()> {
        self.counter.tell(&format!("scan {scanner} {code}")).map(drop)
    }

    pub fn explain_a_code(&mut self) -> Result<()> {
        self.day.tap("device-scan-test")?;
        self.day.see("scan-test")?;
        let code = goods(1)?.remove(0);
        self.scan(0, &code)?;
        self.day.see_data("scan-row", "kind", "goods")?;
        self.scan(1, WECHAT)?;
        self.day.see_data("scan-row", "kind", "payment")?;
        self.day.see_text("scan-test", "…6789")
    }

    pub fn trial_codes(&mut self) -> Result<()> {
        self.day.tap("scan-trial")?;
        self.day.see("scan-sheet")?;
        self.scan(0, TRIAL)?;
        self.day.see_data("scan-row", "kind", "setup")
    }

    pub fn wrong_setting(&mut self) -> Result<()> {
        self.day.tap("scan-trial")?;
        self.day.see_gone("scan-sheet")?;
        self.scan(1, SWAPPED)?;
        self.day.see_text("scan-check", "Caps Lock")
    }

    pub fn offered_device(&mut self) -> Result<()> {
        self.scan(0, "SZ2:printer:tcp://10.0.0.8:9100?profile=80mm")?;
        self.day.tap("scan-add")?;
        self.day.see("device-new")
    }

    /// Back to the sale, whatever lies over it.
    fn leave_pages(&self) -> Result<()> {
        for page in ["device-new", "device", "devices", "scan-test"] {
            if self.day.window.count(&format!("[data-test=\"{page}\"]"))? > 0 {
                self.day.press(Key::Escape)?;
                self.day.see_gone(page)?;
            }
        }
        Ok(())
    }

    pub fn two_scanners(&mut self) -> Result<()> {
        self.leave_pages()?;
        let codes = goods(2)?;
        self.scan(0, &codes[0])?;
        self.scan(1, &codes[1])?;
        self.day.see_count("cart-line", 2)
    }

    pub fn bounce(&mut self) -> Result<()> {
        let code = goods(3)?.remove(2);
        self.scan(0, &format!("{code}\r{code}"))?;
        self.day.see_count("cart-line", 3)?;
        ensure!(self.pieces()? == 3, "a bounce was rung up twice");
        self.scan(1, &code)?;
        crate::wait::until("the second piece", crate::demo::day::LOOK, || {
            Ok((self.pieces()? == 4).then_some(()))
        })
    }

    fn pieces(&self) -> Result<u64> {
        let screen = self.day.ask("screen", &json!(null))?;
        Ok(screen["cart"]["pieces"].as_u64().unwrap_or_default())
    }

    /// The keys as an input method lets them through: the character is gone, the physical key is there.
    pub fn input_method(&mut self) -> Result<()> {
        let code = goods(4)?.remove(3);
        let body = "for (const digit of arguments[0]) dispatchEvent(new KeyboardEvent('keydown', {
                key: 'Process', code: `Digit${digit}`, keyCode: 229, isComposing: true, bubbles: true, cancelable: true }));
            dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', code: 'Enter', bubbles: true, cancelable: true }))";
        self.day.window.script(body, &[json!(code)])?;
        self.day.see_count("cart-line", 4)
    }

    pub fn payment_code(&mut self) -> Result<()> {
        self.scan(0, WECHAT)?;
        self.day.see_strip("payment_code_early")?;
        self.day.see_count("cart-line", 4)
    }

    pub fn codes_wait(&mut self) -> Result<()> {
        self.day.press(Key::Escape)?;
        self.day.press(Key::F(10))?;
        self.day.tap("more-cash")?;
        self.day.see_gone("more")?;
        let code = goods(5)?.remove(4);
        self.scan(0, &code)?;
        self.day.press(Key::Escape)?;
        self.day.see_count("cart-line", 5)
    }

    pub fn unplugged(&mut self) -> Result<()> {
        self.counter.tell("unplug 0")?;
        self.day.see_data("printer-card", "state", "device")
    }

    pub fn plugged_in(&mut self) -> Result<()> {
        self.counter.tell("plug 0")?;
        self.day.see_gone("printer-card")?;
        let code = goods(1)?.remove(0);
        self.scan(0, &code)?;
        self.day.see_count("cart-line", 1)
    }

    pub fn misread(&mut self) -> Result<()> {
        for code in MISREAD {
            self.scan(0, code)?;
        }
        self.day.see_strip("scanner_settings")
    }

    pub fn to_the_scan_test(&mut self) -> Result<()> {
        self.day.tap("strip-scan-test")?;
        self.day.see("scan-test")?;
        self.day.tap("scan-trial")?;
        self.day.see("scan-sheet")
    }
}
