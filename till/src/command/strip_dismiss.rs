//! The cashier has read it.

use crate::desk::Desk;
use crate::failure::Answer;

pub fn strip_dismiss(desk: &Desk) -> Answer<()> {
    desk.session().strip = None;
    Ok(())
}
