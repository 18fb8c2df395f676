//! Finished sales, tenders, receipts.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum TenderKindView {
    Cash,
    /// QR payment taken on a device that is not connected to the till.
    ExternalQr,
    /// Bank card taken on a terminal that is not connected to the till.
    ExternalCard,
    StoredValue,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[ts(export)]
pub struct TenderView {
    pub kind: TenderKindView,
    /// What was handed over, fen (cash may exceed what is due).
    #[ts(type = "number")]
    pub amount_fen: i64,
}

/// Answer to `pay`; exists only after the commit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[ts(export)]
pub struct Paid {
    pub sale_id: String,
    pub receipt_no: String,
    /// Stream epoch, 16 hex digits.
    pub epoch: String,
    #[ts(type = "number")]
    pub seq: u64,
    /// BLAKE3 of the event line, 64 hex digits.
    pub hash: String,
    #[ts(type = "number")]
    pub total_fen: i64,
    #[ts(type = "number")]
    pub change_fen: i64,
    #[ts(type = "number")]
    pub points_earned: i64,
    #[ts(type = "number")]
    pub points_redeemed: i64,
    #[ts(type = "number | null")]
    pub balance_confirmed: Option<i64>,
    #[ts(type = "number | null")]
    pub balance_pending: Option<i64>,
}

/// Answer to `member.top_up`; exists only after the commit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[ts(export)]
pub struct ToppedUp {
    pub top_up_id: String,
    pub receipt_no: String,
    pub epoch: String,
    #[ts(type = "number")]
    pub seq: u64,
    pub hash: String,
    /// Paid, fen.
    #[ts(type = "number")]
    pub principal_fen: i64,
    /// Given on top, fen.
    #[ts(type = "number")]
    pub bonus_fen: i64,
    #[ts(type = "number")]
    pub change_fen: i64,
    /// Stored value after it, confirmed and pending, fen.
    #[ts(type = "number")]
    pub stored_fen: i64,
}

/// Answer to `sale.refund`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[ts(export)]
pub struct Refunded {
    pub sale_id: String,
    pub original_sale_id: String,
    pub receipt_no: String,
    pub epoch: String,
    #[ts(type = "number")]
    pub seq: u64,
    pub hash: String,
    /// Money given back, fen, >= 0.
    #[ts(type = "number")]
    pub total_fen: i64,
    /// Points taken back because the sale had earned them, >= 0.
    #[ts(type = "number")]
    pub points_taken_back: i64,
    /// Points given back because the sale had spent them, >= 0.
    #[ts(type = "number")]
    pub points_returned: i64,
}

/// Where a fact stands on its way to HQ.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Standing {
    /// Only on this till: 待同步
    #[default]
    Local,
    /// Durable at HQ, not decided: 已送达
    Received,
    /// 已确认
    Decided,
    /// Booked with an exception that a person resolves: 需处理
    Exception,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[ts(export)]
pub struct SaleLineView {
    pub name: String,
    #[ts(type = "number")]
    pub qty_milli: i64,
    pub weighed: bool,
    #[ts(type = "number")]
    pub price_fen: i64,
    #[ts(type = "number")]
    pub amount_fen: i64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[ts(export)]
pub struct SaleView {
    pub sale_id: String,
    pub receipt_no: String,
    /// Text of the QR on the receipt.
    pub receipt_code: String,
    /// `sale` or `refund`
    pub kind: String,
    /// `11-21 14:26`
    pub at: String,
    /// The closed day that the clock still said, `2026-11-21`; the sale belongs to the day after.
    pub late_of: Option<String>,
    pub cashier: String,
    pub lines: Vec<SaleLineView>,
    pub tenders: Vec<TenderView>,
    #[ts(type = "number")]
    pub total_fen: i64,
    #[ts(type = "number")]
    pub change_fen: i64,
    pub member_name: Option<String>,
    #[ts(type = "number")]
    pub points_earned: i64,
    #[ts(type = "number")]
    pub points_redeemed: i64,
    pub standing: Standing,
    /// One sentence when HQ booked it with an exception.
    pub exception: Option<String>,
    pub refunded: bool,
    pub copies: u32,
}

/// Stored value after a top-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[ts(export)]
pub struct StoredView {
    /// Given on top of what was paid, fen.
    #[ts(type = "number")]
    pub bonus_fen: i64,
    /// Confirmed and pending, fen.
    #[ts(type = "number")]
    pub left_fen: i64,
}

/// The last finished sale, refund or top-up: its change stays visible until the next scan, to the cashier and
/// to the customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[ts(export)]
pub struct LastSaleView {
    /// `sale`, `refund` or `top_up`
    pub kind: String,
    pub sale_id: String,
    pub receipt_no: String,
    #[ts(type = "number")]
    pub total_fen: i64,
    #[ts(type = "number")]
    pub received_fen: i64,
    #[ts(type = "number")]
    pub change_fen: i64,
    #[ts(type = "number")]
    pub points_earned: i64,
    #[ts(type = "number")]
    pub points_redeemed: i64,
    pub member_name: Option<String>,
    pub balance: Option<super::member::BalanceView>,
    /// Of a top-up only.
    pub stored: Option<StoredView>,
    /// Text of the QR on the receipt.
    pub receipt_code: String,
}

/// A receipt as paper: lines of text in columns, and the picture the virtual printer drew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[ts(export)]
pub struct ReceiptView {
    pub receipt_no: String,
    pub copy_no: u32,
    /// Paper width in columns: 32 (58 mm) or 48 (80 mm).
    pub columns: u32,
    pub text: Vec<String>,
    /// PNG as a `data:` URL, when a preview could be drawn.
    pub png: Option<String>,
}
