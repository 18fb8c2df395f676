//! Lists the latest sales, newest first.

use crate::desk::Desk;
use crate::failure::Answer;
use crate::receipts;
use crate::view::{SaleList, SaleView};

const LISTED_DEFAULT: u32 = 20;
const LISTED_MAX: u32 = 200;

pub fn sale_list(desk: &Desk, args: SaleList) -> Answer<Vec<SaleView>> {
    desk.staff()?;
    let limit = args.limit.unwrap_or(LISTED_DEFAULT).min(LISTED_MAX);
    receipts::latest(desk, usize::try_from(limit).unwrap_or(usize::MAX))
}
