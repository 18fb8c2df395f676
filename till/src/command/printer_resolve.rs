//! What the cashier says of a receipt that may be incomplete.

use crate::desk::Desk;
use crate::failure::Answer;
use crate::slip_answer::answer;
use crate::status;
use crate::view::{PrintAnswerChoice, PrinterChoice, PrinterResolve, PrinterStatus};

pub fn printer_resolve(desk: &Desk, args: PrinterResolve) -> Answer<PrinterStatus> {
    let choice = match args.choice {
        PrinterChoice::Complete => PrintAnswerChoice::Complete,
        PrinterChoice::PrintCopy => PrintAnswerChoice::Copy,
        PrinterChoice::Skip => PrintAnswerChoice::Skip,
    };
    answer(desk, args.job, choice)?;
    status::printer(desk)
}
