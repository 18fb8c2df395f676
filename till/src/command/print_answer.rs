//! What the cashier says of a slip that may be incomplete.

use crate::desk::Desk;
use crate::failure::Answer;
use crate::print_view;
use crate::slip_answer::answer;
use crate::view::{PrintAnswer, PrintQueueView};

pub fn print_answer(desk: &Desk, args: PrintAnswer) -> Answer<PrintQueueView> {
    answer(desk, args.job, args.answer)?;
    print_view::queue(desk)
}
