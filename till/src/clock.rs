//! Time and chance, passed in so that a test can hold both still.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use crypto_box::aead::rand_core::{self, CryptoRng, RngCore};
use ledger::time::Timestamp;

/// What the wall and a steady counter say.
pub trait Clock: Send + Sync {
    fn now(&self) -> Timestamp;
    /// Milliseconds since the program started; never goes backwards.
    fn mono_ms(&self) -> u64;
}

/// The machine's clock, shifted for rehearsals.
pub struct SystemClock {
    started: Instant,
    offset_ms: i64,
}

impl SystemClock {
    pub fn shifted(offset_ms: i64) -> Self {
        Self { started: Instant::now(), offset_ms }
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_millis());
        Timestamp(i64::try_from(since).unwrap_or(i64::MAX)).plus_ms(self.offset_ms)
    }

    fn mono_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// A clock that moves only when told to.
pub struct SetClock(Mutex<(Timestamp, u64)>);

impl SetClock {
    pub fn at(now: Timestamp) -> Self {
        Self(Mutex::new((now, 0)))
    }

    /// Time passes: wall and counter move on together.
    pub fn pass_ms(&self, ms: u32) {
        let mut hands = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *hands = (hands.0.plus_ms(i64::from(ms)), hands.1 + u64::from(ms));
    }

    /// Somebody sets the wall clock; the counter knows nothing of it.
    pub fn set(&self, now: Timestamp) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).0 = now;
    }
}

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).0
    }

    fn mono_ms(&self) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).1
    }
}

/// Unpredictable bytes.
pub trait Chance: Send + Sync {
    fn fill(&self, bytes: &mut [u8]);
}

/// The operating system's.
pub struct SystemChance;

impl Chance for SystemChance {
    /// # Panics
    /// When the system has no randomness: keys and ids made without it would be worthless.
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system gives random bytes");
    }
}

/// `N` fresh bytes.
pub fn bytes<const N: usize>(chance: &dyn Chance) -> [u8; N] {
    let mut out = [0; N];
    chance.fill(&mut out);
    out
}

/// A till's chance where a library asks for dice of its own kind; as unpredictable as what is inside.
pub struct Dice<'a>(pub &'a dyn Chance);

impl RngCore for Dice<'_> {
    fn next_u32(&mut self) -> u32 {
        u32::from_le_bytes(bytes(self.0))
    }

    fn next_u64(&mut self) -> u64 {
        u64::from_le_bytes(bytes(self.0))
    }

    fn fill_bytes(&mut self, out: &mut [u8]) {
        self.0.fill(out);
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), rand_core::Error> {
        self.0.fill(out);
        Ok(())
    }
}

impl CryptoRng for Dice<'_> {}
