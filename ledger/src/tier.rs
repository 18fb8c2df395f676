//! Member tiers: what each multiplies. Decided at HQ only; the till uses what it was told.

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tier {
    /// `gold`
    pub code: String,
    /// `黄金`
    pub name: String,
    /// Earned points are multiplied by this over 1000.
    pub earn_permille: i64,
}
