//! What a scan turned out to be.

use serde::{Deserialize, Serialize};

use super::cart::GuestView;
use super::coupon::CouponView;
use super::member::MemberView;
use super::sale::SaleView;

/// What a scan or typed text was taken for. Every answer to `cart.scan` is one of these.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(export)]
pub enum Scanned {
    Goods {
        line: u32,
        name: String,
    },
    Member {
        member: MemberView,
    },
    /// A card or number that this till cannot look up: the sale earns for whoever it is.
    Guest {
        guest: GuestView,
    },
    /// Several members fit (last four digits, name, pinyin): choose one with `cart.member`.
    Members {
        found: Vec<MemberView>,
    },
    /// Several goods fit a typed name or pinyin: choose one with `cart.scan` of its barcode.
    GoodsFound {
        found: Vec<GoodsView>,
    },
    Coupon {
        coupon: CouponView,
    },
    /// A receipt code: the window opens the sale for return or reprint.
    Receipt {
        sale: SaleView,
    },
    Staff {
        name: String,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[ts(export)]
pub struct GoodsView {
    pub sku: String,
    pub barcode: String,
    pub name: String,
    #[ts(type = "number")]
    pub price_fen: i64,
    #[ts(type = "number | null")]
    pub member_price_fen: Option<i64>,
    pub unit: String,
}
