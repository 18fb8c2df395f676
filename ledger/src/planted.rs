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
    use std::sync::OnceLock;

    /// What the whole program makes, from its start to its end.
    static EVERYWHERE: OnceLock<String> = OnceLock::new();

    thread_local! {
        static SOWN: Cell<Option<&'static str>> = const { Cell::new(None) };
    }

    /// From now on this thread makes the mistake; None ends it.
    pub fn sow(name: Option<&'static str>) {
        SOWN.set(name);
    }

    /// From now on every thread makes the mistake, for as long as the program runs.
    pub fn sow_everywhere(name: String) {
        EVERYWHERE.get_or_init(|| name);
    }

    pub fn on(name: &str) -> bool {
        SOWN.get() == Some(name) || EVERYWHERE.get().is_some_and(|everywhere| everywhere == name)
    }
}

#[cfg(feature = "planted")]
pub use sown::{on, sow, sow_everywhere};
