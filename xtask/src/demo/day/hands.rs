//! The cashier's hands and eyes: keys, scans, and looking until something is there.

use std::time::Duration;

use anyhow::{Context, Result, anyhow, ensure};
use serde_json::{Value, json};

use super::Day;
use crate::demo::keys::Key;
use crate::demo::shop::goods;
use crate::wait;

/// How long a cashier would look at the screen before calling it broken.
pub const LOOK: Duration = Duration::from_secs(20);

pub fn test(name: &str) -> String {
    format!("[data-test=\"{name}\"]")
}

impl Day<'_> {
    /// Through the same keyboard as what is typed, so that no key overtakes another on a busy machine.
    pub fn press(&self, key: Key) -> Result<()> {
        self.display.key(&key.x_name())
    }

    /// A click where the name is.
    pub fn tap(&self, name: &str) -> Result<()> {
        self.see(name)?;
        self.window.click(&test(name))
    }

    /// Types like fingers, which the window tells from a scanner by their rhythm.
    pub fn type_in(&self, text: &str) -> Result<()> {
        self.display.type_slowly(text)
    }

    /// Waits until the element is there.
    pub fn see(&self, name: &str) -> Result<()> {
        self.window.wait_for(&test(name), LOOK).map(drop)
    }

    /// Waits until it has gone.
    pub fn see_gone(&self, name: &str) -> Result<()> {
        wait::until(
            &format!("{name} gone"),
            LOOK,
            || Ok((self.window.count(&test(name))? == 0).then_some(())),
        )
    }

    /// Waits until so many of them are there.
    pub fn see_count(&self, name: &str, wanted: usize) -> Result<()> {
        wait::until(&format!("{wanted} of {name}"), LOOK, || {
            let seen = self.window.count(&test(name))?;
            ensure!(seen == wanted, "there are {seen}");
            Ok(Some(()))
        })
    }

    pub fn see_phase(&self, phase: &str) -> Result<()> {
        self.see_data("phase", "phase", phase)
    }

    /// Waits until `data-<data>` of the element is `wanted`.
    pub fn see_data(&self, name: &str, data: &str, wanted: &str) -> Result<()> {
        wait::until(&format!("{name} with data-{data} {wanted}"), LOOK, || {
            let seen = self.data(name, data)?;
            ensure!(seen == wanted, "it is {seen}");
            Ok(Some(()))
        })
    }

    /// Waits until a figure is one that `good` likes, and hands it on.
    pub fn see_number(&self, name: &str, data: &str, good: impl Fn(i64) -> bool) -> Result<i64> {
        wait::until(&format!("a fitting data-{data} of {name}"), LOOK, || {
            let seen: i64 = self.data(name, data)?.parse().context("a figure")?;
            ensure!(good(seen), "it is {seen}");
            Ok(Some(seen))
        })
    }

    /// Waits for a strip with this code.
    pub fn see_strip(&self, code: &str) -> Result<()> {
        self.see_data("strip", "code", code)
    }

    /// Waits until the element shows this text somewhere.
    pub fn see_text(&self, name: &str, wanted: &str) -> Result<()> {
        let body = "return document.querySelector(arguments[0])?.textContent ?? ''";
        wait::until(&format!("{wanted:?} in {name}"), LOOK, || {
            let seen = self.window.script(body, &[json!(test(name))])?;
            ensure!(seen.as_str().is_some_and(|text| text.contains(wanted)), "it shows {seen}");
            Ok(Some(()))
        })
    }

    pub fn data(&self, name: &str, data: &str) -> Result<String> {
        let body = "return document.querySelector(arguments[0])?.getAttribute(arguments[1]) ?? null";
        let seen = self.window.script(body, &[json!(test(name)), json!(format!("data-{data}"))])?;
        seen.as_str().map(str::to_owned).with_context(|| format!("there is no {name} with data-{data}"))
    }

    /// Asks the till behind the window; for looking only, the day itself is played by hand.
    pub fn ask(&self, command: &str, args: &Value) -> Result<Value> {
        let body = "const done = arguments[arguments.length - 1];
            window.__TAURI_INTERNALS__.invoke(arguments[0], { args: arguments[1] })
                .then((data) => done({ data }), (failure) => done({ failure }))";
        let mut answer = self.window.script_async(body, &[json!(command), args.clone()])?;
        match answer.get("failure") {
            None => Ok(answer["data"].take()),
            Some(failure) => Err(anyhow!("{command}: {failure}")),
        }
    }

    /// Waits until the virtual printer's paper with this receipt lies on the screen, drawn.
    pub fn see_paper(&self, receipt: &str) -> Result<()> {
        self.see_data("paper", "receipt", receipt)?;
        let body = "return document.querySelector(arguments[0])?.naturalWidth ?? 0";
        wait::until("the picture of the paper", LOOK, || {
            let width = self.window.script(body, &[json!(test("paper-image"))])?;
            Ok((width.as_u64() > Some(0)).then_some(()))
        })
    }

    /// Rings up one article by keyboard scanner and takes the exact cash for what is in the cart.
    pub fn sell_one(&self) -> Result<()> {
        let latest = |day: &Self| day.ask("sale_list", &json!({ "limit": 1 }));
        let before = latest(self)?;
        self.display.scan(&goods(1)?[0])?;
        self.see("cart-line")?;
        self.press(Key::Space)?;
        wait::until("the sale", LOOK, || Ok((latest(self)? != before).then_some(())))
    }

    /// Receipt number of the sale that was finished last.
    pub fn last_receipt(&self) -> Result<String> {
        self.see("last-receipt-no")?;
        let sales = self.ask("sale_list", &json!({ "limit": 1 }))?;
        sales[0]["receipt_no"].as_str().map(str::to_owned).context("a sale was finished")
    }
}
