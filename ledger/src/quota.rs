//! What a store may let a member spend while HQ cannot be asked (escrow, bounded counter).

use serde::{Deserialize, Serialize};

use crate::money::Fen;
use crate::points::Points;
use crate::programme::OfflineRule;
use crate::time::Timestamp;

/// Lent by HQ to one store for one member, carried in the member's row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quota {
    pub points: Points,
    /// Stored value; nobody else may spend it until `until` has long passed.
    #[serde(default)]
    pub fen: Fen,
    /// On HQ's clock: after it `fen` is worth nothing.
    #[serde(default)]
    pub until: Option<Timestamp>,
}

impl Quota {
    /// Stored value that may still be spent at `hq_now`.
    pub fn stored(&self, hq_now: Timestamp) -> Fen {
        if self.until.is_some_and(|until| hq_now < until) { self.fen } else { Fen::ZERO }
    }
}

/// What one of `stores` stores gets of `balance` when all together get `share_permille` of it.
pub fn lend(balance: i64, stores: u32, share_permille: i64) -> i64 {
    let all = i128::from(balance.max(0)) * i128::from(share_permille.max(0)) / 1000;
    i64::try_from(all / i128::from(stores.max(1))).unwrap_or(i64::MAX)
}

/// What stands in the way of spending points, and how many are possible all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpendLimit {
    /// Online or not, nobody spends what is not there.
    Balance(Points),
    /// Offline: the store's quota for this member is used up beyond this.
    Quota(Points),
    /// Offline: most points in one sale.
    PerSale(Points),
    /// Offline: all members together at this till.
    Outage(Points),
    /// Offline: too many redemptions in a row for a cashier alone.
    InARow,
    /// Offline: too many redemptions in a row for anybody.
    InARowHard,
    /// Offline: HQ said something of this member that this program cannot read.
    Opaque,
}

impl SpendLimit {
    pub fn possible(self) -> Points {
        match self {
            SpendLimit::Balance(points)
            | SpendLimit::Quota(points)
            | SpendLimit::PerSale(points)
            | SpendLimit::Outage(points) => points,
            SpendLimit::InARow | SpendLimit::InARowHard | SpendLimit::Opaque => Points::ZERO,
        }
    }

    /// True when a supervisor may let it pass.
    pub fn yields_to_a_supervisor(self) -> bool {
        match self {
            SpendLimit::Quota(_) | SpendLimit::PerSale(_) | SpendLimit::Outage(_) | SpendLimit::InARow => {
                true
            }
            SpendLimit::Balance(_) | SpendLimit::InARowHard | SpendLimit::Opaque => false,
        }
    }
}

/// What this till knows of a member's spending since the last contact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OfflineSpending {
    /// Undecided points spent here and at siblings, >= 0.
    pub spent: Points,
    /// Undecided sales of this member that spent without HQ.
    pub in_a_row: u32,
    /// Undecided points that all members spent here without HQ, >= 0.
    pub outage: Points,
}

/// Who decides while HQ cannot be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hand {
    Cashier,
    Supervisor,
}

/// A till without HQ's word.
#[derive(Clone, Copy, Debug)]
pub struct Alone<'a> {
    pub rule: &'a OfflineRule,
    pub spending: OfflineSpending,
    /// HQ said something of this member that this program cannot read.
    pub opaque: bool,
    pub hand: Hand,
}

/// Most points that may be spent now, with the limit that binds. `view` is confirmed + pending; `alone`
/// is None when HQ will be asked.
pub fn spendable(view: Points, quota: Quota, alone: Option<Alone<'_>>) -> SpendLimit {
    let balance = SpendLimit::Balance(view.or_zero());
    let Some(Alone { rule, spending, opaque, hand }) = alone else { return balance };
    if opaque {
        return SpendLimit::Opaque;
    }
    if spending.in_a_row >= rule.in_a_row_hard_max {
        return SpendLimit::InARowHard;
    }
    if hand == Hand::Supervisor {
        return balance;
    }
    if spending.in_a_row >= rule.in_a_row_max {
        return SpendLimit::InARow;
    }
    [
        balance,
        SpendLimit::Quota(quota.points.minus(spending.spent).or_zero()),
        SpendLimit::PerSale(rule.points_max),
        SpendLimit::Outage(rule.outage_points_max.minus(spending.outage).or_zero()),
    ]
    .into_iter()
    .min_by_key(|limit| limit.possible())
    .unwrap_or(balance)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule() -> OfflineRule {
        OfflineRule { points_max: Points(5000), in_a_row_max: 2, ..OfflineRule::default() }
    }

    #[test]
    fn offline_the_smallest_limit_binds_and_is_named() {
        let spent = |points, in_a_row, outage| OfflineSpending {
            spent: Points(points),
            in_a_row,
            outage: Points(outage),
        };
        let (quota, rule) = (Quota { points: Points(600), ..Quota::default() }, rule());
        let alone = |spending, hand| Alone { rule: &rule, spending, opaque: false, hand };
        for (view, spending, cashier, supervisor) in [
            (1200, spent(0, 0, 0), SpendLimit::Quota(Points(600)), SpendLimit::Balance(Points(1200))),
            (1200, spent(500, 1, 500), SpendLimit::Quota(Points(100)), SpendLimit::Balance(Points(1200))),
            (50, spent(0, 0, 0), SpendLimit::Balance(Points(50)), SpendLimit::Balance(Points(50))),
            (-20, spent(0, 0, 0), SpendLimit::Balance(Points(0)), SpendLimit::Balance(Points(0))),
            (1200, spent(0, 0, 19_990), SpendLimit::Outage(Points(10)), SpendLimit::Balance(Points(1200))),
            (1200, spent(500, 2, 500), SpendLimit::InARow, SpendLimit::Balance(Points(1200))),
            (1200, spent(500, 5, 500), SpendLimit::InARowHard, SpendLimit::InARowHard),
        ] {
            assert_eq!(spendable(Points(view), quota, Some(alone(spending, Hand::Cashier))), cashier);
            assert_eq!(spendable(Points(view), quota, Some(alone(spending, Hand::Supervisor))), supervisor);
        }
        assert_eq!(spendable(Points(1200), quota, None), SpendLimit::Balance(Points(1200)));
    }

    #[test]
    fn what_only_a_newer_program_understands_stops_even_a_supervisor() {
        let rule = rule();
        let spending = OfflineSpending::default();
        let alone = Alone { rule: &rule, spending, opaque: true, hand: Hand::Supervisor };
        let quota = Quota { points: Points(600), ..Quota::default() };
        assert_eq!(spendable(Points(900), quota, Some(alone)), SpendLimit::Opaque);
    }

    #[test]
    fn the_quotas_of_all_stores_never_exceed_the_share_of_the_balance() {
        for stores in 1..50u32 {
            for share in [0, 1, 333, 500, 1000] {
                let one = lend(1261, stores, share);
                assert!(one * i64::from(stores) <= 1261 * share / 1000, "{stores} stores, {share}");
            }
            assert_eq!(lend(-5, stores, 1000), 0);
        }
    }

    #[test]
    fn lent_stored_value_is_worth_nothing_after_its_time() {
        let quota = Quota { fen: Fen(500), until: Some(Timestamp(100)), ..Quota::default() };
        assert_eq!((quota.stored(Timestamp(99)), quota.stored(Timestamp(100))), (Fen(500), Fen::ZERO));
        assert_eq!(Quota { until: None, ..quota }.stored(Timestamp(0)), Fen::ZERO, "lent for no time");
    }
}
