//! Every class of conflict as a story that a shop's own people can read: fixtures/conflicts. Each is
//! played over the pure rules in plain maps and over a real headquarters on either database; all three must
//! agree to the byte.

mod cast;
mod check;
mod coverage;
mod database;
mod deed;
mod facts;
mod plain;
mod play;
#[allow(dead_code, reason = "other tests ask a cluster for more")]
#[path = "../../../tests/src/postgres.rs"]
mod postgres;
mod server;
mod shelf;
mod story;
mod told;
#[path = "../../../sync/tests/decide/world.rs"]
#[allow(dead_code, reason = "the rules' own tests ask it for more")]
mod world;
