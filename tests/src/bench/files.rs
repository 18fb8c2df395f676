//! How many files this program, and with it the programs that it starts, may hold open.

/// Raises the limit as far as it may be raised; false when even that is less than `files`.
#[cfg(unix)]
pub fn room_for(files: u64) -> bool {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let known = getrlimit(Resource::Nofile);
    let enough = |limit: Option<u64>| limit.is_none_or(|limit| limit >= files);
    enough(known.current)
        || enough(known.maximum)
            && setrlimit(Resource::Nofile, Rlimit { current: Some(files), ..known }).is_ok()
}

#[cfg(not(unix))]
pub fn room_for(_files: u64) -> bool {
    true
}
