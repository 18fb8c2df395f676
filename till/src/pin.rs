//! Staff PINs: checked against Argon2id hashes, offline too; guessing is slowed down.

use argon2::Argon2;
use argon2::password_hash::PasswordVerifier;
use argon2::password_hash::phc::PasswordHash;
use ledger::time::{MINUTE_MS, Timestamp};
use serde::{Deserialize, Serialize};
use sync::protocol::config::StaffRow;

/// So many wrong PINs in a row lock every PIN entry of this till ...
pub const FAILURES_MAX: u32 = 5;
/// ... for so long.
pub const LOCK_MS: i64 = 5 * MINUTE_MS;

/// Wrong PINs in a row; kept in the ledger, so that a restart does not help.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guesses {
    pub failures: u32,
    pub locked_until: Option<Timestamp>,
}

impl Guesses {
    /// Milliseconds until a PIN may be tried again, if not now. A clock set back cannot stretch it.
    pub fn locked_ms(&self, now: Timestamp) -> Option<i64> {
        let left = self.locked_until?.since(now);
        (left > 0).then(|| left.min(LOCK_MS))
    }

    #[must_use]
    pub fn after_wrong(self, now: Timestamp) -> Self {
        // An ended lock starts the count anew.
        let before = if self.locked_until.is_some() { 0 } else { self.failures };
        let failures = before + 1;
        Guesses { failures, locked_until: (failures >= FAILURES_MAX).then(|| now.plus_ms(LOCK_MS)) }
    }
}

/// The one person among `staff` whose PIN this is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    One(StaffRow),
    Nobody,
    /// Two people share it: the staff number is needed too.
    Several,
}

/// Looks `pin` up among `staff`; `id` narrows it to one person.
pub fn whose(pin: &str, id: Option<&str>, staff: &[StaffRow]) -> Found {
    let mut fits = staff.iter().filter(|row| id.is_none_or(|id| row.id.0 == id) && is_right(pin, row));
    match (fits.next(), fits.next()) {
        (None, _) => Found::Nobody,
        (Some(row), None) => Found::One(row.clone()),
        (Some(_), Some(_)) => Found::Several,
    }
}

fn is_right(pin: &str, row: &StaffRow) -> bool {
    PasswordHash::new(&row.pin_hash)
        .is_ok_and(|hash| Argon2::default().verify_password(pin.as_bytes(), &hash).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_wrong_pins_lock_for_five_minutes_and_then_the_count_starts_anew() {
        let now = Timestamp(1_000_000);
        let mut guesses = Guesses::default();
        for _ in 0..4 {
            guesses = guesses.after_wrong(now);
            assert_eq!(guesses.locked_ms(now), None);
        }
        guesses = guesses.after_wrong(now);
        assert_eq!(guesses.locked_ms(now), Some(LOCK_MS));
        assert_eq!(guesses.locked_ms(now.plus_ms(-10 * LOCK_MS)), Some(LOCK_MS));
        let later = now.plus_ms(LOCK_MS);
        assert_eq!(guesses.locked_ms(later), None);
        assert_eq!(guesses.after_wrong(later).failures, 1);
    }
}
