//! Lists the held carts, longest waiting first.

use crate::desk::Desk;
use crate::failure::Answer;
use crate::held;
use crate::view::HeldView;

pub fn cart_held(desk: &Desk) -> Answer<Vec<HeldView>> {
    desk.staff()?;
    held::list(desk)
}
