//! Finds a sale by receipt code, receipt number or sale id.

use crate::desk::Desk;
use crate::failure::Answer;
use crate::receipts;
use crate::view::{SaleFind, SaleView};

pub fn sale_find(desk: &Desk, args: SaleFind) -> Answer<SaleView> {
    desk.staff()?;
    receipts::named(desk, &args.receipt)
}
