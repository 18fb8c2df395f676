//! What the customer sees, for a window that has just opened.

use crate::customer;
use crate::desk::Desk;
use crate::failure::Answer;
use crate::screen::build;
use crate::view::CustomerView;

pub fn customer_screen(desk: &Desk) -> Answer<CustomerView> {
    Ok(customer::of(&build(desk)?))
}
