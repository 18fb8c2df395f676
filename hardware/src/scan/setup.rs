//! The shop's own set-up codes: one that shows how a scanner is set, and one that carries a device's address.
//!
//! Makers' set-up codes are theirs and stand in their manuals. These are ours: the trial code says what a
//! rightly set scanner must send, so what arrives tells which setting is wrong.
use std::fmt;

use super::{aim, normal::normalise};

/// What the trial code says: both cases, signs that move between keyboards, digits.
pub const TRIAL: &str = "SZ1:aQzWyM-0189_/;";
/// What leads a device's address in a code; its purpose and the address follow.
const ADDRESS: &str = "SZ2:";
/// Longest sign row before or behind the trial code that is still taken for one.
const EXTRA_MAX: usize = 8;

/// How a scanner is set, as the trial code shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// It sends exactly what is printed.
    Right,
    /// Large and small letters are exchanged: Caps Lock, or a setting of the scanner.
    CaseSwapped,
    /// All letters come in one case.
    OneCase,
    /// Letters or signs have moved: another country's keyboard.
    OtherLayout,
    /// It puts something before the code.
    Prefix,
    /// It puts something behind the code besides Enter.
    Suffix,
}

impl Setting {
    /// As written in views.
    pub fn name(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::CaseSwapped => "case_swapped",
            Self::OneCase => "one_case",
            Self::OtherLayout => "other_layout",
            Self::Prefix => "prefix",
            Self::Suffix => "suffix",
        }
    }
}

/// What arrived for the trial code; `None` if it was another code. Never panics.
pub fn try_scanner(raw: &str) -> Option<Setting> {
    let whole = normalise(raw);
    let (_, text) = aim::split(&whole);
    if let Some((before, behind)) = text.split_once(TRIAL) {
        return match (before.len(), behind.len()) {
            (0, 0) => Some(Setting::Right),
            (1..=EXTRA_MAX, _) => Some(Setting::Prefix),
            (0, 1..=EXTRA_MAX) => Some(Setting::Suffix),
            _ => None,
        };
    }
    if text.eq_ignore_ascii_case(TRIAL) {
        let swapped = text.chars().zip(TRIAL.chars()).all(|(got, sent)| got == swap(sent));
        return Some(if swapped { Setting::CaseSwapped } else { Setting::OneCase });
    }
    is_moved(text).then_some(Setting::OtherLayout)
}

fn swap(unit: char) -> char {
    if unit.is_ascii_lowercase() { unit.to_ascii_uppercase() } else { unit.to_ascii_lowercase() }
}

/// As long as the trial code and mostly like it: some keys lie elsewhere.
fn is_moved(text: &str) -> bool {
    let alike = text.chars().zip(TRIAL.chars()).filter(|(got, sent)| got.eq_ignore_ascii_case(sent)).count();
    text.chars().count() == TRIAL.len() && alike * 3 >= TRIAL.len()
}

/// A device's purpose and address out of a code: to be looked at by a person, never used by itself.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    /// `printer`, `scanner` or `display`, as written.
    pub role: String,
    pub uri: String,
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({})", self.role)
    }
}

/// The code that carries a device's address.
pub fn address_code(role: &str, uri: &str) -> String {
    format!("{ADDRESS}{role}:{uri}")
}

/// Reads such a code; `None` if it is another one. Never panics.
pub fn address(raw: &str) -> Option<Address> {
    let whole = normalise(raw);
    let (_, text) = aim::split(&whole);
    let (role, uri) = text.strip_prefix(ADDRESS)?.split_once(':')?;
    let is_known = ["printer", "scanner", "display"].contains(&role);
    (is_known && !uri.is_empty()).then(|| Address { role: role.to_owned(), uri: uri.to_owned() })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_arrives_for_the_trial_code_names_the_wrong_setting() {
        for (raw, setting) in [
            (TRIAL, Some(Setting::Right)),
            ("]C0SZ1:aQzWyM-0189_/;\r", Some(Setting::Right)),
            ("sz1:AqZwYm-0189_/;", Some(Setting::CaseSwapped)),
            ("SZ1:AQZWYM-0189_/;", Some(Setting::OneCase)),
            ("SW1:qAwZy?-0189_/;", Some(Setting::OtherLayout)),
            ("~SZ1:aQzWyM-0189_/;", Some(Setting::Prefix)),
            ("SZ1:aQzWyM-0189_/;$$", Some(Setting::Suffix)),
            ("6921168509256", None),
            ("MB1:77", None),
        ] {
            assert_eq!(try_scanner(raw), setting, "{raw}");
        }
    }

    #[test]
    fn an_address_goes_into_a_code_and_comes_out_again() {
        let code = address_code("printer", "tcp://10.0.0.8:9100?profile=80mm");
        let read = address(&code).unwrap();
        assert_eq!((read.role.as_str(), read.uri.as_str()), ("printer", "tcp://10.0.0.8:9100?profile=80mm"));
        assert_eq!(address("SZ2:robot:tcp://10.0.0.8:9100"), None);
        assert_eq!(address("SZ2:printer:"), None);
        assert!(!format!("{read:?}").contains("10.0"));
    }

    proptest! {
        #[test]
        fn no_code_panics_and_goods_are_never_taken_for_a_set_up_code(
            raw in "\\PC{0,40}|S[ZW]1:.{0,20}|SZ2:.{0,30}|[0-9]{1,24}",
        ) {
            let (setting, address) = (try_scanner(&raw), address(&raw));
            if raw.bytes().all(|byte| byte.is_ascii_digit()) {
                prop_assert!(setting.is_none() && address.is_none());
            }
        }
    }
}
