//! What a store may let a member spend while HQ cannot be asked (escrow, bounded counter).

use serde::{Deserialize, Serialize};

use crate::points::Points;
use crate::programme::OfflineRule;

/// Lent by HQ to one store for one member, carried in the member's row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quota {
    pub points: Points,
}

/// HQ's default: half the balance, split over the stores that saw the member.
pub fn lend(balance: Points, stores: u32) -> Quota {
    Quota { points: Points(balance.0.max(0) / 2 / i64::from(stores.max(1))) }
}

/// What stood in the way of spending, and how much is possible all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpendLimit {
    /// Online or not, nobody spends what is not there.
    Balance(Points),
    /// Offline: the store's quota for this member is used up beyond this.
    Quota(Points),
    /// Offline: most points in one sale.
    PerSale(Points),
    /// Offline: too many redemptions in a row without contact.
    InARow,
}

impl SpendLimit {
    pub fn possible(self) -> Points {
        match self {
            SpendLimit::Balance(points) | SpendLimit::Quota(points) | SpendLimit::PerSale(points) => points,
            SpendLimit::InARow => Points::ZERO,
        }
    }
}

/// What this till knows of a member's spending since the last contact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OfflineSpending {
    /// Undecided points spent here and at siblings, >= 0.
    pub spent: Points,
    pub in_a_row: u32,
}

/// Most points that may be spent now, with the limit that binds. `view` is confirmed + pending.
pub fn spendable(view: Points, quota: Quota, offline: Option<(&OfflineRule, OfflineSpending)>) -> SpendLimit {
    let balance = SpendLimit::Balance(view.or_zero());
    let Some((rule, spending)) = offline else { return balance };
    if spending.in_a_row >= rule.in_a_row_max {
        return SpendLimit::InARow;
    }
    [
        balance,
        SpendLimit::Quota(quota.points.minus(spending.spent).or_zero()),
        SpendLimit::PerSale(rule.points_max),
    ]
    .into_iter()
    .min_by_key(|limit| limit.possible())
    .unwrap_or(balance)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: OfflineRule = OfflineRule { points_max: Points(5000), in_a_row_max: 2 };

    #[test]
    fn offline_the_smallest_limit_binds_and_is_named() {
        let spent = |points, in_a_row| OfflineSpending { spent: Points(points), in_a_row };
        let quota = Quota { points: Points(600) };
        for (view, spending, want) in [
            (1200, spent(0, 0), SpendLimit::Quota(Points(600))),
            (1200, spent(500, 1), SpendLimit::Quota(Points(100))),
            (50, spent(0, 0), SpendLimit::Balance(Points(50))),
            (-20, spent(0, 0), SpendLimit::Balance(Points(0))),
            (1200, spent(500, 2), SpendLimit::InARow),
        ] {
            assert_eq!(spendable(Points(view), quota, Some((&RULE, spending))), want);
        }
        assert_eq!(spendable(Points(1200), quota, None), SpendLimit::Balance(Points(1200)));
    }

    #[test]
    fn the_default_quotas_of_all_stores_never_exceed_half_the_balance() {
        for stores in 1..50u32 {
            let one = lend(Points(1261), stores).points.0;
            assert!(one * i64::from(stores) <= 630);
        }
    }
}
