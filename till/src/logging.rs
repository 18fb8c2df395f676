//! Logs as JSON lines on stderr; RUST_LOG chooses how much.

use std::io::Write as _;

use till::refusal::Refusal;
use tracing_subscriber::EnvFilter;

pub fn start() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(std::io::stderr).init();
}

/// The one sentence of a refused start, alone on its line, for whoever started the program by hand.
pub fn refused(refusal: &Refusal) {
    // Without a stderr there is nobody to tell; the exit code says it too.
    let _ = writeln!(std::io::stderr(), "{}", refusal.0.replace('\n', " "));
}
