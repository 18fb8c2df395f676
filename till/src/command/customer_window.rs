//! When the customer's own window is open; the till remembers it.

use crate::desk::Desk;
use crate::failure::Answer;
use crate::settings;
use crate::view::CustomerWindowOf;

pub fn customer_window(desk: &Desk, args: CustomerWindowOf) -> Answer<()> {
    desk.write(|tx| Ok(settings::set_customer_window(tx, args.window)?))
}
