//! The whole window in one value, for a window that has just opened.

use crate::desk::Desk;
use crate::failure::Answer;
use crate::screen::build;
use crate::view::Screen;

pub fn screen(desk: &Desk) -> Answer<Screen> {
    build(desk)
}
