//! Each scene of the day: what the cashier does, and what must then be on the screen.

use anyhow::{Context, Result, ensure};
use serde_json::json;

use super::Day;
use super::hands::test;
use crate::demo::keys::Key;
use crate::demo::shop::{CASHIER_PIN, MEMBER_CARD, SUPERVISOR_PIN, goods};

impl Day<'_> {
    pub fn asks_to_enrol(&mut self) -> Result<()> {
        self.see_phase("not_enrolled")
    }

    pub fn enrol(&mut self) -> Result<()> {
        for (field, text) in [("enrol-url", self.shop.url()), ("enrol-code", self.shop.enrolment_code()?)] {
            self.tap(field)?;
            self.display.key("ctrl+a")?;
            self.type_in(&text)?;
        }
        self.tap("enrol-go")?;
        self.see_phase("signed_out")?;
        self.see_data("status-online", "online", "true")
    }

    pub fn wrong_pin(&mut self) -> Result<()> {
        self.type_in("111111")?;
        self.press(Key::Enter)?;
        self.see_strip("wrong_pin")
    }

    pub fn sign_in(&mut self) -> Result<()> {
        self.see_phase("signed_out")?;
        self.type_in(CASHIER_PIN)?;
        self.press(Key::Enter)?;
        self.see_phase("shift_closed")
    }

    pub fn open_shift(&mut self) -> Result<()> {
        self.type_in("300")?;
        self.press(Key::Enter)?;
        self.see_phase("selling")
    }

    pub fn scan_goods(&mut self) -> Result<()> {
        self.ring_up(4)?;
        let before = self.see_number("due", "fen", |due| due > 0)?;
        self.press(Key::Char('+'))?;
        self.see_number("due", "fen", |due| due > before).map(drop)
    }

    /// Scans that many different goods, one after the other, as fast as lines appear.
    fn ring_up(&self, kinds: usize) -> Result<()> {
        for (index, barcode) in goods(kinds)?.iter().enumerate() {
            self.display.scan(barcode)?;
            self.see_count("cart-line", index + 1)?;
        }
        Ok(())
    }

    pub fn unknown_code(&mut self) -> Result<()> {
        self.display.scan("6999999999997")?;
        self.see_strip("unknown_code")
    }

    pub fn scan_card(&mut self) -> Result<()> {
        self.display.scan(MEMBER_CARD)?;
        self.see_data("member-standing", "verified", "true")?;
        let points = self.see_number("member-balance", "points", |points| points > 0)?;
        self.book.points_before.get_or_insert(points);
        self.see_text("member-name", "*")
    }

    pub fn take_offer(&mut self) -> Result<()> {
        let before = self.see_number("due", "fen", |due| due > 0)?;
        self.see("offer-take")?;
        self.press(Key::F(2))?;
        self.see_number("due", "fen", |due| due < before).map(drop)
    }

    pub fn too_little_cash(&mut self) -> Result<()> {
        self.press(Key::F(12))?;
        self.see("pay")?;
        self.type_in("1")?;
        self.press(Key::Enter)?;
        self.see_strip("tender_too_small")
    }

    pub fn pay_cash(&mut self) -> Result<()> {
        self.press(Key::Escape)?;
        if self.window.count(&test("pay"))? > 0 {
            self.press(Key::Escape)?;
        }
        self.see_gone("pay")?;
        self.press(Key::F(12))?;
        self.see("pay")?;
        self.type_in("500")?;
        self.press(Key::Enter)?;
        self.see_number("change", "fen", |change| change > 0)?;
        let receipt = self.last_receipt()?;
        self.book.first_receipt = Some(receipt.clone());
        self.book.online.push(receipt);
        Ok(())
    }

    pub fn see_receipt(&mut self) -> Result<()> {
        let receipt = self.book.first_receipt.clone().context("a sale was finished")?;
        self.see_paper(&receipt)
    }

    pub fn queue_is_empty(&mut self) -> Result<()> {
        self.see_number("status-unreceived", "count", |count| count == 0).map(drop)
    }

    pub fn cut(&mut self) -> Result<()> {
        self.shop.cut();
        self.see_data("status-online", "online", "false")
    }

    pub fn sell_with_points(&mut self) -> Result<()> {
        self.ring_up(3)?;
        self.display.scan(MEMBER_CARD)?;
        self.see("member-name")?;
        self.press(Key::F(7))?;
        self.see("points-max")?;
        self.type_in("200")?;
        self.press(Key::Enter)?;
        self.see_gone("points")?;
        let cart = self.ask("screen", &json!({}))?;
        ensure!(cart["cart"]["redeem"]["points"] == 200, "the cart redeems {}", cart["cart"]["redeem"]);
        Ok(())
    }

    pub fn pay_at_once(&mut self) -> Result<()> {
        self.press(Key::Space)?;
        self.see_number("change", "fen", |change| change == 0)?;
        self.see_paper(&self.last_receipt()?)?;
        self.see_number("status-unreceived", "count", |count| count >= 1).map(drop)
    }

    pub fn above_the_quota(&mut self) -> Result<()> {
        self.ring_up(4)?;
        self.display.scan(MEMBER_CARD)?;
        self.see("member-name")?;
        self.press(Key::F(7))?;
        self.see("points-max")?;
        self.type_in("1000")?;
        self.press(Key::Enter)?;
        self.see_strip("quota_reached")?;
        self.see("strip-spend-limit")?;
        self.see_number("member-spendable", "points", |points| points > 0).map(drop)
    }

    pub fn spend_none(&mut self) -> Result<()> {
        self.tap("strip-spend-none")?;
        self.press(Key::Escape)?;
        self.press(Key::Space)?;
        self.see_paper(&self.last_receipt()?)
    }

    pub fn typed_phone_earns(&mut self) -> Result<()> {
        self.ring_up(2)?;
        self.type_in("19900000002")?;
        self.press(Key::Enter)?;
        self.see_data("member-standing", "verified", "false")?;
        self.press(Key::F(7))?;
        self.see_strip("scan_to_spend").or_else(|_| self.see("points-why"))?;
        self.press(Key::Escape)
    }

    pub fn hold(&mut self) -> Result<()> {
        self.press(Key::F(4))?;
        self.see_count("cart-line", 0)?;
        self.see_data("key-hold", "held", "1")
    }

    pub fn recall_and_pay_by_qr(&mut self) -> Result<()> {
        self.press(Key::F(4))?;
        if self.window.count(&test("held-row"))? > 0 || self.window.count(&test("cart-line"))? == 0 {
            self.tap("held-row")?;
        }
        self.see_count("cart-line", 2)?;
        self.press(Key::F(12))?;
        self.see("pay")?;
        self.press(Key::F(6))?;
        self.see_gone("pay")?;
        self.see_paper(&self.last_receipt()?)
    }

    pub fn join(&mut self) -> Result<()> {
        self.ring_up(1)?;
        self.press(Key::F(9))?;
        self.see("member-query")?;
        self.type_in("19955556666")?;
        self.press(Key::Enter)?;
        self.see("member-none")?;
        self.tap("member-join")?;
        self.see("join-phone")?;
        if self.data("join-consent", "given")? != "true" {
            self.tap("join-consent")?;
        }
        self.tap("join-done")?;
        self.see("member-name")?;
        self.press(Key::Space)?;
        self.see_paper(&self.last_receipt()?)
    }

    pub fn refund(&mut self) -> Result<()> {
        let receipt = self.book.first_receipt.clone().context("a sale was finished")?;
        let sale = self.ask("sale_find", &json!({ "receipt": receipt }))?;
        let code = sale["receipt_code"].as_str().context("a receipt carries a code")?.to_owned();
        self.display.scan(&code)?;
        self.see("refund-total")?;
        self.tap("refund-reason-quality")?;
        self.type_in(SUPERVISOR_PIN)?;
        self.press(Key::Enter)?;
        self.see_gone("refund-total")?;
        let last = self.ask("sale_list", &json!({ "limit": 1 }))?;
        ensure!(last[0]["kind"] == "refund", "the last booking is {}", last[0]["kind"]);
        self.see_paper(&self.last_receipt()?)
    }

    pub fn queue_waits(&mut self) -> Result<()> {
        self.see_number("status-unreceived", "count", |count| count >= 5)?;
        self.see_data("status-online", "online", "false")
    }

    pub fn heal(&mut self) -> Result<()> {
        self.shop.heal()?;
        self.see_data("status-online", "online", "true")?;
        self.see_number("status-unreceived", "count", |count| count == 0)?;
        let list = self.ask("sale_list", &json!({ "limit": 50 }))?;
        let waiting = list
            .as_array()
            .map_or(0, |sales| sales.iter().filter(|sale| sale["standing"] == "local").count());
        ensure!(waiting == 0, "{waiting} sales are still on this till only");
        Ok(())
    }

    pub fn close_day(&mut self) -> Result<()> {
        self.book.business_day = self.ask("screen", &json!({}))?["business_day"].as_str().map(str::to_owned);
        self.press(Key::F(10))?;
        self.tap("more-close_day")?;
        self.see("count-input")?;
        self.type_in("800")?;
        self.press(Key::Enter)?;
        self.see("z-report")?;
        self.book.z_total_fen = Some(self.see_number("report-total", "fen", |_| true)?);
        self.see_number("status-unreceived", "count", |count| count == 0).map(drop)
    }

    pub fn sell_before_contact(&mut self) -> Result<()> {
        self.see_data("status-online", "online", "false")?;
        self.ring_up(2)?;
        self.display.scan(MEMBER_CARD)?;
        self.see("member-name")?;
        self.press(Key::Space)?;
        self.see("last-receipt-no")?;
        self.see_number("status-unreceived", "count", |count| count >= 1).map(drop)
    }

    pub fn first_contact(&mut self) -> Result<()> {
        self.shop.reopen()?;
        self.see_data("status-online", "online", "true")?;
        self.queue_is_empty()
    }
}
