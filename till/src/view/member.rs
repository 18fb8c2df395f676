//! A member as a cashier may see one: masked, with the balance and its standing.

use serde::{Deserialize, Serialize};

use super::coupon::CouponView;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[ts(export)]
pub struct MemberView {
    pub member_id: String,
    /// `王*梅`
    pub name_masked: String,
    /// `138****1234`
    pub phone_masked: String,
    pub tier: String,
    /// Card number or code was scanned, so points may be spent. A typed phone number only earns.
    pub verified: bool,
    /// Joined on this till and not yet known to HQ.
    pub provisional: bool,
    pub balance: BalanceView,
    /// What this till could spend of the points without HQ, for `本店离线可用 320 / 共 1,260`.
    #[ts(type = "number")]
    pub points_offline_here: i64,
    /// Confirmed and pending points.
    #[ts(type = "number")]
    pub points_total: i64,
    /// The limit that binds now, in one sentence; null when the balance itself does.
    pub limit: Option<String>,
    /// Stored value, confirmed and pending, fen.
    #[ts(type = "number")]
    pub stored_fen: i64,
    /// What of it may be spent at this till right now, fen.
    #[ts(type = "number")]
    pub stored_spendable_fen: i64,
    pub coupons: Vec<CouponView>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[ts(export)]
pub struct BalanceView {
    /// What HQ has confirmed, points.
    #[ts(type = "number")]
    pub confirmed: i64,
    /// Sum of this till's movements that HQ has not decided yet, points, signed.
    #[ts(type = "number")]
    pub pending: i64,
    /// confirmed + pending
    #[ts(type = "number")]
    pub total: i64,
    /// `14:02` (today) or `11-20 14:02`; null when HQ never confirmed anything for this member.
    pub confirmed_at: Option<String>,
    /// What may be spent at this till right now (offline: the store's quota), points.
    #[ts(type = "number")]
    pub spendable: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[ts(export)]
pub struct Joined {
    pub member: MemberView,
    /// The card number given to the new member, printed as a code on the next receipt.
    pub card_no: String,
}
