//! Room on the disk that holds the ledger, to warn before a sale is refused.

use super::error::StoreError;
use super::tx::Ledger;

/// Thousandths of the disk in use from which a person is warned.
const WARN_PERMILLE: u64 = 850;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DiskSpace {
    pub total_bytes: u64,
    /// What this program may still use.
    pub free_bytes: u64,
}

impl DiskSpace {
    pub fn is_low(self) -> bool {
        let used = self.total_bytes.saturating_sub(self.free_bytes);
        u128::from(used) * 1000 >= u128::from(self.total_bytes) * u128::from(WARN_PERMILLE)
    }
}

/// # Errors
/// The system's.
pub fn disk_space(ledger: &Ledger) -> Result<DiskSpace, StoreError> {
    let stats = fs4::statvfs(ledger.dir())?;
    Ok(DiskSpace { total_bytes: stats.total_space(), free_bytes: stats.available_space() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_warns_from_85_percent_on() {
        for (free, low) in [(1000, false), (151, false), (150, true), (0, true)] {
            assert_eq!(DiskSpace { total_bytes: 1000, free_bytes: free }.is_low(), low, "{free} free");
        }
    }
}
