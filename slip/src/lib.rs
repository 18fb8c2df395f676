//! What stands on a receipt: the ledger's facts, laid out by a template, as a document that a printer renders.
//!
//! The till prints with it and headquarters shows its preview with it: one code, one paper.

mod copy;
mod frame;
mod lay;
pub mod logo;
mod member;
mod receipt;
mod refund;
pub mod samples;
mod template;
mod top_up;

use hardware::escpos::profile::{PaperSize, Profile};
use hardware::receipt::doc::Doc;
use hardware::receipt::{preview, render};
use hardware::r#virtual::{Paper, interpret};

pub use copy::as_copy;
pub use frame::{Letterhead, Stamp, foot, head, tail, tender_name};
pub use member::MemberSlip;
pub use receipt::{SaleSlip, sale};
pub use refund::{RefundSlip, refund};
pub use template::{Look, Part, PartKind, Template, TemplateError, TextLine};
pub use top_up::{TopUpSlip, top_up};

/// The paper that a plain printer makes of a slip, dot for dot.
pub fn paper(doc: &Doc, size: PaperSize) -> Paper {
    let profile = Profile::of(size);
    interpret(&render::render(doc, &profile), profile.columns)
}

/// The same as lines of text.
pub fn text(doc: &Doc, size: PaperSize) -> Vec<String> {
    preview::preview(doc, size.columns())
}
