//! Headquarters over its real routes: a signing till, and everything that can go wrong between them.

mod conflicts;
mod console;
mod database;
mod downlink;
mod existence;
mod faults;
#[cfg(unix)]
mod full;
mod fuzz;
mod histories;
mod interest;
mod orders;
mod packs;
mod persons;
mod scan_rules;
mod shop;
mod templates;
mod till;
mod tls;
mod waiting;
