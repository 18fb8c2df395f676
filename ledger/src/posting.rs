//! Double entry: who holds what, and balanced movements between them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::id::{CouponId, MemberId, StoreId};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    Points,
    Fen,
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Unit::Points => "points",
            Unit::Fen => "fen",
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ExceptionKind {
    Overdraft,
    CouponReuse,
    OverRefund,
    StoredOverdraft,
    CouponExpired,
    CouponRevoked,
    PointsExpired,
    CalcMismatch,
    OrphanRefund,
    SharedSpend,
}

impl ExceptionKind {
    pub const ALL: [ExceptionKind; 10] = [
        ExceptionKind::Overdraft,
        ExceptionKind::CouponReuse,
        ExceptionKind::OverRefund,
        ExceptionKind::StoredOverdraft,
        ExceptionKind::CouponExpired,
        ExceptionKind::CouponRevoked,
        ExceptionKind::PointsExpired,
        ExceptionKind::CalcMismatch,
        ExceptionKind::OrphanRefund,
        ExceptionKind::SharedSpend,
    ];

    pub fn code(self) -> &'static str {
        match self {
            ExceptionKind::Overdraft => "overdraft",
            ExceptionKind::CouponReuse => "coupon_reuse",
            ExceptionKind::OverRefund => "over_refund",
            ExceptionKind::StoredOverdraft => "sv_overdraft",
            ExceptionKind::CouponExpired => "coupon_expired",
            ExceptionKind::CouponRevoked => "revoked_honoured",
            ExceptionKind::PointsExpired => "points_expired",
            ExceptionKind::CalcMismatch => "calc_mismatch",
            ExceptionKind::OrphanRefund => "orphan_refund",
            ExceptionKind::SharedSpend => "shared_spend",
        }
    }
}

/// Text on the wire and in stores: `member:<uuid>`, `stored:<uuid>`, `coupon:<uuid>`, `programme`,
/// `cost`, `stored_float`, `anon:S001`, `exception:overdraft:S001`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Account {
    Member(MemberId),
    /// A member's stored value, fen.
    Stored(MemberId),
    Coupon(CouponId),
    /// Counter-account of every earned or spent point: the chain's liability is its negative.
    Programme,
    /// Counter-account of money that exceptions cost.
    Cost,
    /// Counter-account of stored value: what the chain owes its members is its negative.
    StoredFloat,
    /// What a store booked for members who were erased.
    Anon(StoreId),
    Exception(ExceptionKind, StoreId),
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Account::Member(id) => write!(f, "member:{id}"),
            Account::Stored(id) => write!(f, "stored:{id}"),
            Account::Coupon(id) => write!(f, "coupon:{id}"),
            Account::Programme => f.write_str("programme"),
            Account::Cost => f.write_str("cost"),
            Account::StoredFloat => f.write_str("stored_float"),
            Account::Anon(store) => write!(f, "anon:{store}"),
            Account::Exception(kind, store) => write!(f, "exception:{}:{store}", kind.code()),
        }
    }
}

impl FromStr for Account {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let bad = || format!("no account is called {text:?}");
        let (head, rest) = text.split_once(':').unwrap_or((text, ""));
        match head {
            "member" => rest.parse().map(Account::Member).map_err(|_| bad()),
            "stored" => rest.parse().map(Account::Stored).map_err(|_| bad()),
            "coupon" => rest.parse().map(Account::Coupon).map_err(|_| bad()),
            "programme" if rest.is_empty() => Ok(Account::Programme),
            "cost" if rest.is_empty() => Ok(Account::Cost),
            "stored_float" if rest.is_empty() => Ok(Account::StoredFloat),
            "anon" if !rest.is_empty() => Ok(Account::Anon(rest.into())),
            "exception" => {
                let (kind, store) = rest.split_once(':').ok_or_else(bad)?;
                let kind = ExceptionKind::ALL.into_iter().find(|k| k.code() == kind).ok_or_else(bad)?;
                Ok(Account::Exception(kind, store.into()))
            }
            _ => Err(bad()),
        }
    }
}

crate::text::serde_as_text!(Account);

/// Why a balance moved; shown to the member as the reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    Earn,
    Redeem,
    CouponUse,
    RefundEarn,
    RefundRedeem,
    CouponReturn,
    StoredPay,
    StoredReturn,
    TopUp,
    Opening,
}

/// A provisional posting: what the customer was told. `n` counts from 0 within the event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leg {
    pub n: u16,
    pub account: Account,
    pub unit: Unit,
    pub delta: i64,
    pub reason: Reason,
}

/// One side of a balanced movement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Movement {
    pub account: Account,
    pub unit: Unit,
    pub delta: i64,
}

/// True when the movements cancel out in every unit.
pub fn balanced(movements: &[Movement]) -> bool {
    [Unit::Points, Unit::Fen].into_iter().all(|unit| {
        movements.iter().filter(|m| m.unit == unit).map(|m| i128::from(m.delta)).sum::<i128>() == 0
    })
}
