//! What the customer may see: their goods, what they owe, their own points; nothing of the cashier's.

use serde::{Deserialize, Serialize};

use super::cart::CartLineView;
use super::member::BalanceView;
use super::sale::LastSaleView;

/// When the customer's own window is open.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum CustomerWindow {
    /// While there is a second monitor.
    #[default]
    Auto,
    Open,
    Closed,
}

/// `customer.window`
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[ts(export)]
pub struct CustomerWindowOf {
    pub window: CustomerWindow,
}

#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum CustomerShows {
    /// Nobody sells here now.
    #[default]
    Closed,
    Welcome,
    /// Goods are being rung up, or a member has been greeted.
    Cart,
    /// Sold, given back or topped up; until the next goods.
    Done,
}

/// One state for every customer display: the window shows all of it, digits show the one figure that counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[ts(export)]
pub struct CustomerView {
    pub shows: CustomerShows,
    pub store_name: String,
    /// `zh-CN` or `en`
    pub language: String,
    pub lines: Vec<CartLineView>,
    /// Index into `lines` of what was rung up or changed last.
    pub current_line: Option<u32>,
    /// A weighed line counts as one.
    #[ts(type = "number")]
    pub pieces: i64,
    /// Taken off so far, fen, >= 0.
    #[ts(type = "number")]
    pub saved_fen: i64,
    #[ts(type = "number")]
    pub due_fen: i64,
    pub member: Option<CustomerMember>,
    /// What this sale will earn if paid now.
    #[ts(type = "number")]
    pub points_to_earn: i64,
    #[ts(type = "number")]
    pub points_redeemed: i64,
    #[ts(type = "number")]
    pub redeem_value_fen: i64,
    /// Sold, given back or topped up just now.
    pub done: Option<LastSaleView>,
    /// Its receipt's QR code: one text per row of modules, `1` is dark; without the quiet zone.
    pub receipt_qr: Vec<String>,
}

/// Neither phone nor card: others stand behind the customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[ts(export)]
pub struct CustomerMember {
    /// `王*梅`
    pub name_masked: String,
    pub tier: String,
    pub balance: BalanceView,
}
