//! HQ's decisions, over plain maps: stories of each conflict family, and what holds for any order.

mod balances;
mod facts;
mod late;
mod lending;
mod persons;
mod properties;
mod stories;
mod streams;
mod world;
