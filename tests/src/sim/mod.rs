//! The simulator: tills, headquarters and the people between them in one thread without real time, over
//! the real ledger, the real machine of the line and the real server. See docs/SIMULATOR.md.

pub mod books;
pub mod campaign;
mod carry;
mod cashier;
pub mod clock;
mod disk;
mod finals;
mod folder;
mod heal;
pub mod invariants;
pub mod kept;
mod lan;
mod line;
mod model;
mod office;
mod operator;
pub mod oracle;
mod orders;
mod phone;
pub mod place;
pub mod planted;
mod plug;
mod post;
pub mod reach;
pub mod report;
pub mod scene;
pub mod seed;
pub mod swarm;
mod terminal;
pub mod theme;
mod trace;
mod trouble;
mod turn;
mod vault;
pub mod world;
