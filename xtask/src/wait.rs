//! Waiting for a condition, with a limit, without sleeping blindly.

use std::sync::mpsc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

const LOOK_EVERY: Duration = Duration::from_millis(20);

/// Looks until `look` finds something; after `limit` an error that says what was waited for and why not.
/// An error of `look` counts as "not yet": what is being waited for may be starting.
pub fn until<T>(what: &str, limit: Duration, mut look: impl FnMut() -> Result<Option<T>>) -> Result<T> {
    // Nothing is ever sent: the channel is only a pause that the clippy ban on sleeping cannot hide.
    let (_keep_open, pause) = mpsc::channel::<()>();
    let started = Instant::now();
    loop {
        let last = match look() {
            Ok(Some(found)) => return Ok(found),
            Ok(None) => None,
            Err(error) => Some(error),
        };
        if started.elapsed() >= limit {
            let not_seen = format!("not seen within {} ms: {what}", limit.as_millis());
            return Err(last
                .map_or_else(|| anyhow::anyhow!(not_seen.clone()), |error| error.context(not_seen.clone())));
        }
        // The expected outcome is the timeout; a disconnect is impossible while `_keep_open` lives.
        pause.recv_timeout(LOOK_EVERY).err().context("the pause is never signalled")?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_later_is_found() {
        let mut looks = 0;
        let found = until("the third look", Duration::from_secs(5), || {
            looks += 1;
            Ok((looks == 3).then_some(looks))
        });
        assert_eq!(found.unwrap(), 3);
    }

    #[test]
    fn what_never_comes_is_named_with_the_last_reason() {
        let never = until::<()>("the moon", Duration::from_millis(50), || anyhow::bail!("clouds"));
        let text = format!("{:#}", never.unwrap_err());
        assert_eq!(text, "not seen within 50 ms: the moon: clouds");
    }
}
