//! Shift, cash and day close as shown to the cashier.

use serde::{Deserialize, Serialize};

use super::sale::TenderKindView;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[ts(export)]
pub struct ShiftView {
    pub shift_no: u32,
    /// `2026-11-21`
    pub business_day: String,
    pub opened_at: String,
    #[ts(type = "number")]
    pub float_fen: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[ts(export)]
pub struct TenderTotal {
    pub kind: TenderKindView,
    #[ts(type = "number")]
    pub amount_fen: i64,
    pub count: u32,
}

/// What a report holds of one day that was closed before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[ts(export)]
pub struct LateTotal {
    /// `2026-11-21`
    pub business_day: String,
    /// The report that closed it.
    pub report_no: u32,
    pub count: u32,
    /// Sales minus refunds, fen.
    #[ts(type = "number")]
    pub total_fen: i64,
}

/// X report (so far) or Z report (closed, immutable).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[ts(export)]
pub struct DayReport {
    /// `x` or `z`
    pub kind: String,
    pub business_day: String,
    pub report_no: u32,
    pub sales_count: u32,
    pub refunds_count: u32,
    /// Net of refunds, fen.
    #[ts(type = "number")]
    pub total_fen: i64,
    pub tenders: Vec<TenderTotal>,
    #[ts(type = "number")]
    pub discounts_fen: i64,
    #[ts(type = "number")]
    pub points_earned: i64,
    #[ts(type = "number")]
    pub points_redeemed: i64,
    #[ts(type = "number")]
    pub float_fen: i64,
    #[ts(type = "number")]
    pub cash_in_fen: i64,
    #[ts(type = "number")]
    pub cash_out_fen: i64,
    /// What the drawer should hold. Null in a blind count until the count was given.
    #[ts(type = "number | null")]
    pub cash_expected_fen: Option<i64>,
    #[ts(type = "number | null")]
    pub cash_counted_fen: Option<i64>,
    /// counted - expected
    #[ts(type = "number | null")]
    pub cash_difference_fen: Option<i64>,
    /// First and last event of the day, both included; 0 when the day had none.
    #[ts(type = "number")]
    pub from_seq: u64,
    #[ts(type = "number")]
    pub to_seq: u64,
    /// How many of them HQ does not have yet.
    #[ts(type = "number")]
    pub unreceived: u64,
    /// Sales and refunds whose clock still said an earlier day that was closed before them.
    pub late: Vec<LateTotal>,
    pub receipts_from: Option<String>,
    pub receipts_to: Option<String>,
}
