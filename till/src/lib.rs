//! The till without a window: what a cashier can do, on this machine's ledger, printer and queue.

pub mod failure;
pub mod view;
