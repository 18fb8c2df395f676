//! Who is there and where it lies: stores, tills, folders.

use std::path::{Path, PathBuf};

/// Members of the chain at the start: few, so that tills meet over them.
pub const MEMBERS: u32 = 8;
/// Store and number of every till, in the order in which seeds take them.
pub const TILLS: [(&str, u32); 5] = [("S001", 1), ("S002", 1), ("S001", 2), ("S002", 2), ("S001", 3)];

pub fn hq_folder(of: &Path) -> PathBuf {
    of.join("hq")
}

pub fn till_folder(of: &Path, no: usize) -> PathBuf {
    of.join(format!("till-{no}"))
}
