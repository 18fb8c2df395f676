//! Mistakes that a test build can make on purpose, so that the simulator can be seen to find them.
//! Without the feature `planted` of the crate that asks, [`planted!`](crate::planted!) is `false` at compile
//! time and nothing of it is in the program.

/// Whether this thread makes the mistake called `$name` now.
#[macro_export]
macro_rules! planted {
    ($name:literal) => {{
        #[cfg(feature = "planted")]
        {
            $crate::planted::on($name)
        }
        #[cfg(not(feature = "planted"))]
        {
            false
        }
    }};
}

#[cfg(feature = "planted")]
mod sown {
    use std::cell::Cell;

    thread_local! {
        static SOWN: Cell<Option<&'static str>> = const { Cell::new(None) };
    }

    /// From now on this thread makes the mistake; None ends it.
    pub fn sow(name: Option<&'static str>) {
        SOWN.set(name);
    }

    pub fn on(name: &str) -> bool {
        SOWN.get() == Some(name)
    }
}

#[cfg(feature = "planted")]
pub use sown::{on, sow};
