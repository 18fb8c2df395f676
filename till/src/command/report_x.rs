//! Prints the report so far; nothing is closed, and the expected cash stays hidden until the count.

use ledger::store::shifts;

use crate::business_day;
use crate::closing::{Counter, so_far};
use crate::desk::Desk;
use crate::failure::Answer;
use crate::view::DayReport;

pub fn report_x(desk: &Desk) -> Answer<DayReport> {
    let (shop, staff) = (desk.shop()?, desk.staff()?);
    let report = desk.write(|tx| {
        let day = business_day::of(tx, shop.zone(), desk.now())?;
        let sums = so_far(tx, day, shifts::day_range(tx)?)?;
        let counter = Counter { desk, tx, shop: &shop, staff: &staff, day };
        Ok(counter.report("班次小计 X", None, &sums)?)
    })?;
    desk.press.wake();
    Ok(report)
}
