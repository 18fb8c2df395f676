//! Member tiers: what each multiplies. Decided at HQ only; the till uses what it was told.

use serde::{Deserialize, Serialize};

use crate::points::Points;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tier {
    /// `gold`
    pub code: String,
    /// `黄金`
    pub name: String,
    /// Earned points are multiplied by this over 1000.
    pub earn_permille: i64,
    /// Whoever earned so many points in the last twelve months has it; None: given by hand only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earned_min: Option<Points>,
}
