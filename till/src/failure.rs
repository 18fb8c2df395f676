//! What the cashier is told when something cannot be done: one sentence, one next step.

use serde::{Deserialize, Serialize};

/// The only error that leaves this crate. A `code` exists only if a window or a script acts on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
#[ts(export)]
pub struct Failure {
    /// Stable, lower case with underscores, e.g. `tender_too_small`. Locale files translate it.
    pub code: String,
    /// One Chinese sentence: what happened, and what was not lost.
    pub message: String,
    /// The one next step, e.g. `请再收 3.50`.
    pub hint: String,
}

impl Failure {
    pub fn new(code: &str, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { code: code.to_owned(), message: message.into(), hint: hint.into() }
    }
}

pub type Answer<T> = Result<T, Failure>;

/// Said by more than one command.
impl Failure {
    pub fn not_enrolled() -> Self {
        Self::new("not_enrolled", "这台收银机还没有登记到门店", "请输入总部地址和一次性登记码")
    }

    pub fn not_signed_in() -> Self {
        Self::new("not_signed_in", "还没有收银员登录", "请输入工号密码登录")
    }

    pub fn shift_closed() -> Self {
        Self::new("shift_closed", "还没有开班,不能收款", "请清点备用金后开班")
    }

    pub fn cart_empty() -> Self {
        Self::new("cart_empty", "购物车是空的", "请先扫商品")
    }

    pub fn no_such_line() -> Self {
        Self::new("no_such_line", "购物车里没有这一行", "请先选中一行商品")
    }

    pub fn scan_to_spend() -> Self {
        Self::new("scan_to_spend", "手输的会员只能积分,不能用积分和券", "请会员出示会员卡或会员码扫一下")
    }

    pub fn unknown_receipt() -> Self {
        Self::new("unknown_receipt", "这台收银机上没有这张小票", "请核对小票号,或到开票的收银机上查")
    }
}
