//! What headquarters does by itself, each safe to run twice.

pub mod backup;
pub mod clockwork;
pub mod demo;
pub mod entering;
pub mod init;
pub mod keeping;
pub mod move_database;
pub mod nightly;
pub mod parked;
