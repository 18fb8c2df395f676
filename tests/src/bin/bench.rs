//! Measures the figures against their floors; `cargo xtask bench` runs it.

fn main() {}
