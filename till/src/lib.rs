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
mod fault;
mod held;
mod lookup;
mod member_card;
mod paper_view;
mod pin;
mod press;
mod receipts;
mod recording;
mod screen;
mod session;
mod settings;
mod shifts_view;
mod shop;
mod slips;
mod status;
mod tenders;

pub use composition::{Deps, Till};
