//! Shows a receipt as paper.

use crate::desk::Desk;
use crate::failure::Answer;
use crate::paper_view;
use crate::view::{ReceiptOf, ReceiptView};

pub fn receipt_get(desk: &Desk, args: ReceiptOf) -> Answer<ReceiptView> {
    desk.staff()?;
    let (row, doc) = paper_view::original(desk, args.receipt.as_deref())?;
    Ok(paper_view::show(desk, &row.receipt_no, 0, &doc))
}
