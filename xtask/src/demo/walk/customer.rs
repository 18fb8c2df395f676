//! The customer's own window, looked at beside the cashier's from the first goods to the change and a top-up.

use anyhow::{Context, Result};
use serde_json::json;

use super::Walk;
use crate::demo::day::LOOK;
use crate::demo::keys::Key;
use crate::demo::shop::{MEMBER_CARD, goods};
use crate::wait;

/// On the cashier's window and beside the customer's, which is smaller and lies over its corner.
const BESIDE_PX: (u32, u32) = (1300, 720);

impl Walk<'_> {
    fn as_cashier(&self) -> Result<()> {
        self.day.window.turn_to(self.cashiers.as_deref().context("there is a cashier's window")?)
    }

    fn as_customer(&self) -> Result<()> {
        let other = wait::until("a second window", LOOK, || {
            Ok(self.day.window.windows()?.into_iter().find(|one| Some(one) != self.cashiers.as_ref()))
        })?;
        self.day.window.turn_to(&other)
    }

    fn see_scene(&self, scene: &str) -> Result<()> {
        self.day.see_data("customer", "scene", scene)
    }

    /// One press of the key that opens and closes the customer's window.
    fn switch(&self, wanted: &str) -> Result<()> {
        self.day.press(Key::F(10))?;
        self.day.tap("more-devices")?;
        self.day.see("devices")?;
        self.day.press(Key::F(4))?;
        self.day.see_data("device-customer", "window", wanted)?;
        self.day.press(Key::Escape)?;
        self.day.see_gone("devices")
    }

    pub fn customer_opens(&mut self) -> Result<()> {
        self.counter.tell("well")?;
        self.day.press(Key::Escape)?;
        self.cashiers = Some(self.day.window.current()?);
        self.day.display.point_at(BESIDE_PX.0, BESIDE_PX.1)?;
        self.switch("open")?;
        self.as_customer()?;
        self.day.see("customer")
    }

    pub fn customer_sees_goods(&mut self) -> Result<()> {
        self.as_cashier()?;
        for code in goods(2)? {
            self.day.display.scan(&code)?;
        }
        self.day.see_count("cart-line", 2)?;
        let due = self.day.see_number("due", "fen", |due| due > 0)?;
        self.as_customer()?;
        self.see_scene("cart")?;
        self.day.see_count("customer-line", 2)?;
        self.day.see_number("customer-due", "fen", |seen| seen == due).map(drop)
    }

    pub fn customer_sees_points(&mut self) -> Result<()> {
        self.as_cashier()?;
        self.day.display.scan(MEMBER_CARD)?;
        let points = self.day.see_number("member-balance", "points", |points| points > 0)?;
        self.as_customer()?;
        self.day.see_number("customer-points", "points", |seen| seen == points)?;
        self.day.see("customer-standing")
    }

    pub fn customer_sees_change(&mut self) -> Result<()> {
        self.as_cashier()?;
        self.day.press(Key::F(12))?;
        self.day.see("pay")?;
        self.day.type_in("500")?;
        self.day.press(Key::Enter)?;
        let change = self.day.see_number("change", "fen", |change| change > 0)?;
        self.as_customer()?;
        self.see_scene("done")?;
        self.day.see_number("customer-change", "fen", |seen| seen == change)?;
        self.day.see("customer-code")
    }

    /// The command is asked for directly: the cashier's window has no key for it.
    pub fn customer_sees_top_up(&mut self) -> Result<()> {
        self.as_cashier()?;
        self.day.display.scan(MEMBER_CARD)?;
        self.day.see("member-name")?;
        let cash = json!([{ "kind": "cash", "amount_fen": 30_000 }]);
        let wish =
            json!({ "request_id": "walk", "principal_fen": 20_000, "bonus_fen": 2_000, "tenders": cash });
        let done = self.day.ask("member_top_up", &wish)?;
        let left = done["stored_fen"].as_i64().context("stored value after it")?;
        self.as_customer()?;
        self.see_scene("done")?;
        self.day.see_number("customer-change", "fen", |seen| seen == 20_000)?;
        self.day.see_number("customer-bonus", "fen", |seen| seen == 2_000)?;
        self.day.see_number("customer-stored", "fen", |seen| seen == left).map(drop)
    }

    pub fn customer_closes(&mut self) -> Result<()> {
        self.as_cashier()?;
        self.switch("closed")?;
        wait::until("one window", LOOK, || Ok((self.day.window.windows()?.len() == 1).then_some(())))
    }
}
