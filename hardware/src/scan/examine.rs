//! Why a code was taken for what it is: for the page on which scanners are tried.
use super::{
    aim::{self, Symbology},
    check_digit::ean_is_valid,
    classify::classify_with,
    code::{Code, ScanContext},
    gs1::{self, Gs1Error},
    normal::normalise,
    rules::ScanRules,
};

/// The one thing that decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The mark of our own codes: `MB1:`, `CP`, `SP1:`, `ST`.
    OwnMark,
    /// A rule of the shop for the numbers of cards.
    CardRule,
    /// One of our codes for setting devices up.
    SetUp,
    /// EAN or UPC with a right check digit.
    EanCheckDigit,
    /// Looks like EAN or UPC, but the check digit is wrong: a misread.
    WrongCheckDigit,
    /// A rule of the shop for scale labels.
    ScaleRule,
    /// Application identifiers of GS1.
    Gs1Fields,
    /// Said to be GS1 by its symbology, but its fields are not sound.
    Gs1Broken(Gs1Error),
    /// First digits and length of a payment code, and the screen waits for money.
    PaymentShape,
    /// The same while the screen does not wait for money.
    PaymentTooEarly,
    /// Tracks of a magnetic card.
    Stripe,
    /// The stripe of a bank card.
    BankCard,
    /// Ten digits: a proximity card.
    TenDigits,
    /// Shape of a phone number or its end.
    PhoneShape,
    /// Nothing else fits: words to search for.
    Words,
    Nothing,
}

/// A code with how it was understood.
#[derive(Clone, PartialEq, Eq)]
pub struct Examined {
    pub code: Code,
    pub reason: Reason,
    /// If the scanner says it.
    pub symbology: Option<Symbology>,
    /// Whether the last digit is an EAN check digit; `None` if there are not only digits.
    pub check_digit: Option<bool>,
    /// Characters without the symbology identifier.
    pub length: usize,
}

/// Sorts a code and says why.
pub fn examine(rules: &ScanRules, raw: &str, context: ScanContext) -> Examined {
    let code = classify_with(rules, raw, context);
    let whole = normalise(raw);
    let (symbology, text) = aim::split(&whole);
    let only_digits = text.len() > 1 && text.bytes().all(|byte| byte.is_ascii_digit());
    let check_digit = only_digits.then(|| ean_is_valid(text));
    let reason = reason(&code, symbology, text);
    Examined { code, reason, symbology, check_digit, length: text.chars().count() }
}

fn reason(code: &Code, symbology: Option<Symbology>, text: &str) -> Reason {
    match code {
        Code::Goods { .. } => Reason::EanCheckDigit,
        Code::ScaleLabel { .. } => Reason::ScaleRule,
        Code::Gs1 { .. } => Reason::Gs1Fields,
        Code::Member { .. } if text.starts_with([';', '%']) => Reason::Stripe,
        Code::Member { .. } if text.bytes().all(|byte| byte.is_ascii_digit()) => Reason::CardRule,
        Code::Member { .. }
        | Code::MemberToken { .. }
        | Code::CouponToken { .. }
        | Code::Coupon { .. }
        | Code::Receipt { .. }
        | Code::Staff { .. } => Reason::OwnMark,
        Code::Setup => Reason::SetUp,
        Code::Payment { .. } => Reason::PaymentShape,
        Code::PaymentTooEarly => Reason::PaymentTooEarly,
        Code::BankCard => Reason::BankCard,
        Code::Proximity { .. } => Reason::TenDigits,
        Code::Phone { .. } | Code::Last4 { .. } => Reason::PhoneShape,
        Code::Text { .. } | Code::Unknown => otherwise(code, symbology, text),
    }
}

fn otherwise(code: &Code, symbology: Option<Symbology>, text: &str) -> Reason {
    if let (Some(Symbology::Gs1), Err(error)) = (symbology, gs1::parse(text)) {
        return Reason::Gs1Broken(error);
    }
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    match code {
        Code::Text { .. } => Reason::Words,
        _ if digits && matches!(text.len(), 8 | 12 | 13 | 14) => Reason::WrongCheckDigit,
        _ => Reason::Nothing,
    }
}
