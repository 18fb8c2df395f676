//! What the window may see. Every type here becomes a TypeScript type; money arrives ready to show,
//! the window does no arithmetic on it.

/// Structs that a command takes: what is not known is refused, what may be left out is optional.
macro_rules! args {
    ($($(#[$m:meta])* $name:ident { $($(#[$fm:meta])* $field:ident : $ty:ty),* $(,)? })*) => {$(
        $(#[$m])*
        #[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, schemars::JsonSchema)]
        #[serde(deny_unknown_fields)]
        #[ts(export, optional_fields)]
        pub struct $name { $($(#[$fm])* pub $field: $ty),* }
    )*};
}

pub mod args;
pub mod cart;
pub mod coupon;
pub mod customer;
pub mod day;
pub mod device;
pub mod device_args;
pub mod member;
pub mod sale;
pub mod scanned;
pub mod screen;
pub mod status;

pub use args::*;
pub use cart::*;
pub use coupon::*;
pub use customer::*;
pub use day::*;
pub use device::*;
pub use device_args::*;
pub use member::*;
pub use sale::*;
pub use scanned::*;
pub use screen::*;
pub use status::*;
