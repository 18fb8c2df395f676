//! The API, one file per resource.

pub mod authorize;
pub mod body;
pub mod cases;
pub mod config;
pub mod console;
pub mod digest;
pub mod enrol;
pub mod feed;
pub mod hello;
pub mod lookup;
pub mod names;
pub mod nights;
pub mod operators;
pub mod orders;
pub mod pack;
pub mod pages;
pub mod plain;
pub mod pull;
pub mod push;
pub mod read;
pub mod siblings;
pub mod signed;
pub mod snapshot;
pub mod templates;
pub mod transfer;
pub mod verdicts;
