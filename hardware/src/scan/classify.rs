//! From raw text to a [`Code`]. Never panics, never guesses an amount.
use super::{
    aim::{self, Symbology},
    card,
    check_digit::ean_is_valid,
    code::{Code, PaymentCode, ScanContext, Wallet},
    gs1,
    normal::normalise,
    rules::ScanRules,
    setup, stripe,
};

/// Characters of a coupon code after `CP`.
const COUPON_LENGTH: usize = 10;
/// Hex digits of a receipt's check.
const CHECK_LENGTH: usize = 8;
/// Crockford's base 32: no I, L, O, U.
const CROCKFORD: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Sorts a code with the usual rules (prefixes 20 to 29 carry the price).
pub fn classify(raw: &str, context: ScanContext) -> Code {
    classify_with(&ScanRules::default(), raw, context)
}

/// Sorts a code with the shop's own rules; the first that fits counts.
pub fn classify_with(rules: &ScanRules, raw: &str, context: ScanContext) -> Code {
    let text = normalise(raw);
    let (symbology, text) = aim::split(&text);
    let own = member(text).or_else(|| coupon(text)).or_else(|| receipt(text)).or_else(|| staff(text));
    if let Some(code) = own.or_else(|| labelled(symbology, text)) {
        return code;
    }
    if setup::try_scanner(text).is_some() || setup::address(text).is_some() {
        return Code::Setup;
    }
    let text: String = text.chars().filter(|unit| !unit.is_control()).collect();
    match stripe::read(&text) {
        Some(stripe::Stripe::Card(code)) => return Code::Member { code },
        Some(stripe::Stripe::BankCard) => return Code::BankCard,
        None => {}
    }
    match &text {
        text if text.is_empty() => Code::Unknown,
        text if text.bytes().all(|byte| byte.is_ascii_digit()) => digits(rules, text, context),
        // Damaged track data may be a bank card's and is not passed on.
        text if text.starts_with([';', '%']) => Code::Unknown,
        text if text.chars().any(char::is_alphanumeric) => Code::Text { query: text.clone() },
        _ => Code::Unknown,
    }
}

/// A label with application identifiers, told by its symbology or by being a GS1 Digital Link.
fn labelled(symbology: Option<Symbology>, text: &str) -> Option<Code> {
    let elements = match symbology {
        Some(Symbology::Gs1) => gs1::parse(text).ok()?,
        _ => gs1::digital_link(text)?,
    };
    let goods = gs1::goods(&elements)?;
    Some(Code::Gs1 { gtin: goods.gtin, weight_g: goods.weight_g, amount_fen: goods.amount_fen })
}

/// Strips a marker in either case: Caps Lock turns `CP` into `cp`.
fn after<'a>(text: &'a str, marker: &str) -> Option<&'a str> {
    let head = text.get(..marker.len())?;
    head.eq_ignore_ascii_case(marker).then(|| &text[marker.len()..])
}

fn member(text: &str) -> Option<Code> {
    if let Some(id) = after(text, "MB1:") {
        return (!id.is_empty()).then(|| Code::Member { code: id.to_owned() });
    }
    is_signed(text, "MB2.").then(|| Code::MemberToken { token: text.to_owned() })
}

/// `<marker><payload>.<signature>`. Base 64 is case-sensitive, so here the marker is too.
fn is_signed(text: &str, marker: &str) -> bool {
    let base64url = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    let parts: Vec<&str> =
        text.strip_prefix(marker).map(|rest| rest.split('.').collect()).unwrap_or_default();
    matches!(parts[..], [payload, sig] if base64url(payload) && base64url(sig))
}

fn coupon(text: &str) -> Option<Code> {
    if is_signed(text, "CB1.") {
        return Some(Code::CouponToken { token: text.to_owned() });
    }
    let code = after(text, "CP")?.to_ascii_uppercase().replace(['I', 'L'], "1").replace('O', "0");
    let fits = code.len() == COUPON_LENGTH && code.chars().all(|unit| CROCKFORD.contains(unit));
    fits.then(|| Code::Coupon { code: format!("CP{code}") })
}

fn receipt(text: &str) -> Option<Code> {
    let fields: Vec<&str> = after(text, "SP1:")?.split(':').collect();
    let [terminal, epoch, seq, check] = fields[..] else { return None };
    let hex = |field: &str| !field.is_empty() && field.bytes().all(|byte| byte.is_ascii_hexdigit());
    if check.len() != CHECK_LENGTH || !hex(check) || !hex(epoch) {
        return None;
    }
    Some(Code::Receipt {
        terminal: terminal.parse().ok()?,
        epoch: u64::from_str_radix(epoch, 16).ok()?,
        seq: seq.parse().ok()?,
        check: check.to_ascii_lowercase(),
    })
}

fn staff(text: &str) -> Option<Code> {
    let code = after(text, "ST")?;
    let fits = !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| Code::Staff { code: code.to_owned() })
}

/// Only digits. A scale label and a payment code can have the same digits: while paying it is
/// money, while selling it is goods.
fn digits(rules: &ScanRules, text: &str, context: ScanContext) -> Code {
    let label = || rules.scale.iter().find_map(|rule| rule.read(text));
    match (wallet(text), context) {
        (Some(wallet), ScanContext::Paying) => {
            return Code::Payment { wallet, code: PaymentCode(text.to_owned()) };
        }
        (Some(_), _) if label().is_none() => return Code::PaymentTooEarly,
        _ => {}
    }
    if rules.cards.iter().any(|rule| rule.fits(text)) {
        return Code::Member { code: text.to_owned() };
    }
    if let Some(label) = label() {
        return Code::ScaleLabel { plu: label.plu, amount_fen: label.amount_fen, weight_g: label.weight_g };
    }
    match text.len() {
        8 | 13 if ean_is_valid(text) => Code::Goods { gtin: text.to_owned() },
        12 if ean_is_valid(text) => Code::Goods { gtin: format!("0{text}") },
        4 => Code::Last4 { digits: text.to_owned() },
        11 if is_mobile(text) => Code::Phone { digits: text.to_owned() },
        10 if card::is_card(text) => Code::Proximity { digits: text.to_owned() },
        1..8 | 9..12 => Code::Text { query: text.to_owned() },
        // A misread barcode, or a number that could be a bank card's.
        _ => Code::Unknown,
    }
}

/// WeChat: 18 digits, 10 to 15 first. Alipay: 16 to 24 digits, 25 to 30 first.
fn wallet(text: &str) -> Option<Wallet> {
    let first: u8 = text.get(..2)?.parse().ok()?;
    match (text.len(), first) {
        (18, 10..=15) => Some(Wallet::WeChat),
        (16..=24, 25..=30) => Some(Wallet::Alipay),
        _ => None,
    }
}

fn is_mobile(text: &str) -> bool {
    text.starts_with('1') && matches!(text.as_bytes()[1], b'3'..=b'9')
}
