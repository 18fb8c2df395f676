//! A printer that refuses again and again: most speak to one till at a time, so another one holds it.
use std::time::{Duration, Instant};

use crate::error::{ErrorCode, ErrorExt, HwError};

/// Since when nothing but refusals came.
#[derive(Debug, Default)]
pub(super) struct Refusals {
    since: Option<Instant>,
}

impl Refusals {
    /// An attempt went well.
    pub fn over(&mut self) {
        self.since = None;
    }

    /// Names the cause once refusals have gone on for `limit`; other failures end the row.
    pub fn name(&mut self, error: HwError, now: Instant, limit: Duration) -> HwError {
        if error.ext != Some(ErrorExt::Refused) && error.code != ErrorCode::Busy {
            self.since = None;
            return error;
        }
        let since = *self.since.get_or_insert(now);
        if now.saturating_duration_since(since) < limit { error } else { error.with(ErrorExt::Occupied) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twenty_seconds_of_refusals_are_somebody_else_and_one_success_begins_anew() {
        let (mut refusals, start) = (Refusals::default(), Instant::now());
        let refused = || HwError::from_io(&std::io::ErrorKind::ConnectionRefused.into(), "connect");
        let mut ext = |seconds| {
            let now = start + Duration::from_secs(seconds);
            refusals.name(refused(), now, Duration::from_secs(20)).ext
        };
        assert_eq!((ext(0), ext(19)), (Some(ErrorExt::Refused), Some(ErrorExt::Refused)));
        assert_eq!(ext(20), Some(ErrorExt::Occupied));
        refusals.over();
        let again = refusals.name(refused(), start + Duration::from_secs(30), Duration::from_secs(20));
        assert_eq!(again.ext, Some(ErrorExt::Refused));
        let gone = HwError::timeout("connect");
        assert_eq!(refusals.name(gone, start + Duration::from_secs(90), Duration::ZERO).ext, None);
    }
}
