//! What a cashier does at a till, in the words of the shop.

use std::time::Duration;

use serde_json::{Value, json};
use till::view::{
    CartView, CouponView, DayReport, Joined, MemberView, Paid, ReceiptView, Refunded, SaleView, Scanned,
    Screen, SyncStatus, SyncVerified,
};

use crate::till::Till;
use crate::wait;

/// 李静, cashier of the demo shop.
pub const CASHIER_PIN: &str = "135790";
/// 王店长, supervisor of the demo shop.
pub const SUPERVISOR_PIN: &str = "246810";

impl Till {
    pub fn enrol(&mut self, url: &str, code: &str) -> Screen {
        self.call("enrol", json!({"url": url, "code": code}))
    }

    pub fn sign_in(&mut self, pin: &str) {
        let _: Value = self.call("staff.sign_in", json!({"pin": pin}));
    }

    /// Signs the cashier in and opens a shift with an empty drawer.
    pub fn open_shop(&mut self) {
        self.sign_in(CASHIER_PIN);
        let _: Value = self.call("shift.open", json!({"float_fen": 0}));
    }

    pub fn screen(&mut self) -> Screen {
        self.call("screen", json!({}))
    }

    pub fn scan(&mut self, code: &str) -> Scanned {
        self.call("cart.scan", json!({"text": code}))
    }

    /// Scans a member's card: what follows may spend.
    ///
    /// # Panics
    /// When the code is no member's.
    pub fn scan_card(&mut self, card_no: &str) -> MemberView {
        match self.scan(card_no) {
            Scanned::Member { member } => member,
            other => panic!("{card_no} is no card: {other:?}"),
        }
    }

    /// Pays exactly what is due, in cash.
    pub fn pay(&mut self) -> Paid {
        let request_id = self.next_press();
        self.call("pay", json!({"request_id": request_id}))
    }

    /// One press of the pay key: never the same again.
    pub fn next_press(&mut self) -> String {
        self.presses += 1;
        let nanos = std::time::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_nanos());
        uuid::Uuid::from_u128(nanos << 32 | u128::from(self.presses)).to_string()
    }

    /// Scans and is paid.
    pub fn sell(&mut self, goods: &[&str]) -> Paid {
        for code in goods {
            self.scan(code);
        }
        self.pay()
    }

    /// The same for a member whose card is scanned.
    pub fn sell_to(&mut self, card_no: &str, goods: &[&str]) -> Paid {
        self.scan_card(card_no);
        self.sell(goods)
    }

    pub fn redeem(&mut self, points: i64) -> CartView {
        self.call("cart.redeem", json!({"choice": points}))
    }

    pub fn take_coupon(&mut self, coupon: &CouponView) -> CartView {
        self.call("cart.coupon", json!({"coupon_id": coupon.coupon_id, "take": true}))
    }

    pub fn find(&mut self, query: &str) -> Vec<MemberView> {
        self.call("member.find", json!({"query": query}))
    }

    /// The one member whom `query` finds.
    ///
    /// # Panics
    /// When it finds none or several.
    pub fn member(&mut self, query: &str) -> MemberView {
        let mut found = self.find(query);
        assert_eq!(found.len(), 1, "{query} finds {found:?}");
        found.remove(0)
    }

    pub fn join(&mut self, phone: &str, name: &str) -> Joined {
        self.call("member.join", json!({"phone": phone, "name": name, "consent": true}))
    }

    /// Gives a whole sale back, with the supervisor's PIN.
    pub fn refund(&mut self, receipt: &str) -> Refunded {
        let request_id = self.next_press();
        let args = json!({"request_id": request_id, "receipt": receipt, "reason": "变质",
            "supervisor_pin": SUPERVISOR_PIN});
        self.call("sale.refund", args)
    }

    pub fn sale(&mut self, receipt: &str) -> SaleView {
        self.call("sale.find", json!({"receipt": receipt}))
    }

    /// Every sale and refund, newest first.
    pub fn sales(&mut self) -> Vec<SaleView> {
        self.call("sale.list", json!({"limit": 10_000}))
    }

    pub fn receipt(&mut self, receipt: &str) -> ReceiptView {
        self.call("receipt.get", json!({"receipt": receipt}))
    }

    pub fn close_day(&mut self, counted_fen: i64) -> DayReport {
        self.call("day.close", json!({"counted_fen": counted_fen}))
    }

    pub fn sync(&mut self) -> SyncStatus {
        self.call("sync.status", json!({}))
    }

    /// Asks for a round now instead of when its time comes.
    pub fn sync_now(&mut self) {
        let _: Value = self.call("sync.now", json!({}));
    }

    pub fn wait_online(&mut self) {
        wait::until("the till is online", Duration::from_secs(30), || {
            self.sync_now();
            self.sync().online.then_some(())
        });
    }

    pub fn wait_offline(&mut self) {
        wait::until("the till notices that it is offline", Duration::from_secs(30), || {
            (!self.sync().online).then_some(())
        });
    }

    /// Waits until headquarters has and has decided everything.
    pub fn wait_drained(&mut self) -> SyncStatus {
        self.wait_drained_within(Duration::from_secs(30))
    }

    /// The same, by itself: nobody presses "sync now".
    pub fn wait_drained_within(&mut self, limit: Duration) -> SyncStatus {
        let mut last = SyncStatus::default();
        wait::within(limit, || {
            last = self.sync();
            (last.unreceived == 0 && last.decided_through >= last.received_through).then_some(())
        })
        .unwrap_or_else(|| panic!("the queue does not drain: {last:?}\n{}", self.log()));
        last
    }

    /// Waits until this till has folded everything that headquarters has said, and compares all of it.
    pub fn wait_heard(&mut self) -> SyncVerified {
        wait::until("every shard is compared", Duration::from_secs(20), || {
            let found: SyncVerified = self.call("sync.verify", json!({}));
            (found.behind == 0).then_some(found)
        })
    }
}
