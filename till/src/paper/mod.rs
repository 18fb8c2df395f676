//! What stands on each slip: the ledger's facts as a printable document, printer unknown.

mod copy;
mod frame;
mod member;
mod receipt;
mod refund;
mod report;
mod top_up;

pub use copy::as_copy;
pub use frame::{Letterhead, Stamp, tail, tender_name};
pub use member::MemberSlip;
pub use receipt::{SaleSlip, sale};
pub use refund::{RefundSlip, refund};
pub use report::{ReportSlip, report};
pub use top_up::{TopUpSlip, top_up};
