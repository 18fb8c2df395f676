//! The till's side of sync over a real ledger: folding, loading, the driver in bad weather, the line.
#![cfg(feature = "client")]

mod counted;
mod driver;
mod existence;
mod fold;
mod hq;
mod http;
mod interest;
mod line;
mod moving;
mod persons;
mod shop;
mod siblings;
mod tls;
mod turned_back;
