//! The till's ledger on a real disk, as sentences.

mod cut;
mod existence;
mod history;
mod journal;
mod money;
mod opening;
mod people;
mod printing;
mod receipts;
mod shop;
mod size;
