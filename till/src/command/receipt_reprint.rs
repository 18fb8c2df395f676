//! Prints a receipt again: the same words, under a line that says it is a copy and which one.

use ledger::store::print_jobs::{self, JobKind};

use crate::desk::Desk;
use crate::failure::{Answer, Failure};
use crate::paper::as_copy;
use crate::paper_view;
use crate::slips::{self, Slip};
use crate::view::{ReceiptOf, ReceiptView};

pub fn receipt_reprint(desk: &Desk, args: ReceiptOf) -> Answer<ReceiptView> {
    desk.staff()?;
    let shop = desk.shop()?;
    let (row, original) = paper_view::original(desk, args.receipt.as_deref())?;
    let (copy_no, copy) = desk.write(|tx| {
        let copy_no = print_jobs::next_copy_no(tx, row.key)?.ok_or_else(too_many)?;
        let copy = as_copy(&original, u32::from(copy_no), desk.now(), shop.zone());
        let slip = Slip { event: Some(row.key), kind: JobKind::Copy, number: &row.receipt_no, copy_no };
        slips::enqueue(desk, tx, slip, &copy, desk.now())?;
        Ok((copy_no, copy))
    })?;
    desk.press.wake();
    Ok(paper_view::show(desk, &row.receipt_no, u32::from(copy_no), &copy))
}

fn too_many() -> Failure {
    Failure::new("too_many_copies", "这张小票补打的次数太多了", "请联系店长")
}
