//! Headquarters on PostgreSQL: the stories of `tests/api` once more, what only several processes can get
//! wrong, and what the schema promises.

#[allow(dead_code, reason = "chaos asks a cluster for more")]
#[path = "../../../tests/src/postgres.rs"]
mod postgres;

mod constant;
mod database;
mod dice;
mod moving;
mod program;
mod same;
mod schema;
mod together;

// One suite for both databases: there it is played on SQLite. Only what asks no database is left out: the
// certificate, and the parsers under fuzzed requests.
#[path = "../api/conflicts.rs"]
mod conflicts;
#[path = "../api/console.rs"]
mod console;
#[path = "../api/downlink.rs"]
mod downlink;
#[path = "../api/faults.rs"]
mod faults;
#[path = "../api/histories.rs"]
mod histories;
#[path = "../api/interest.rs"]
mod interest;
#[path = "../api/orders.rs"]
mod orders;
#[path = "../api/persons.rs"]
mod persons;
#[path = "../api/scan_rules.rs"]
mod scan_rules;
#[path = "../api/shop.rs"]
mod shop;
#[path = "../api/templates.rs"]
mod templates;
#[allow(dead_code, reason = "the stories that only one database needs use the rest")]
#[path = "../api/till.rs"]
mod till;
#[path = "../api/waiting.rs"]
mod waiting;
