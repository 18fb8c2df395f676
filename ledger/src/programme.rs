//! The membership programme: versioned rules for earning and burning points.

use serde::{Deserialize, Serialize};

use crate::money::Fen;
use crate::points::Points;
use crate::tier::Tier;

/// One published version. A sale names the version it was priced with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Programme {
    pub version: u32,
    pub name: String,
    pub tiers: Vec<Tier>,
    /// One point per this many fen of money actually paid.
    pub earn_fen_per_point: i64,
    pub burn: BurnRule,
    pub offline: OfflineRule,
    #[serde(default)]
    pub balance: BalanceRule,
}

/// What becomes of points once they are earned. What a published programme does not name is the default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BalanceRule {
    /// Points expire so many months after the day of the receipt; None: never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiry_months: Option<u32>,
    /// A balance that was overdrawn goes below zero and the next points pay it. Otherwise it stops at
    /// zero, and the rest is the store's exception.
    pub overdraft_is_debt: bool,
    /// A refund that leaves a debt of more than this opens a case, points.
    pub debt_case_min: Points,
}

impl Default for BalanceRule {
    fn default() -> Self {
        BalanceRule { expiry_months: None, overdraft_is_debt: false, debt_case_min: Points(5_000) }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BurnRule {
    /// This many points are worth one yuan.
    pub points_per_yuan: i64,
    /// At most this share of the amount due may be paid with points, in thousandths.
    pub share_max_permille: i64,
    /// Smallest number of points that can be spent at once.
    pub points_min: Points,
}

/// Stand-in: what HQ lends and what a till allows without asking (EMV floor, consecutive-offline and
/// cumulative limits, for points). A limit that is not named in a published programme is the default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OfflineRule {
    /// Per sale, points; beyond it a supervisor.
    pub points_max: Points,
    /// Redemptions of one member in a row without contact to HQ; beyond it a supervisor.
    pub in_a_row_max: u32,
    /// The same, beyond it nobody.
    pub in_a_row_hard_max: u32,
    /// Points of all members at one till until HQ has decided them; beyond it a supervisor.
    pub outage_points_max: Points,
    /// Away from its own store a coupon worth more is taken by HQ's word or a supervisor's only.
    pub coupon_fen_max: Fen,
    /// All stores together may lend this share of a member's points, thousandths. Above 1000 the sum
    /// exceeds the balance: a bounded risk that the chain takes.
    pub points_share_permille: i64,
    /// The same for stored value, at most 1000: what is lent is reserved at HQ. 0 lends none.
    pub stored_share_permille: i64,
    /// How long stored value is lent for without contact, hours.
    pub stored_hours: u32,
}

impl Default for OfflineRule {
    fn default() -> Self {
        OfflineRule {
            points_max: Points(5_000),
            in_a_row_max: 2,
            in_a_row_hard_max: 5,
            outage_points_max: Points(20_000),
            coupon_fen_max: Fen(2_000),
            points_share_permille: 500,
            stored_share_permille: 0,
            stored_hours: 72,
        }
    }
}

impl Programme {
    /// Points for `paid` fen at `tier`; unknown tiers earn the plain rate. Rounded down.
    pub fn earns(&self, paid: Fen, tier: &str) -> Points {
        let permille = self.tiers.iter().find(|t| t.code == tier).map_or(1000, |t| t.earn_permille);
        let scaled = i128::from(paid.0.max(0)) * i128::from(permille);
        let per_point = i128::from(self.earn_fen_per_point.max(1)) * 1000;
        Points(i64::try_from(scaled / per_point).unwrap_or(i64::MAX))
    }

    /// The tier that points earned in the last twelve months give: the highest that they reach. None when
    /// the programme gives no tier by points, or `today` was given by hand.
    pub fn tier_for(&self, earned: Points, today: &str) -> Option<&Tier> {
        let by_hand = self.tiers.iter().any(|tier| tier.code == today && tier.earned_min.is_none());
        let reached = self.tiers.iter().filter(|tier| tier.earned_min.is_some_and(|min| earned >= min));
        if by_hand { None } else { reached.max_by_key(|tier| tier.earned_min) }
    }

    /// What `points` are worth, fen, rounded down.
    pub fn worth(&self, points: Points) -> Fen {
        Fen(points.0.max(0).saturating_mul(100) / self.burn.points_per_yuan.max(1))
    }

    /// Most points that may be spent on an amount of `due` fen, balance aside.
    pub fn burn_max(&self, due: Fen) -> Points {
        let share = i128::from(due.0.max(0)) * i128::from(self.burn.share_max_permille) / 1000;
        let points = share * i128::from(self.burn.points_per_yuan) / 100;
        Points(i64::try_from(points).unwrap_or(i64::MAX))
    }

    pub fn tier_name<'a>(&'a self, code: &'a str) -> &'a str {
        self.tiers.iter().find(|t| t.code == code).map_or(code, |t| t.name.as_str())
    }
}
