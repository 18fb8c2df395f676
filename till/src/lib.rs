//! The till without a window: what a cashier can do, on this machine's ledger, printer and queue.

pub mod clock;
pub mod config;
pub mod event;
pub mod failure;
pub mod key_store;
pub mod link;
pub mod refusal;
pub mod schema;
pub mod table;
pub mod view;

pub mod desk;
pub mod export;
pub mod identity;
pub mod paper;

mod approval;
mod background;
mod business_day;
mod cart;
mod checkout;
mod clock_watch;
mod closing;
mod command;
mod composition;
mod device_notices;
mod device_setup;
mod device_view;
mod fault;
mod fleet;
mod held;
mod limits;
mod lookup;
mod member_card;
mod moment;
mod paper_view;
mod pin;
mod press;
mod print_view;
mod receipts;
mod recording;
mod scan_state;
mod scans;
mod screen;
mod session;
mod settings;
mod shifts_view;
mod shop;
mod signed_codes;
mod slip_answer;
mod slips;
mod spending;
mod spending_checks;
mod status;
mod tenders;

pub use composition::{Deps, Till};
