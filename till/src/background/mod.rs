//! What goes on without the cashier: printing, talking to headquarters, listening to the scanner, tidying.

pub mod fleet;
pub mod housekeeping;
pub mod lan;
pub mod notice;
pub mod printing;
pub mod shown;
pub mod uplink;
pub mod verifying;
