//! Where headquarters keeps its files, and the only clock and random source it has.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use ledger::time::Timestamp;

/// The data folder's files.
#[derive(Clone, Debug)]
pub struct DataDir(PathBuf);

impl DataDir {
    pub fn new(path: impl Into<PathBuf>) -> Self {
        DataDir(path.into())
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Makes the folder, readable by its owner only: the database holds personal data and keys.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn make(&self) -> std::io::Result<()> {
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&self.0)
    }

    /// Who was erased; outlives every backup of the database.
    pub fn erasures(&self) -> PathBuf {
        self.0.join("erasures.jsonl")
    }

    /// What new tills begin with; made anew by every start.
    pub fn packs(&self) -> PathBuf {
        self.0.join("packs")
    }

    pub fn database(&self) -> PathBuf {
        self.0.join("hq.db")
    }

    /// The certificate that tills pin, DER.
    pub fn certificate(&self) -> PathBuf {
        self.0.join("tls-certificate.der")
    }

    /// Its private key, PKCS #8 DER, readable by the owner only.
    pub fn certificate_key(&self) -> PathBuf {
        self.0.join("tls-key.der")
    }
}

/// HQ's clock. Rehearsals shift it, tests hold its hands.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    offset_ms: i64,
    /// Milliseconds since 1970; None = the system's clock.
    hands: Option<Arc<AtomicI64>>,
}

impl Clock {
    /// The system's clock and so many milliseconds.
    pub fn shifted(offset_ms: i64) -> Self {
        Clock { offset_ms, hands: None }
    }

    /// A clock that moves only when somebody moves `hands`.
    pub fn held(hands: Arc<AtomicI64>) -> Self {
        Clock { offset_ms: 0, hands: Some(hands) }
    }

    pub fn now(&self) -> Timestamp {
        if let Some(hands) = &self.hands {
            return Timestamp(hands.load(Ordering::Relaxed));
        }
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX)).plus_ms(self.offset_ms)
    }
}

/// Which no supported operating system says.
#[derive(Debug, thiserror::Error)]
#[error("the operating system gave no random bytes")]
pub struct NoRandom;

/// Random bytes of the operating system.
///
/// # Errors
/// When it has none.
pub fn random<const N: usize>() -> Result<[u8; N], NoRandom> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| NoRandom)?;
    Ok(bytes)
}
