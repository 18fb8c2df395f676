//! What a shop's own codes look like: the labels of its scales and its members' cards. Data of
//! headquarters; what it leaves out is as in most shops.
use serde::{Deserialize, Serialize};

use super::{check_digit::luhn_is_valid, scale::ScaleRule};

/// A shop's rules, as headquarters writes them:
/// `{"scale":[{"prefixes":[20,29],"layout":"weight13"}],"cards":[{"prefix":"8600","length":13,"luhn":true}]}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScanRules {
    /// The first that fits a label counts.
    #[serde(default = "usual_scale")]
    pub scale: Vec<ScaleRule>,
    /// Numbers of members' cards.
    #[serde(default = "usual_cards")]
    pub cards: Vec<CardRule>,
}

/// Digits that are a member's card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardRule {
    /// Its first digits.
    pub prefix: String,
    /// All its digits.
    pub length: usize,
    /// Its last digit is a Luhn digit (ISO/IEC 7812-1).
    #[serde(default)]
    pub luhn: bool,
}

impl CardRule {
    /// `text` has digits only.
    pub(super) fn fits(&self, text: &str) -> bool {
        text.len() == self.length && text.starts_with(&self.prefix) && (!self.luhn || luhn_is_valid(text))
    }
}

fn usual_scale() -> Vec<ScaleRule> {
    vec![ScaleRule::default()]
}

/// Cards of our own making.
fn usual_cards() -> Vec<CardRule> {
    vec![CardRule { prefix: "8600".to_owned(), length: 13, luhn: true }]
}

impl Default for ScanRules {
    fn default() -> Self {
        Self { scale: usual_scale(), cards: usual_cards() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::{Code, ScanContext, classify_with};

    fn sold(rules: &str, raw: &str) -> Code {
        classify_with(&serde_json::from_str(rules).unwrap(), raw, ScanContext::Selling)
    }

    #[test]
    fn the_same_label_is_price_or_weight_by_the_rules_of_the_shop() {
        let label = "2000101016809";
        let price = Code::ScaleLabel { plu: "00101".into(), amount_fen: Some(1680), weight_g: None };
        assert_eq!(sold("{}", label), price);
        let weight = Code::ScaleLabel { plu: "00101".into(), amount_fen: None, weight_g: Some(1680) };
        assert_eq!(sold(r#"{"scale":[{"prefixes":[20,22],"layout":"weight13"}]}"#, label), weight);
        let jiao = r#"{"scale":[{"prefixes":[20,29],"layout":"amount13","amount_unit_fen":10}]}"#;
        assert_eq!(
            sold(jiao, label),
            Code::ScaleLabel { plu: "00101".into(), amount_fen: Some(16_800), weight_g: None }
        );
        assert!(matches!(sold(r#"{"scale":[]}"#, label), Code::Goods { .. }), "a shop without scales");
    }

    #[test]
    fn a_shops_old_cards_are_members_too() {
        let rules = r#"{"cards":[{"prefix":"99","length":8},{"prefix":"8600","length":13,"luhn":true}]}"#;
        assert!(matches!(sold(rules, "99001234"), Code::Member { .. }));
        assert!(matches!(sold(rules, "8600000000017"), Code::Member { .. }));
        assert!(!matches!(sold("{}", "99001234"), Code::Member { .. }));
    }

    #[test]
    fn a_misspelt_rule_is_an_error() {
        assert!(serde_json::from_str::<ScanRules>(r#"{"scales":[]}"#).is_err());
        assert!(
            serde_json::from_str::<ScanRules>(r#"{"scale":[{"prefixes":[20,29],"layout":"x"}]}"#).is_err()
        );
    }
}
