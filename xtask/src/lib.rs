//! The project's recipes: one module per `cargo xtask` command, and what they stand on.
#![allow(clippy::print_stdout, reason = "a recipe talks to the person at the terminal")]

pub mod bench;
pub mod bindings;
pub mod chaos;
pub mod check;
pub mod demo;
pub mod package;
pub mod project;
pub mod run;
pub mod setup;
pub mod sim;
pub mod tally;
pub mod test;
pub mod ui;
pub mod wait;
