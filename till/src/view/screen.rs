//! The whole window in one value: the window is a picture of this and nothing else.

use serde::{Deserialize, Serialize};

use super::{CartView, CustomerWindow, LastSaleView, PrinterStatus, ShiftView, Strip, SyncStatus};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Phase {
    /// No HQ knows this till yet: ask for address and one-time code.
    NotEnrolled,
    SignedOut,
    /// Signed in, but no shift is open: count the float.
    ShiftClosed,
    Selling,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[ts(export)]
pub struct StaffView {
    pub staff_id: String,
    pub name: String,
    /// `cashier` or `supervisor`
    pub role: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[ts(export)]
pub struct Screen {
    pub phase: Phase,
    /// `静安寺店`
    pub store_name: String,
    pub till_no: u32,
    /// Number of the sale being rung up, today on this till.
    pub sale_no: u32,
    /// `2026-11-21`
    pub business_day: String,
    pub staff: Option<StaffView>,
    pub shift: Option<ShiftView>,
    pub cart: CartView,
    pub held_count: u32,
    pub last_sale: Option<LastSaleView>,
    /// The last thing worth saying, until the next command.
    pub strip: Option<Strip>,
    /// Lasting warnings: key file in use, clock suspect, disk nearly full, damaged file set aside.
    pub warnings: Vec<Strip>,
    pub sync: SyncStatus,
    pub printer: PrinterStatus,
    /// `zh-CN` or `en`
    pub language: String,
    /// The printer is a virtual one: the window shows its paper.
    pub virtual_paper: bool,
    /// Whether the customer's own window is to be open.
    pub customer_window: CustomerWindow,
    /// Address of headquarters that was given at the start: what the enrolment form begins with.
    pub hq_url: Option<String>,
}
