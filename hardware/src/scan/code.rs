//! The kinds of codes. `Debug` shows the kind and only what is not secret.
use std::fmt;

/// What the screen is waiting for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScanContext {
    Selling,
    Paying,
    AnyOther,
}

/// Whose payment code it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wallet {
    WeChat,
    Alipay,
}

/// The digits of a payment code: a secret for about a minute. Never stored, never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct PaymentCode(pub(super) String);

impl PaymentCode {
    /// The digits, for the payment provider only.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PaymentCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}

/// A recognised code.
#[derive(Clone, PartialEq, Eq)]
pub enum Code {
    /// A trade item: EAN-8, EAN-13, or UPC-A as 13 digits with a leading 0.
    Goods { gtin: String },
    /// A shop scale's label. Amount in fen, weight in grams.
    ScaleLabel { plu: String, amount_fen: Option<i64>, weight_g: Option<i64> },
    /// A trade item with more on its label (GS1): GTIN of 13 digits (14 for variable measures).
    Gs1 { gtin: String, weight_g: Option<i64>, amount_fen: Option<i64> },
    /// A proximity card: ten digits as read; the reader may have reversed its bytes.
    Proximity { digits: String },
    /// A bank card's stripe: dropped, its number is in nobody's hands.
    BankCard,
    /// A member: what follows `MB1:`, or the 13 digits of a card (`8600`, 8 digits, Luhn digit).
    Member { code: String },
    /// A member's code of this moment, whole: `MB2.<payload>.<signature>`.
    MemberToken { token: String },
    /// A coupon: `CP` and 10 characters of Crockford base 32, upper case.
    Coupon { code: String },
    /// A bearer's coupon, whole: `CB1.<payload>.<signature>`.
    CouponToken { token: String },
    /// A receipt: `SP1:<terminal>:<epoch hex>:<seq>:<check>`, check = 8 hex digits, unverified.
    Receipt { terminal: u32, epoch: u64, seq: u64, check: String },
    /// A member of staff: `ST` and digits.
    Staff { code: String },
    /// One of our set-up codes (`SZ1:`, `SZ2:`): for the scan-test page, nothing to sell.
    Setup,
    /// A customer's payment code, while paying.
    Payment { wallet: Wallet, code: PaymentCode },
    /// A customer's payment code before it is time: "这是付款码,请先点收款".
    PaymentTooEarly,
    /// A mobile number of mainland China, 11 digits.
    Phone { digits: String },
    /// Four digits: the end of a phone number.
    Last4 { digits: String },
    /// Words to search for.
    Text { query: String },
    /// Nothing known: a misread or foreign code.
    Unknown,
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Goods { gtin } => write!(f, "Goods({gtin})"),
            Self::ScaleLabel { plu, amount_fen, weight_g } => {
                write!(f, "ScaleLabel({plu}, {amount_fen:?} fen, {weight_g:?} g)")
            }
            Self::Gs1 { gtin, weight_g, amount_fen } => {
                write!(f, "Gs1({gtin}, {weight_g:?} g, {amount_fen:?} fen)")
            }
            Self::Proximity { .. } => f.write_str("Proximity"),
            Self::BankCard => f.write_str("BankCard"),
            Self::Receipt { terminal, epoch, seq, .. } => write!(f, "Receipt({terminal}:{epoch:x}:{seq})"),
            Self::Staff { code } => write!(f, "Staff({code})"),
            Self::Payment { wallet, .. } => write!(f, "Payment({wallet:?})"),
            Self::PaymentTooEarly => f.write_str("PaymentTooEarly"),
            Self::Member { .. } => f.write_str("Member"),
            Self::MemberToken { .. } => f.write_str("MemberToken"),
            Self::CouponToken { .. } => f.write_str("CouponToken"),
            Self::Coupon { .. } => f.write_str("Coupon"),
            Self::Phone { .. } => f.write_str("Phone"),
            Self::Last4 { .. } => f.write_str("Last4"),
            Self::Setup => f.write_str("Setup"),
            Self::Text { .. } => f.write_str("Text"),
            Self::Unknown => f.write_str("Unknown"),
        }
    }
}
