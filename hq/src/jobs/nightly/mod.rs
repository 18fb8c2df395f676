//! The night: HQ's books of a day are closed, and every till's day is counted again from its facts.

pub mod books;
pub mod night;
pub mod report;
pub mod schedule;
pub mod till;
