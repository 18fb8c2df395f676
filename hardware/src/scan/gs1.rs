//! GS1 element strings (GS1 General Specifications, section 3): application identifiers and their data.
use super::check_digit::ean_is_valid;

/// Ends a field without a fixed length (FNC1 as transmitted).
pub const SEPARATOR: char = '\u{1d}';

/// Why a text is no element string.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Gs1Error {
    #[error("unknown application identifier")]
    UnknownIdentifier,
    #[error("a field is too short or too long")]
    Length,
    #[error("a field has signs that it may not have")]
    Signs,
    #[error("a check digit is wrong")]
    CheckDigit,
    #[error("a date does not exist")]
    Date,
}

/// One field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// Two to four digits, e.g. `01`, `3103`.
    pub ai: String,
    pub data: String,
}

/// What is known of an identifier.
struct Rule {
    prefix: &'static str,
    /// Digits of the identifier itself; those behind the prefix tell the decimals.
    ai_length: usize,
    data: Data,
}

enum Data {
    /// Digits with a check digit at the end.
    Checked(usize),
    Digits(usize),
    /// Year, month, day; day 00 is the end of the month.
    Date,
    /// At most so many digits.
    Number(usize),
    /// At most so many signs.
    Text(usize),
}

const fn rule(prefix: &'static str, ai_length: usize, data: Data) -> Rule {
    Rule { prefix, ai_length, data }
}

/// What stands on goods and logistics labels of a shop.
const RULES: &[Rule] = &[
    rule("00", 2, Data::Checked(18)),
    rule("01", 2, Data::Checked(14)),
    rule("02", 2, Data::Checked(14)),
    rule("10", 2, Data::Text(20)),
    rule("11", 2, Data::Date),
    rule("12", 2, Data::Date),
    rule("13", 2, Data::Date),
    rule("15", 2, Data::Date),
    rule("16", 2, Data::Date),
    rule("17", 2, Data::Date),
    rule("20", 2, Data::Digits(2)),
    rule("21", 2, Data::Text(20)),
    rule("22", 2, Data::Text(20)),
    rule("240", 3, Data::Text(30)),
    rule("241", 3, Data::Text(30)),
    rule("30", 2, Data::Number(8)),
    rule("310", 4, Data::Digits(6)),
    rule("320", 4, Data::Digits(6)),
    rule("37", 2, Data::Number(8)),
    rule("390", 4, Data::Number(15)),
    rule("392", 4, Data::Number(15)),
    rule("400", 3, Data::Text(30)),
    rule("410", 3, Data::Checked(13)),
    rule("414", 3, Data::Checked(13)),
    rule("422", 3, Data::Digits(3)),
    rule("9", 2, Data::Text(90)),
];

impl Rule {
    fn of(text: &str) -> Option<&'static Self> {
        RULES.iter().find(|rule| text.starts_with(rule.prefix))
    }

    fn fixed(&self) -> Option<usize> {
        match self.data {
            Data::Checked(length) | Data::Digits(length) => Some(length),
            Data::Date => Some(6),
            Data::Number(_) | Data::Text(_) => None,
        }
    }

    fn check(&self, data: &str) -> Result<(), Gs1Error> {
        let digits = data.bytes().all(|byte| byte.is_ascii_digit());
        let sound = match self.data {
            Data::Text(_) => data.bytes().all(|byte| matches!(byte, b'!'..=b'z')),
            _ => digits,
        };
        match (&self.data, sound) {
            (_, false) => Err(Gs1Error::Signs),
            (Data::Number(most) | Data::Text(most), _) if data.is_empty() || data.len() > *most => {
                Err(Gs1Error::Length)
            }
            (Data::Checked(_), _) if !ean_is_valid(data) => Err(Gs1Error::CheckDigit),
            (Data::Date, _) if !is_date(data) => Err(Gs1Error::Date),
            _ => Ok(()),
        }
    }
}

fn is_date(digits: &str) -> bool {
    let number = |at: usize| digits.get(at..at + 2).and_then(|two| two.parse::<u8>().ok());
    matches!((number(2), number(4)), (Some(1..=12), Some(0..=31)))
}

/// Reads an element string without its symbology identifier. Never panics.
pub fn parse(text: &str) -> Result<Vec<Element>, Gs1Error> {
    let mut rest = text.trim_start_matches(SEPARATOR);
    let mut elements = Vec::new();
    if !text.is_ascii() {
        return Err(Gs1Error::Signs);
    }
    while !rest.is_empty() {
        let rule = Rule::of(rest).ok_or(Gs1Error::UnknownIdentifier)?;
        let (ai, behind) = rest.split_at_checked(rule.ai_length).ok_or(Gs1Error::Length)?;
        if !ai.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Gs1Error::UnknownIdentifier);
        }
        let end = rule.fixed().unwrap_or_else(|| behind.find(SEPARATOR).unwrap_or(behind.len()));
        let (data, after) = behind.split_at_checked(end).ok_or(Gs1Error::Length)?;
        rule.check(data)?;
        elements.push(Element { ai: ai.to_owned(), data: data.to_owned() });
        rest = after.strip_prefix(SEPARATOR).unwrap_or(after);
    }
    if elements.is_empty() { Err(Gs1Error::Length) } else { Ok(elements) }
}

/// Reads a GS1 Digital Link: `https://…/01/<gtin>/10/<lot>?17=…`; `None` if it is another address.
pub fn digital_link(text: &str) -> Option<Vec<Element>> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let mut parts = path.split('/').skip_while(|part| *part != "01");
    let mut elements = Vec::new();
    while let (Some(ai), Some(data)) = (parts.next(), parts.next()) {
        elements.push(element(ai, data)?);
    }
    for (ai, data) in query.split('&').filter_map(|pair| pair.split_once('=')) {
        // Keys of the shop's own may stand beside those of the standard.
        if !ai.is_empty() && ai.bytes().all(|byte| byte.is_ascii_digit()) {
            elements.push(element(ai, data)?);
        }
    }
    elements.first().is_some_and(|first| first.ai == "01").then_some(elements)
}

fn element(ai: &str, data: &str) -> Option<Element> {
    let data = if ai == "01" { format!("{data:0>14}") } else { data.to_owned() };
    let rule = Rule::of(ai).filter(|rule| rule.ai_length == ai.len())?;
    let fits = rule.fixed().is_none_or(|length| length == data.len());
    (fits && rule.check(&data).is_ok()).then(|| Element { ai: ai.to_owned(), data })
}

/// What a till needs of the fields.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Goods {
    /// 13 digits; the leading 0 of a GTIN-14 is gone.
    pub gtin: String,
    pub weight_g: Option<i64>,
    pub amount_fen: Option<i64>,
    /// Best before or use by, `YYMMDD`.
    pub expiry: Option<String>,
    pub lot: Option<String>,
}

/// The trade item among the fields. A case (indicator 1 to 8) is none: it is not sold by the piece.
pub fn goods(elements: &[Element]) -> Option<Goods> {
    let of = |ai: &str| elements.iter().find(|element| element.ai == ai).map(|element| element.data.clone());
    let gtin = of("01")?;
    let (indicator, gtin) = gtin.split_at(1);
    if !matches!(indicator, "0" | "9") {
        return None;
    }
    // With indicator 9 the last digit checks all 14; the item itself is known by its own.
    let gtin = if indicator == "9" { format!("9{gtin}") } else { gtin.to_owned() };
    Some(Goods {
        gtin,
        weight_g: elements.iter().find_map(|element| decimal(element, "310", 3)),
        amount_fen: elements.iter().find_map(|element| decimal(element, "392", 2)),
        expiry: of("17").or_else(|| of("15")),
        lot: of("10"),
    })
}

/// A number whose identifier ends with its decimals, as whole units of `wanted` decimals; `None` if it is
/// finer than that or too large.
fn decimal(element: &Element, prefix: &str, wanted: u32) -> Option<i64> {
    let decimals = element.ai.strip_prefix(prefix)?.parse::<u32>().ok()?;
    let value: i64 = element.data.parse().ok()?;
    match wanted.checked_sub(decimals) {
        Some(missing) => value.checked_mul(10_i64.pow(missing)),
        None => {
            let finer = 10_i64.checked_pow(decimals - wanted)?;
            (value % finer == 0).then_some(value / finer)
        }
    }
}
