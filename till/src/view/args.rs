//! What each command takes. Commands are named `group.verb` outside and `group_verb` in the window.

use serde::{Deserialize, Serialize};

use super::sale::TenderView;

args! {
    /// `enrol`: bind this till to a store with a one-time code.
    Enrol { url: String, code: String }
    /// `staff.sign_in`: `staff_id` may be left out, then the PIN alone must be unique.
    StaffSignIn { staff_id: Option<String>, pin: String }
    /// `shift.open`
    ShiftOpen { #[ts(type = "number")] float_fen: i64 }
    /// `shift.close`: the count is blind, expected cash is shown only afterwards.
    ShiftClose { #[ts(type = "number")] counted_fen: i64 }
    /// `day.close`: `counted_fen` is needed while a shift is open.
    DayClose { #[serde(default)] #[ts(type = "number | null")] counted_fen: Option<i64> }
    /// `cart.scan`: anything scanned or typed into the one box. `typed` = came from the keyboard as text.
    CartScan { text: String, #[serde(default)] typed: bool }
    /// `cart.quantity`: `line` left out means the current line.
    CartQuantity { #[serde(default)] line: Option<u32>, #[ts(type = "number")] qty_milli: i64 }
    /// `cart.remove`
    CartRemove { #[serde(default)] line: Option<u32> }
    /// `cart.recall`: left out means the held cart that waits longest.
    CartRecall { #[serde(default)] id: Option<String> }
    /// `cart.member`: attach a member found by search (earns only), or detach with null.
    CartMember { #[serde(default)] member_id: Option<String> }
    /// `cart.redeem`: `max`, `half`, `none` or a number of points. Offline a supervisor's PIN lifts the
    /// limits of the store, never the balance.
    CartRedeem { choice: RedeemChoice, #[serde(default)] supervisor_pin: Option<String> }
    /// `cart.coupon`: offline a supervisor's PIN lets a coupon of another store pass.
    CartCoupon { coupon_id: String, take: bool, #[serde(default)] supervisor_pin: Option<String> }
    /// `member.find`
    MemberFind { query: String, #[serde(default)] limit: Option<u32> }
    /// `member.join`: the phone number leaves this struct only sealed.
    MemberJoin { phone: String, #[serde(default)] name: Option<String>, consent: bool }
    /// `member.top_up`: `member_id` left out means the cart's member. No tenders = exact cash.
    MemberTopUp {
        request_id: String, #[serde(default)] member_id: Option<String>,
        #[ts(type = "number")] principal_fen: i64,
        #[serde(default)] #[ts(type = "number")] bonus_fen: i64,
        #[serde(default)] tenders: Vec<TenderView>,
    }
    /// `pay`: a repeated `request_id` returns the first answer. No tenders = exact cash.
    Pay { request_id: String, #[serde(default)] tenders: Vec<TenderView> }
    /// `sale.find`: receipt code, receipt number or sale id.
    SaleFind { receipt: String }
    /// `sale.list`: newest first.
    SaleList { #[serde(default)] limit: Option<u32> }
    /// `sale.refund`: the whole sale. A cashier needs a supervisor's PIN.
    SaleRefund {
        request_id: String, receipt: String, #[serde(default)] reason: Option<String>,
        #[serde(default)] supervisor_pin: Option<String>,
    }
    /// `receipt.get`, `receipt.reprint`: left out means the last receipt.
    ReceiptOf { #[serde(default)] receipt: Option<String> }
    /// `cash.move`: positive puts in, negative takes out, fen.
    CashMove { #[ts(type = "number")] amount_fen: i64, reason: String, #[serde(default)] supervisor_pin: Option<String> }
    /// `settings.language`
    SettingsLanguage { language: String }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum RedeemChoice {
    Max,
    Half,
    None,
    #[serde(untagged)]
    Points(#[ts(type = "number")] i64),
}
