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
    /// 18 digits: 5 of weight in grams, 5 of the price of a kilogram; that price is headquarters' business.
    WeightUnitPrice18,
    /// 18 digits: 5 of the price of a kilogram, 5 of weight in grams.
    UnitPriceWeight18,
}

impl ScaleLayout {
    pub(super) fn length(self) -> usize {
        match self {
            Self::Amount13 | Self::Weight13 => 13,
            Self::AmountWeight18
            | Self::WeightAmount18
            | Self::WeightUnitPrice18
            | Self::UnitPriceWeight18 => 18,
        }
    }
}

/// Which labels follow which layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScaleRule {
    /// First two digits, from and to.
    pub prefixes: (u8, u8),
    pub layout: ScaleLayout,
    /// Fen in one unit of the price field: 1, or 10 for scales that print jiao.
    #[serde(default = "one")]
    pub amount_unit_fen: u16,
    /// Grams in one unit of the weight field.
    #[serde(default = "one")]
    pub weight_unit_g: u16,
}

fn one() -> u16 {
    1
}

impl Default for ScaleRule {
    /// Prefixes 20 to 29 carry the price.
    fn default() -> Self {
        Self::new((20, 29), ScaleLayout::Amount13)
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
    /// Labels in fen and grams.
    pub fn new(prefixes: (u8, u8), layout: ScaleLayout) -> Self {
        Self { prefixes, layout, amount_unit_fen: 1, weight_unit_g: 1 }
    }

    /// Reads a label of digits; `None` if it is not one of this rule.
    pub(super) fn read(&self, digits: &str) -> Option<Label> {
        let fits = digits.len() == self.layout.length() && ean_is_valid(digits);
        let prefix: u8 = fits.then(|| digits[..2].parse().ok()).flatten()?;
        if !(self.prefixes.0..=self.prefixes.1).contains(&prefix) {
            return None;
        }
        let field = |at: usize| digits.get(at..at + 5).and_then(|field| field.parse::<i64>().ok());
        let amount = |at: usize| field(at).map(|units| units * i64::from(self.amount_unit_fen));
        let weight = |at: usize| field(at).map(|units| units * i64::from(self.weight_unit_g));
        let (amount_fen, weight_g) = match self.layout {
            ScaleLayout::Amount13 => (amount(7), None),
            ScaleLayout::Weight13 => (None, weight(7)),
            ScaleLayout::AmountWeight18 => (amount(7), weight(12)),
            ScaleLayout::WeightAmount18 => (amount(12), weight(7)),
            ScaleLayout::WeightUnitPrice18 => (None, weight(7)),
            ScaleLayout::UnitPriceWeight18 => (None, weight(12)),
        };
        Some(Label { plu: digits[2..7].to_owned(), amount_fen, weight_g })
    }
}
