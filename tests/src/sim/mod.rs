//! The simulator: tills, headquarters and the people between them in one thread without real time, over
//! the real ledger, the real machine of the line and the real server. See docs/SIMULATOR.md.

pub mod books;
pub mod campaign;
mod cashier;
pub mod clock;
mod finals;
mod folder;
mod heal;
pub mod invariants;
pub mod kept;
mod line;
mod model;
mod office;
mod operator;
pub mod oracle;
pub mod place;
pub mod planted;
mod post;
pub mod report;
pub mod scene;
pub mod seed;
pub mod swarm;
mod terminal;
mod trace;
mod trouble;
mod turn;
pub mod world;
