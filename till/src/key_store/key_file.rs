//! A key as 64 hex digits in a file, for machines without a key store.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::path::PathBuf;

use zeroize::Zeroizing;

use super::{Key, KeyStore};
use crate::refusal::Refusal;

pub struct KeyFile {
    path: PathBuf,
}

impl KeyFile {
    pub fn new(path: PathBuf) -> Self {
        Self { path }
    }

    fn refused(&self, why: impl std::fmt::Display) -> Refusal {
        Refusal::new(format!("密钥文件 {} 不能使用:{why}", self.path.display()))
    }
}

impl KeyStore for KeyFile {
    fn load(&self) -> Result<Option<Key>, Refusal> {
        let mut file = match File::open(&self.path) {
            Ok(file) => file,
            Err(e) if e.kind() == ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(self.refused(e)),
        };
        let mut text = Zeroizing::new(String::new());
        file.read_to_string(&mut text).map_err(|e| self.refused(e))?;
        parse(text.trim()).map(Some).ok_or_else(|| self.refused("应为 64 位十六进制数"))
    }

    fn keep(&self, key: &Key) -> Result<(), Refusal> {
        let mut file = private(&self.path).map_err(|e| self.refused(e))?;
        let text = Zeroizing::new(key.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
        writeln!(file, "{}", *text).and_then(|()| file.sync_all()).map_err(|e| self.refused(e))
    }

    fn lies_on_disk(&self) -> bool {
        true
    }
}

fn parse(text: &str) -> Option<Key> {
    let bytes = text.as_bytes();
    let mut key = Zeroizing::new([0; 32]);
    if bytes.len() != 64 {
        return None;
    }
    for (slot, pair) in key.iter_mut().zip(bytes.chunks_exact(2)) {
        let pair = std::str::from_utf8(pair).ok().filter(|p| p.bytes().all(|b| b.is_ascii_hexdigit()))?;
        *slot = u8::from_str_radix(pair, 16).ok()?;
    }
    Some(key)
}

#[cfg(unix)]
fn private(path: &std::path::Path) -> std::io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

/// Windows: the folder's access list decides who may read it.
#[cfg(not(unix))]
fn private(path: &std::path::Path) -> std::io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_reads_back_and_a_torn_file_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let store = KeyFile::new(folder.path().join("till.key"));
        assert!(store.load().unwrap().is_none());
        store.keep(&Zeroizing::new([0xa5; 32])).unwrap();
        assert_eq!(*store.load().unwrap().unwrap(), [0xa5; 32]);
        std::fs::write(folder.path().join("till.key"), "a5a5").unwrap();
        assert!(store.load().is_err());
    }
}
