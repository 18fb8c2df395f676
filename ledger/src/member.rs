//! A member as every till may hold one: no readable phone number, ever.

use serde::{Deserialize, Serialize};

use crate::id::{Hash, MemberId, StoreId};
use crate::time::Timestamp;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MemberState {
    /// Joined at a till, not decided by HQ yet.
    Provisional,
    Active,
    Blocked,
    Erased,
}

/// The replicated member row. `ver` is the shard lsn that wrote it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    pub id: MemberId,
    /// 13 digits, prefix 8600 (GS1 "restricted circulation" is left to the scale).
    pub card_no: String,
    /// BLAKE3 keyed with the chain's lookup key over the E.164 number.
    pub phone_hash: Hash,
    /// `138****1234`
    pub phone_mask: String,
    pub name: String,
    pub tier: String,
    pub state: MemberState,
    pub home_store: StoreId,
    pub joined_at: Timestamp,
}

/// `13812341234` -> `138****1234`. Anything shorter than 7 digits is masked whole.
pub fn mask_phone(phone: &str) -> String {
    let digits: Vec<char> = phone.chars().filter(char::is_ascii_digit).collect();
    if digits.len() < 7 {
        return "****".to_owned();
    }
    let head: String = digits[..3].iter().collect();
    let tail: String = digits[digits.len() - 4..].iter().collect();
    format!("{head}****{tail}")
}

/// `王小梅` -> `王*梅`, `王梅` -> `王*`, `欧阳修文` -> `欧**文`.
pub fn mask_name(name: &str) -> String {
    let chars: Vec<char> = name.trim().chars().collect();
    match chars.as_slice() {
        [] => String::new(),
        [one] => one.to_string(),
        [first, _] => format!("{first}*"),
        [first, middle @ .., last] => format!("{first}{}{last}", "*".repeat(middle.len())),
    }
}

/// Mainland mobile number: 11 digits, 1[3-9]. Accepts spaces, dashes and +86 in front.
/// Returns E.164 digits with the plus sign.
pub fn mobile_e164(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    let national = digits.strip_prefix("+86").unwrap_or(&digits);
    let bytes = national.as_bytes();
    let good = bytes.len() == 11
        && bytes.iter().all(u8::is_ascii_digit)
        && bytes[0] == b'1'
        && (b'3'..=b'9').contains(&bytes[1]);
    good.then(|| format!("+86{national}"))
}

/// The keyed hash by which tills find a phone number they cannot read.
pub fn phone_hash(lookup_key: &[u8; 32], e164: &str) -> Hash {
    Hash(*blake3::keyed_hash(lookup_key, e164.as_bytes()).as_bytes())
}

/// Card numbers are `8600` + 8 digits + Luhn digit: they fail the GTIN-13 check nine times in ten and
/// never start like goods sold in China.
pub fn card_no(serial: u32) -> String {
    let body = format!("8600{:08}", serial % 100_000_000);
    format!("{body}{}", luhn_digit(&body))
}

pub fn card_no_ok(code: &str) -> bool {
    code.len() == 13 && code.starts_with("8600") && code.is_char_boundary(12) && {
        let (body, check) = code.split_at(12);
        body.bytes().all(|b| b.is_ascii_digit()) && check == luhn_digit(body).to_string()
    }
}

fn luhn_digit(body: &str) -> u32 {
    let sum: u32 = body
        .chars()
        .rev()
        .filter_map(|c| c.to_digit(10))
        .enumerate()
        .map(|(i, d)| if i % 2 == 0 { d * 2 / 10 + d * 2 % 10 } else { d })
        .sum();
    (10 - sum % 10) % 10
}

/// The digits among the last four characters of a masked number, for search: `138****1234` -> `1234`.
pub fn last4(phone_mask: &str) -> String {
    let shown: Vec<char> = phone_mask.chars().collect();
    shown[shown.len().saturating_sub(4)..].iter().filter(|c| c.is_ascii_digit()).collect()
}

/// Full pinyin and initials, lower case, for search as typed: `王小梅` -> (`wangxiaomei`, `wxm`).
pub fn pinyin_keys(name: &str) -> (String, String) {
    use pinyin::ToPinyin;
    let mut full = String::new();
    let mut initials = String::new();
    for (ch, reading) in name.chars().zip(name.to_pinyin()) {
        match reading {
            Some(reading) => {
                full.push_str(reading.plain());
                initials.push_str(reading.first_letter());
            }
            None if ch.is_alphanumeric() => {
                full.extend(ch.to_lowercase());
                initials.extend(ch.to_lowercase());
            }
            None => {}
        }
    }
    (full, initials)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phones_and_names_are_masked() {
        assert_eq!(mask_phone("13812341234"), "138****1234");
        for (name, want) in
            [("王小梅", "王*梅"), ("王梅", "王*"), ("欧阳修文", "欧**文"), ("王", "王"), ("", "")]
        {
            assert_eq!(mask_name(name), want);
        }
    }

    #[test]
    fn only_mainland_mobile_numbers_are_accepted() {
        for (text, want) in [
            ("138 1234 1234", Some("+8613812341234")),
            ("+8613812341234", Some("+8613812341234")),
            ("12812341234", None),
            ("1381234123", None),
        ] {
            assert_eq!(mobile_e164(text).as_deref(), want, "{text}");
        }
    }

    #[test]
    fn a_card_number_with_one_wrong_digit_is_refused() {
        let good = card_no(1);
        assert!(card_no_ok(&good), "{good}");
        for place in 4..13 {
            let mut bytes = good.clone().into_bytes();
            bytes[place] = if bytes[place] == b'9' { b'0' } else { bytes[place] + 1 };
            assert!(!card_no_ok(std::str::from_utf8(&bytes).unwrap()), "digit {place}");
        }
    }

    #[test]
    fn names_are_found_by_pinyin_and_initials() {
        assert_eq!(pinyin_keys("王小梅"), ("wangxiaomei".to_owned(), "wxm".to_owned()));
    }
}
