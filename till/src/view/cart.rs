//! The cart as it lies before the cashier.

use serde::{Deserialize, Serialize};

use super::coupon::CouponView;
use super::member::MemberView;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[ts(export)]
pub struct CartView {
    pub lines: Vec<CartLineView>,
    /// Index into `lines` of the line scanned or changed last; quantity keys act on it.
    pub current_line: Option<u32>,
    /// Number of different goods.
    pub kinds: u32,
    /// Number of pieces; a weighed line counts as one.
    #[ts(type = "number")]
    pub pieces: i64,
    /// Sum at list price, fen.
    #[ts(type = "number")]
    pub list_total_fen: i64,
    /// Everything taken off so far (member price, coupon, points), fen, >= 0.
    #[ts(type = "number")]
    pub saved_fen: i64,
    /// What the customer owes now, fen.
    #[ts(type = "number")]
    pub due_fen: i64,
    pub member: Option<MemberView>,
    /// In the place of a member: somebody whom only headquarters can tell. `cart.member` without one takes
    /// the guest off the cart.
    pub guest: Option<GuestView>,
    /// Points this sale will earn if paid now.
    #[ts(type = "number")]
    pub points_to_earn: i64,
    pub redeem: Option<RedeemView>,
    /// Coupons taken on this cart.
    pub coupons_taken: Vec<CouponView>,
    /// Best unused combination for this cart, if it saves anything.
    pub offer: Option<OfferView>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[ts(export)]
pub struct CartLineView {
    pub line: u32,
    pub sku: String,
    pub name: String,
    /// What was scanned, or the article number.
    pub barcode: String,
    /// Unit the price is for: `件`, `kg`.
    pub unit: String,
    pub weighed: bool,
    /// Unit price before member price, fen.
    #[ts(type = "number")]
    pub price_fen: i64,
    /// Thousandths of the unit.
    #[ts(type = "number")]
    pub qty_milli: i64,
    /// What the line costs after its own advantage (member price), before coupon and points, fen.
    #[ts(type = "number")]
    pub amount_fen: i64,
    /// Saved on this line by member price, fen.
    #[ts(type = "number")]
    pub saved_fen: i64,
}

/// Somebody who showed what this till cannot look up: 会员待确认. Earns, spends nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[ts(export)]
pub struct GuestView {
    pub by: GuestBy,
    /// `0017` of a card or code, `138****1234` of a number.
    pub shown: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum GuestBy {
    Card,
    Phone,
}

/// Points the member chose to spend on this cart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[ts(export)]
pub struct RedeemView {
    #[ts(type = "number")]
    pub points: i64,
    #[ts(type = "number")]
    pub value_fen: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[ts(export)]
pub struct OfferView {
    #[ts(type = "number")]
    pub saves_fen: i64,
    pub parts: Vec<OfferPartView>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[ts(export)]
pub struct OfferPartView {
    pub title: String,
    #[ts(type = "number")]
    pub saves_fen: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[ts(export)]
pub struct HeldView {
    pub id: String,
    /// `14:26`
    pub at: String,
    pub pieces: String,
    #[ts(type = "number")]
    pub due_fen: i64,
    pub member_name: Option<String>,
    pub first_goods: String,
}
