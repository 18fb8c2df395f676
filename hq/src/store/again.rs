//! Writing beside other processes: what met a conflict is done again, from the start, with the same input.

use ledger::id::Shard;

use super::StoreError;

/// More in a row means that something else is wrong.
const ATTEMPTS_MAX: usize = 12;

/// An error that may be a conflict.
pub trait Conflicts {
    /// The logs to lock first next time; None when it is no conflict.
    fn conflict(&self) -> Option<&[Shard]>;
}

impl Conflicts for StoreError {
    fn conflict(&self) -> Option<&[Shard]> {
        match self {
            StoreError::Conflict(shards) => Some(shards),
            _ => None,
        }
    }
}

/// Runs work in a writing transaction of its own; it gets the logs to lock before anything else.
///
/// # Errors
/// The work's own, or the last conflict.
pub fn until_settled<T, E: Conflicts>(mut work: impl FnMut(&[Shard]) -> Result<T, E>) -> Result<T, E> {
    let mut first: Vec<Shard> = Vec::new();
    for _ in 1..ATTEMPTS_MAX {
        match work(&first) {
            Err(error) if error.conflict().is_some() => {
                first.extend(error.conflict().unwrap_or_default());
                first.sort_unstable();
                first.dedup();
            }
            settled => return settled,
        }
    }
    work(&first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conflict_is_done_again_with_its_logs_and_ends_some_time() {
        let mut seen = Vec::new();
        let done = until_settled(|first| {
            seen.push(first.to_vec());
            match seen.len() {
                1 => Err(StoreError::Conflict(vec![Shard(9), Shard(3)])),
                2 => Err(StoreError::Conflict(vec![Shard(5), Shard(3)])),
                _ => Ok(first.len()),
            }
        });
        assert_eq!(done.unwrap(), 3);
        assert_eq!(seen[2], [Shard(3), Shard(5), Shard(9)]);
        let mut attempts = 0;
        let never: Result<(), StoreError> = until_settled(|_| {
            attempts += 1;
            Err(StoreError::Conflict(Vec::new()))
        });
        assert!(never.is_err());
        assert_eq!(attempts, ATTEMPTS_MAX);
    }
}
