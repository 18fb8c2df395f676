//! What headquarters does by itself, each safe to run twice.

pub mod demo;
pub mod init;
