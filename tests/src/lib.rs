//! The whole system from outside: real programs over loopback, for stories, faults and benchmarks.

pub mod bench;
pub mod cashier;
pub mod chance;
pub mod chaos;
pub mod folder;
pub mod hq;
pub mod http;
pub mod operator;
pub mod paper;
pub mod postgres;
pub mod process;
pub mod programs;
pub mod proxy;
pub mod sim;
pub mod terminal;
pub mod till;
pub mod wait;
pub mod world;
