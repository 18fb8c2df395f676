//! What waits for paper, what needs a look, what came out last.

use crate::desk::Desk;
use crate::failure::Answer;
use crate::print_view;
use crate::view::PrintQueueView;

pub fn print_queue(desk: &Desk) -> Answer<PrintQueueView> {
    print_view::queue(desk)
}
