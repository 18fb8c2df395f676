//! How many files the system lets this program hold open: every till's feed is one of them.

/// Raises the limit as far as it may be raised without more rights; where it then stands, None for no limit.
/// A system starts programs with a limit of 1,024 or less for the sake of programs from before `poll`.
#[cfg(unix)]
pub fn raise_open_files() -> Option<u64> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let known = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: known.maximum, ..known };
    if let Err(error) = setrlimit(Resource::Nofile, raised) {
        tracing::warn!(%error, "the limit of open files stays as it is");
    }
    getrlimit(Resource::Nofile).current
}

/// Without limits of this kind.
#[cfg(not(unix))]
pub fn raise_open_files() -> Option<u64> {
    None
}
