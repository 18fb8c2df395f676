//! What the window may see. Every type here becomes a TypeScript type; money arrives ready to show,
//! the window does no arithmetic on it.

pub mod args;
pub mod cart;
pub mod day;
pub mod member;
pub mod sale;
pub mod screen;
pub mod status;

pub use args::*;
pub use cart::*;
pub use day::*;
pub use member::*;
pub use sale::*;
pub use screen::*;
pub use status::*;
