//! Finds a sale by receipt code, receipt number or sale id. Who opens an exception has seen it.

use crate::desk::Desk;
use crate::failure::Answer;
use crate::receipts;
use crate::view::{SaleFind, SaleView, Standing};

pub fn sale_find(desk: &Desk, args: SaleFind) -> Answer<SaleView> {
    desk.staff()?;
    let view = receipts::named(desk, &args.receipt)?;
    if view.standing == Standing::Exception {
        receipts::see(desk, &args.receipt)?;
    }
    Ok(view)
}
