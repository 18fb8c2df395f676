//! Tests of the whole: stories of a shop, faults it survives, rules of the architecture.

mod architecture;
mod faults;
mod protocol;
mod simulation;
mod stories;
mod symbols;
