//! What is told of a code to the person who tries it: its kind, why, and only what is not secret.
use std::fmt;

use super::{code::Code, examine::Reason};

/// So many characters of a long code are shown.
const SHOWN_MAX: usize = 80;
/// So many of a secret one: its end.
const SECRET_SHOWN: usize = 4;

impl Code {
    /// The name of its kind, for programs.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Goods { .. } => "goods",
            Self::Gs1 { .. } => "gs1",
            Self::ScaleLabel { .. } => "scale_label",
            Self::Member { .. } | Self::MemberToken { .. } => "member",
            Self::Proximity { .. } => "proximity",
            Self::BankCard => "bank_card",
            Self::Coupon { .. } | Self::CouponToken { .. } => "coupon",
            Self::Receipt { .. } => "receipt",
            Self::Staff { .. } => "staff",
            Self::Payment { .. } | Self::PaymentTooEarly => "payment",
            Self::Phone { .. } => "phone",
            Self::Last4 { .. } => "last4",
            Self::Setup => "setup",
            Self::Text { .. } => "text",
            Self::Unknown => "unknown",
        }
    }

    /// The text that became this code, as it may be shown: payment codes, phone numbers, bank cards, the codes of
    /// members and coupons, and what could be one of them show their end only.
    pub fn shown(&self, text: &str) -> String {
        let secret = matches!(
            self,
            Self::Payment { .. }
                | Self::PaymentTooEarly
                | Self::BankCard
                | Self::Phone { .. }
                | Self::MemberToken { .. }
                | Self::CouponToken { .. }
                | Self::Unknown
        );
        let units: Vec<char> = text.trim().chars().filter(|unit| !unit.is_control()).collect();
        if secret && units.len() > SECRET_SHOWN {
            let end: String = units[units.len() - SECRET_SHOWN..].iter().collect();
            return format!("…{end}");
        }
        units.into_iter().take(SHOWN_MAX).collect()
    }

    /// Whether its last digit says that it was read well; other rows of digits have none, or one of another kind.
    pub fn has_check_digit(&self) -> bool {
        matches!(self, Self::Goods { .. } | Self::Gs1 { .. } | Self::ScaleLabel { .. } | Self::Unknown)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::OwnMark => "本店自己的码,有标记",
            Self::CardRule => "会员卡号,按本店的卡号规则",
            Self::SetUp => "设置码,不卖东西",
            Self::EanCheckDigit => "商品条码,校验位正确",
            Self::WrongCheckDigit => "像商品条码,但校验位不对,可能读错了",
            Self::ScaleRule => "条码秤标签,按本店的秤码规则",
            Self::Gs1Fields => "GS1 标签,字段完整",
            Self::Gs1Broken(error) => return write!(f, "GS1 标签有问题:{error}"),
            Self::PaymentShape | Self::PaymentTooEarly => "付款码的位数和开头,不记录",
            Self::Stripe => "磁条会员卡",
            Self::BankCard => "银行卡磁条,卡号没有保存",
            Self::TenDigits => "10 位数字,感应卡读卡器的格式",
            Self::PhoneShape => "手机号或后四位",
            Self::Words => "当作文字查找",
            Self::Nothing => "不认识的码",
        };
        f.write_str(text)
    }
}
