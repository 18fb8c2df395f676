//! Goods as the till knows them.

use serde::{Deserialize, Serialize};

use crate::id::Sku;
use crate::money::Fen;

/// One article. Prices are per unit and in fen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    pub sku: Sku,
    /// GTIN-8/12/13; the first is the one shown.
    pub barcodes: Vec<String>,
    pub name: String,
    /// `件`, `kg`, `瓶`
    pub unit: String,
    pub price_fen: Fen,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member_price_fen: Option<Fen>,
    /// Sold by weight; `plu` is the number on scale labels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plu: Option<u32>,
    #[serde(default)]
    pub category: String,
}

impl Item {
    pub fn weighed(&self) -> bool {
        self.plu.is_some()
    }
}

/// GS1 General Specifications 7.9: the check digit of GTIN-8/12/13/14, for digits only.
pub fn gtin_check_digit_ok(code: &str) -> bool {
    let digits: Option<Vec<u32>> = code.chars().map(|c| c.to_digit(10)).collect();
    let Some(digits) = digits.filter(|d| matches!(d.len(), 8 | 12 | 13 | 14)) else { return false };
    let sum: u32 = digits.iter().rev().enumerate().map(|(i, d)| if i % 2 == 0 { *d } else { d * 3 }).sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_codes_with_a_right_check_digit_are_goods() {
        for (code, ok) in [
            ("6921168509256", true),
            ("6921168509257", false),
            ("69211685092", false),
            ("692116850925x", false),
        ] {
            assert_eq!(gtin_check_digit_ok(code), ok, "{code}");
        }
    }
}
