//! What came out of the printers: files of the virtual one, bytes of one behind a socket.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::wait;

/// One slip that the virtual printer finished.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slip {
    /// `<receipt number>-<copy>`
    pub name: String,
    pub text: String,
    pub bytes: Vec<u8>,
}

/// All slips in `folder`, by name; none when nothing was ever printed.
pub fn slips(folder: &Path) -> Vec<Slip> {
    let Ok(files) = std::fs::read_dir(folder) else { return Vec::new() };
    let texts = files.filter_map(Result::ok).map(|file| file.path());
    let mut slips: Vec<Slip> = texts
        .filter(|path| path.extension().is_some_and(|ending| ending == "txt"))
        .map(|path| Slip {
            name: path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
            text: std::fs::read_to_string(&path).unwrap_or_default(),
            bytes: std::fs::read(path.with_extension("bin")).unwrap_or_default(),
        })
        .collect();
    slips.sort_by(|a, b| a.name.cmp(&b.name));
    slips
}

/// The receipt numbers on whatever lies in `folder`, half slips included.
pub fn receipts_in(folder: &Path) -> BTreeSet<String> {
    let Ok(files) = std::fs::read_dir(folder) else { return BTreeSet::new() };
    let files = files.filter_map(Result::ok).map(|file| file.path());
    let printed =
        files.filter(|path| path.extension().is_some_and(|ending| ending == "bin" || ending == "part"));
    printed.flat_map(|path| receipt_numbers(&std::fs::read(path).unwrap_or_default())).collect()
}

/// Receipt numbers, `01-261121-0047`, in printed bytes (digits are ASCII in every text mode).
pub fn receipt_numbers(bytes: &[u8]) -> BTreeSet<String> {
    const SHAPE: &[u8] = b"00-000000-0000";
    let fits = |window: &&[u8]| {
        window.iter().zip(SHAPE).all(|(byte, shape)| match shape {
            b'0' => byte.is_ascii_digit(),
            other => byte == other,
        })
    };
    bytes.windows(SHAPE.len()).filter(fits).map(|found| String::from_utf8_lossy(found).into_owned()).collect()
}

/// A network printer that takes a few bytes at a time.
pub struct SlowPrinter {
    address: SocketAddr,
    printed: Arc<Mutex<Vec<u8>>>,
}

impl SlowPrinter {
    /// Takes `piece` bytes and then rests for `rest`.
    ///
    /// # Panics
    /// When loopback has no free port.
    pub fn start(piece: usize, rest: Duration) -> SlowPrinter {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let printed = Arc::new(Mutex::new(Vec::new()));
        let paper = Arc::clone(&printed);
        std::thread::spawn(move || {
            for mut stream in listener.incoming().map_while(Result::ok) {
                let mut bytes = vec![0; piece];
                while let Ok(length) = stream.read(&mut bytes) {
                    if length == 0 {
                        break;
                    }
                    paper.lock().unwrap_or_else(PoisonError::into_inner).extend(&bytes[..length]);
                    wait::pause(rest);
                }
            }
        });
        SlowPrinter { address, printed }
    }

    /// The address for `--printer`.
    pub fn uri(&self) -> String {
        format!("tcp://{}", self.address)
    }

    /// Everything that reached the paper.
    pub fn printed(&self) -> Vec<u8> {
        self.printed.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receipt_number_is_found_between_other_bytes_and_a_telephone_number_is_not() {
        let bytes = b"\x1b@\xb5\xa5\xba\xc5 01-261121-0047\n021-62881234 02-261121-0001";
        let found: Vec<_> = receipt_numbers(bytes).into_iter().collect();
        assert_eq!(found, ["01-261121-0047", "02-261121-0001"]);
    }
}
