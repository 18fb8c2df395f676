//! Labels of shop scales: the price or weight is inside the barcode. The order of the fields is
//! a setting of the scale, so it is a table here too (GB/T 18283 keeps prefixes 20 to 24 for it;
//! shops use 20 to 29).
use serde::{Deserialize, Serialize};

use super::check_digit::ean_is_valid;

/// What stands between the PLU and the check digit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScaleLayout {
    /// 13 digits: 5 of price in fen.
    Amount13,
    /// 13 digits: 5 of weight in grams.
    Weight13,
    /// 18 digits: 5 of price in fen, 5 of weight in grams.
    AmountWeight18,
    /// 18 digits: 5 of weight in grams, 5 of price in fen.
    WeightAmount18,
}

impl ScaleLayout {
    fn length(self) -> usize {
        match self {
            Self::Amount13 | Self::Weight13 => 13,
            Self::AmountWeight18 | Self::WeightAmount18 => 18,
        }
    }
}

/// Which labels follow which layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScaleRule {
    /// First two digits, from and to.
    pub prefixes: (u8, u8),
    pub layout: ScaleLayout,
}

impl Default for ScaleRule {
    /// Prefixes 20 to 29 carry the price.
    fn default() -> Self {
        Self { prefixes: (20, 29), layout: ScaleLayout::Amount13 }
    }
}

/// What a label says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Label {
    pub plu: String,
    pub amount_fen: Option<i64>,
    pub weight_g: Option<i64>,
}

impl ScaleRule {
    /// Reads a label of digits; `None` if it is not one of this rule.
    pub(super) fn read(&self, digits: &str) -> Option<Label> {
        let fits = digits.len() == self.layout.length() && ean_is_valid(digits);
        let prefix: u8 = fits.then(|| digits[..2].parse().ok()).flatten()?;
        if !(self.prefixes.0..=self.prefixes.1).contains(&prefix) {
            return None;
        }
        let first = digits[7..12].parse().ok();
        let second = digits.get(12..17).and_then(|field| field.parse().ok());
        let (amount_fen, weight_g) = match self.layout {
            ScaleLayout::Amount13 => (first, None),
            ScaleLayout::Weight13 => (None, first),
            ScaleLayout::AmountWeight18 => (first, second),
            ScaleLayout::WeightAmount18 => (second, first),
        };
        Some(Label { plu: digits[2..7].to_owned(), amount_fen, weight_g })
    }
}
