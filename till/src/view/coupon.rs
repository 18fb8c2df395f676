//! A coupon as the cashier sees it.

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[ts(export)]
pub struct CouponView {
    pub coupon_id: String,
    /// `满 100 减 15`
    pub title: String,
    #[ts(type = "number")]
    pub value_fen: i64,
    /// Last valid business day, `2026-11-30`.
    pub ends_on: String,
    pub ends_today: bool,
    /// False when the cart does not reach its threshold; `why_not` says what is missing.
    pub usable: bool,
    pub why_not: Option<String>,
}
