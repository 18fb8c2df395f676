//! Where this terminal keeps the ledger: one encrypted SQLite file.
//!
//! `open` hands out a [`Ledger`]; [`Ledger::write`] is the one way to write, [`Ledger::read`] sees one
//! consistent state. Each folder is one family of tables; its functions take a [`Tx`] to write and a
//! [`Reader`] to read, and a [`Tx`] is a [`Reader`] too.

mod connect;
mod disk;
mod error;
mod generation;
mod keycheck;
mod migrate;
mod open;
mod tidy;
mod tx;

pub mod settings;

pub mod journal;

pub mod accounts;

pub mod siblings;

pub mod members;

pub mod existence;

pub mod coupons;

pub mod catalogue;

pub mod programme;

pub mod carts;

pub mod sales;

pub mod shifts;

pub mod print_jobs;

pub mod snapshot;

pub use connect::Key;
pub use disk::{DiskSpace, disk_space};
pub use error::StoreError;
pub use generation::Generation;
pub use migrate::Migration;
pub use open::{Opened, Options, open};
pub use tidy::tidy;
pub use tx::{Counters, Ledger, Reader, Tx, WalState};
