//! What is true about members, points, coupons and money; and where this terminal keeps it.
//!
//! The modules stand in dependency order: each uses only those above it.

mod text;

pub mod planted;

pub mod time;

pub mod id;

pub mod money;

pub mod points;

pub mod quantity;

pub mod catalogue;
pub mod member;

pub mod existence;

pub mod profile;

pub mod tier;

pub mod programme;

pub mod coupon;

pub mod quota;

pub mod pricing;

pub mod offer;

pub mod tender;

pub mod posting;

pub mod grant;

pub mod sale;

pub mod given_back;

pub mod refund;

pub mod top_up;

pub mod shift;

pub mod balance;

pub mod receipt;

pub mod fact;

pub mod event;

#[cfg(feature = "store")]
pub mod store;
