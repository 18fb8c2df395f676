//! A receipt's template: which parts stand on it, in which order and how they look. It comes from headquarters
//! as JSON, is checked there before it is kept, and read again at every till.

use std::collections::BTreeSet;

use hardware::escpos::{profile::PaperSize, raster::undrawable, text::columns};
use hardware::receipt::doc::{Align, Size};
use hardware::receipt::picture::Picture;
use serde::{Deserialize, Serialize};

/// Longest name of a template, characters.
const NAME_CHARS_MAX: usize = 20;
/// Lines of own text on a receipt, altogether.
const LINES_MAX: usize = 30;
/// 24 mm: a logo greets, it does not fill the roll.
pub const LOGO_HEIGHT_DOTS_MAX: usize = 192;
/// What a QR code of 6-dot modules holds on the narrow paper.
const URL_BYTES_MAX: usize = 150;
/// Stand for the receipt's number and its code in the address of an invoice.
const RECEIPT: &str = "{receipt}";
const CODE: &str = "{code}";

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    pub name: String,
    /// The narrowest paper that it is made for; on wider paper it fits all the more.
    pub paper: PaperSize,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo: Option<Picture>,
    /// From top to bottom.
    pub parts: Vec<Part>,
}

/// One part, where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    pub part: PartKind,
    /// A dashed line above it, when it says anything.
    #[serde(default)]
    pub rule: bool,
    /// Of the store's name and the total only; left out means large.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub look: Option<Look>,
    /// Of own text only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<TextLine>,
    /// Of the invoice code only: an address with `{receipt}` or `{code}` in it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub url: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartKind {
    Logo,
    /// Name, address and phone of the store.
    Store,
    /// Own lines; the only part that may come more than once.
    Text,
    /// Number, time, till, cashier; above it what kind of slip it is, unless it is a sale.
    Stamp,
    /// Goods; on other slips what it is about.
    Items,
    /// From list prices to what is owed.
    Promotions,
    Total,
    Tenders,
    /// Whose points move.
    Member,
    /// Which points move, and what the balance is made of.
    Points,
    /// Stored value that is left.
    Stored,
    /// The card of a member who joined with this sale.
    NewCard,
    /// Room for the customer's name on a refund.
    Signature,
    /// The store's own last lines.
    Footer,
    ReceiptQr,
    /// The code under which the customer asks for an invoice; on sales only.
    InvoiceQr,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Look {
    #[serde(default)]
    pub align: Align,
    #[serde(default)]
    pub size: Size,
    #[serde(default)]
    pub bold: bool,
}

impl Look {
    /// In the middle, bold, twice as large.
    pub const LARGE: Look = Look { align: Align::Centre, size: Size::Double, bold: true };
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextLine {
    pub text: String,
    #[serde(default)]
    pub align: Align,
    #[serde(default)]
    pub size: Size,
    #[serde(default)]
    pub bold: bool,
}

/// Why a template is not taken, as the person who edits it reads it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct TemplateError(String);

impl TemplateError {
    /// What the reader of JSON says, in the words of who edits.
    pub fn of(error: &serde_json::Error) -> Self {
        unread(error)
    }
}

pub(crate) fn wrong(why: impl Into<String>) -> TemplateError {
    TemplateError(why.into())
}

impl Default for Template {
    fn default() -> Self {
        use PartKind::*;
        let plain = |part| Part { part, rule: false, look: None, lines: Vec::new(), url: String::new() };
        let ruled = |part| Part { rule: true, ..plain(part) };
        Template {
            name: "标准小票".to_owned(),
            paper: PaperSize::Mm58,
            logo: None,
            parts: vec![
                plain(Store),
                ruled(Stamp),
                ruled(Items),
                ruled(Promotions),
                plain(Total),
                plain(Tenders),
                ruled(Member),
                plain(Points),
                plain(Stored),
                plain(NewCard),
                plain(Signature),
                ruled(Footer),
                plain(ReceiptQr),
            ],
        }
    }
}

impl Template {
    /// Reads a template and checks it.
    ///
    /// # Errors
    /// One Chinese sentence: what is wrong, and where.
    pub fn read(json: &serde_json::Value) -> Result<Template, TemplateError> {
        let template: Template = serde_json::from_value(json.clone()).map_err(|e| unread(&e))?;
        template.check()?;
        Ok(template)
    }

    /// # Errors
    /// As [`Template::read`].
    pub fn check(&self) -> Result<(), TemplateError> {
        let chars = self.name.trim().chars().count();
        if chars == 0 || chars > NAME_CHARS_MAX {
            return Err(wrong(format!("模板名称要 1 到 {NAME_CHARS_MAX} 个字")));
        }
        self.check_order()?;
        self.check_logo()?;
        let lines: Vec<&TextLine> = self.parts.iter().flat_map(|part| &part.lines).collect();
        if lines.len() > LINES_MAX {
            return Err(wrong(format!("自己写的文字最多 {LINES_MAX} 行,现在有 {} 行", lines.len())));
        }
        lines.iter().try_for_each(|line| self.check_line(line))?;
        self.parts.iter().try_for_each(check_part)
    }

    /// Each part once, and what makes a receipt a receipt is there.
    fn check_order(&self) -> Result<(), TemplateError> {
        let mut seen = BTreeSet::new();
        for part in self.parts.iter().filter(|part| part.part != PartKind::Text) {
            if !seen.insert(part.part) {
                return Err(wrong(format!("「{}」只能放一次", part.part.word())));
            }
        }
        let needed = [PartKind::Store, PartKind::Stamp, PartKind::Items, PartKind::Total, PartKind::Tenders];
        match needed.iter().find(|kind| !seen.contains(kind)) {
            Some(kind) => Err(wrong(format!("小票上必须有「{}」", kind.word()))),
            None => Ok(()),
        }
    }

    fn check_logo(&self) -> Result<(), TemplateError> {
        let is_placed = self.parts.iter().any(|part| part.part == PartKind::Logo);
        let Some(logo) = &self.logo else {
            return if is_placed { Err(wrong("放了「标志」,但还没有选图片")) } else { Ok(()) };
        };
        let dots = self.paper.columns() * 12;
        let (width, height) = (usize::from(logo.width_dots), logo.height_dots());
        if height == 0 {
            return Err(wrong("标志图片读不出来,请重新选一张 PNG"));
        }
        if width > dots {
            return Err(wrong(format!("标志太宽:{width} 点,{} 纸只有 {dots} 点", self.paper.name())));
        }
        if height > LOGO_HEIGHT_DOTS_MAX {
            return Err(wrong(format!("标志太高:{height} 点,最多 {LOGO_HEIGHT_DOTS_MAX} 点")));
        }
        Ok(())
    }

    fn check_line(&self, line: &TextLine) -> Result<(), TemplateError> {
        let shown: String = line.text.chars().take(12).collect();
        let wide = columns(&line.text) * usize::from(line.size.factors().0);
        if wide > self.paper.columns() {
            let (room, paper) = (self.paper.columns(), self.paper.name());
            return Err(wrong(format!("「{shown}…」太宽:要 {wide} 列,{paper} 纸只有 {room} 列")));
        }
        let missing: String = undrawable(&line.text).into_iter().collect();
        if !missing.is_empty() {
            return Err(wrong(format!("「{shown}」里有打不出的字:{missing}")));
        }
        Ok(())
    }

    /// The text of the invoice code for one receipt.
    pub(crate) fn invoice_url(url: &str, receipt_no: &str, code: &str) -> String {
        url.replace(RECEIPT, receipt_no).replace(CODE, code)
    }
}

/// What a part may carry besides its place.
fn check_part(part: &Part) -> Result<(), TemplateError> {
    let word = part.part.word();
    if part.look.is_some() && !matches!(part.part, PartKind::Store | PartKind::Total) {
        return Err(wrong(format!("「{word}」不能改字号和对齐")));
    }
    if (part.part == PartKind::Text) == part.lines.is_empty() {
        let empty = part.part == PartKind::Text;
        return Err(wrong(if empty {
            "有一段文字是空的,请写一行,或删掉它".to_owned()
        } else {
            format!("「{word}」里不能写文字")
        }));
    }
    if part.part != PartKind::InvoiceQr {
        return if part.url.is_empty() {
            Ok(())
        } else {
            Err(wrong(format!("「{word}」里不能放网址")))
        };
    }
    let is_address = part.url.starts_with("https://") || part.url.starts_with("http://");
    let is_plain = part.url.bytes().all(|byte| byte.is_ascii_graphic()) && part.url.len() <= URL_BYTES_MAX;
    if !is_address || !is_plain {
        return Err(wrong(format!("开票网址要以 https:// 开头,只用英文字符,最长 {URL_BYTES_MAX} 个")));
    }
    if !part.url.contains(RECEIPT) && !part.url.contains(CODE) {
        return Err(wrong("开票网址里要有 {receipt}(单号)或 {code}(小票码),不然不知道是哪一单"));
    }
    Ok(())
}

fn unread(error: &serde_json::Error) -> TemplateError {
    let text = error.to_string();
    let quoted = text.split('`').nth(1).unwrap_or_default();
    if text.starts_with("unknown field") || text.starts_with("unknown variant") {
        return wrong(format!("模板里有不认识的内容:{quoted}"));
    }
    if text.starts_with("missing field") {
        return wrong(format!("模板里缺少:{quoted}"));
    }
    wrong(format!("模板读不出来:{text}"))
}

impl PartKind {
    /// As the person who edits a template reads it.
    pub fn word(self) -> &'static str {
        match self {
            PartKind::Logo => "标志",
            PartKind::Store => "店名",
            PartKind::Text => "文字",
            PartKind::Stamp => "单号和时间",
            PartKind::Items => "商品",
            PartKind::Promotions => "优惠",
            PartKind::Total => "应收",
            PartKind::Tenders => "收款",
            PartKind::Member => "会员",
            PartKind::Points => "积分",
            PartKind::Stored => "储值",
            PartKind::NewCard => "新会员卡",
            PartKind::Signature => "退货签名",
            PartKind::Footer => "门店页脚",
            PartKind::ReceiptQr => "小票二维码",
            PartKind::InvoiceQr => "开票二维码",
        }
    }
}
