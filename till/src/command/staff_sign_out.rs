//! The cashier leaves the till; the cart and the shift stay.

use crate::desk::Desk;
use crate::failure::Answer;

pub fn staff_sign_out(desk: &Desk) -> Answer<()> {
    let mut session = desk.session();
    session.staff = None;
    session.strip = None;
    Ok(())
}
