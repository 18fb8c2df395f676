//! Whether a shop's rules for codes make sense: asked where they are written. A till obeys what it is given.
use super::{
    rules::{CardRule, ScanRules},
    scale::ScaleRule,
};

/// More rules of a kind than a shop has scales or card makers.
const RULES_MAX: usize = 20;
/// First two digits of what a shop prints itself (GB/T 18283).
const OWN_PREFIXES: std::ops::RangeInclusive<u8> = 20..=29;
/// Digits of a card: more than the end of a phone number, no more than any payment code.
const CARD_LENGTHS: std::ops::RangeInclusive<usize> = 5..=24;

/// Why rules are not taken, as the person who edits them reads it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct RulesError(String);

fn wrong<T>(why: impl Into<String>) -> Result<T, RulesError> {
    Err(RulesError(why.into()))
}

impl ScanRules {
    /// # Errors
    /// One Chinese sentence: which rule, and what is wrong with it.
    pub fn check(&self) -> Result<(), RulesError> {
        if self.scale.len() > RULES_MAX || self.cards.len() > RULES_MAX {
            return wrong(format!("秤码和会员卡的规则各最多 {RULES_MAX} 条"));
        }
        for (n, rule) in self.scale.iter().enumerate() {
            check_scale(rule).or_else(|why| wrong(format!("第 {} 条秤码规则:{why}", n + 1)))?;
            if let Some(earlier) = self.scale[..n].iter().position(|one| covers(one, rule)) {
                return wrong(format!("第 {} 条秤码规则用不到:第 {} 条已经包括它", n + 1, earlier + 1));
            }
        }
        for (n, rule) in self.cards.iter().enumerate() {
            check_card(rule).or_else(|why| wrong(format!("第 {} 条会员卡规则:{why}", n + 1)))?;
            if let Some(earlier) = self.cards[..n].iter().position(|one| takes_all(one, rule)) {
                return wrong(format!("第 {} 条会员卡规则用不到:第 {} 条已经包括它", n + 1, earlier + 1));
            }
        }
        Ok(())
    }
}

fn check_scale(rule: &ScaleRule) -> Result<(), String> {
    let (from, to) = rule.prefixes;
    if !OWN_PREFIXES.contains(&from) || !OWN_PREFIXES.contains(&to) {
        return Err("开头只能是 20 到 29,那是店内码".to_owned());
    }
    if from > to {
        return Err(format!("开头从 {from} 到 {to} 反了"));
    }
    if rule.amount_unit_fen == 0 || rule.weight_unit_g == 0 {
        return Err("单位不能是 0".to_owned());
    }
    Ok(())
}

fn covers(earlier: &ScaleRule, rule: &ScaleRule) -> bool {
    earlier.layout.length() == rule.layout.length()
        && earlier.prefixes.0 <= rule.prefixes.0
        && rule.prefixes.1 <= earlier.prefixes.1
}

fn takes_all(earlier: &CardRule, rule: &CardRule) -> bool {
    earlier.length == rule.length && rule.prefix.starts_with(&earlier.prefix) && (!earlier.luhn || rule.luhn)
}

fn check_card(rule: &CardRule) -> Result<(), String> {
    let CardRule { prefix, length, .. } = rule;
    if prefix.is_empty() || !prefix.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("开头要写数字".to_owned());
    }
    if !CARD_LENGTHS.contains(length) || prefix.len() >= *length {
        let (least, most) = (CARD_LENGTHS.start(), CARD_LENGTHS.end());
        return Err(format!("位数要在 {least} 到 {most} 之间,并且比开头长"));
    }
    // What else has this many digits, and how it begins: the rule would take it for a card.
    let others: [(&[usize], &str, std::ops::RangeInclusive<u8>); 5] = [
        (&[11], "手机号", 13..=19),
        (&[18], "微信付款码", 10..=15),
        (&[16, 17, 18, 19, 20, 21, 22, 23, 24], "支付宝付款码", 25..=30),
        (&[13, 18], "秤码", OWN_PREFIXES),
        (&[8, 13], "商品条码", 69..=69),
    ];
    for (lengths, what, firsts) in others {
        if lengths.contains(length) && firsts.into_iter().any(|first| may_begin(prefix, first)) {
            return Err(format!("{length} 位、{prefix} 开头的也可能是{what},请写更长的开头或换一种卡号"));
        }
    }
    Ok(())
}

/// Whether a number of this prefix can have these first two digits.
fn may_begin(prefix: &str, first: u8) -> bool {
    let first = format!("{first:02}");
    prefix.starts_with(&first) || first.starts_with(prefix)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(rules: &str) -> Result<(), String> {
        serde_json::from_str::<ScanRules>(rules).unwrap().check().map_err(|error| error.to_string())
    }

    #[test]
    fn the_usual_rules_and_those_of_the_documents_are_sound() {
        assert_eq!(ScanRules::default().check(), Ok(()));
        let written = r#"{"scale":[{"prefixes":[20,22],"layout":"weight13"},{"prefixes":[20,29],"layout":"amount13"}],
            "cards":[{"prefix":"8600","length":13,"luhn":true},{"prefix":"99","length":8}]}"#;
        assert_eq!(said(written), Ok(()));
        assert_eq!(said(r#"{"scale":[],"cards":[]}"#), Ok(()), "a shop without scales and cards");
    }

    #[test]
    fn what_makes_no_sense_is_said_in_one_sentence_with_the_number_of_the_rule() {
        let cases = [
            (
                r#"{"scale":[{"prefixes":[19,29],"layout":"amount13"}]}"#,
                "第 1 条秤码规则:开头只能是 20 到 29",
            ),
            (r#"{"scale":[{"prefixes":[29,20],"layout":"amount13"}]}"#, "从 29 到 20 反了"),
            (r#"{"scale":[{"prefixes":[20,29],"layout":"amount13","amount_unit_fen":0}]}"#, "单位不能是 0"),
            (
                r#"{"scale":[{"prefixes":[20,29],"layout":"amount13"},{"prefixes":[21,22],"layout":"weight13"}]}"#,
                "第 2 条秤码规则用不到:第 1 条已经包括它",
            ),
            (r#"{"cards":[{"prefix":"A1","length":8}]}"#, "第 1 条会员卡规则:开头要写数字"),
            (r#"{"cards":[{"prefix":"8600","length":4}]}"#, "位数要在 5 到 24 之间"),
            (r#"{"cards":[{"prefix":"138","length":11}]}"#, "手机号"),
            (r#"{"cards":[{"prefix":"1","length":18}]}"#, "微信付款码"),
            (r#"{"cards":[{"prefix":"28","length":19}]}"#, "支付宝付款码"),
            (r#"{"cards":[{"prefix":"2","length":13}]}"#, "秤码"),
            (r#"{"cards":[{"prefix":"690","length":13}]}"#, "商品条码"),
            (
                r#"{"cards":[{"prefix":"86","length":13},{"prefix":"8600","length":13,"luhn":true}]}"#,
                "第 2 条会员卡规则用不到:第 1 条已经包括它",
            ),
        ];
        for (rules, sentence) in cases {
            let why = said(rules).unwrap_err();
            assert!(why.contains(sentence), "{rules}: {why}");
        }
    }
}
