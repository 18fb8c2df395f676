//! What stands on each slip. Receipts are laid out by the store's template, in a crate that headquarters'
//! preview uses too; reports are the till's own.

mod report;

pub use report::{ReportSlip, report};
pub use slip::{
    Letterhead, MemberSlip, RefundSlip, SaleSlip, Stamp, Template, TopUpSlip, as_copy, refund, sale, tail,
    tender_name, top_up,
};
