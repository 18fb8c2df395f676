//! HID-POS scanners (USB HID usage page 8Ch, Bar Code Scanner): one report after the other in, codes out.
//!
//! A scanned-data report of the common layout: report id, length, AIM identifier (3), data (56),
//! reserved (2), and in bit 0 of the last byte "more follows". A code that is longer than one report
//! comes in several.
use super::frame::{CAP, decode};

const HEAD: usize = 5;
const DATA: usize = 56;
/// Bytes of a whole report.
const REPORT: usize = 64;
/// Report ids under which scanners send data.
const IDS: [u8; 2] = [1, 2];

/// Collects reports into codes. Never panics, keeps at most 4096 bytes.
#[derive(Default)]
pub struct Reports {
    data: Vec<u8>,
    /// The AIM identifier of the first report.
    aim: Option<[u8; 3]>,
    overflow: bool,
}

impl Reports {
    /// Takes one report; returns the code that it completes, with its AIM identifier before it.
    pub fn push(&mut self, report: &[u8]) -> Option<String> {
        let (id, length) = (*report.first()?, usize::from(*report.get(1)?));
        let aim: [u8; 3] = report.get(2..HEAD)?.try_into().ok()?;
        let data = report.get(HEAD..HEAD + length.min(DATA))?;
        if !IDS.contains(&id) || length > DATA {
            return None;
        }
        self.aim.get_or_insert(aim);
        self.overflow |= self.data.len() + data.len() > CAP;
        if !self.overflow {
            self.data.extend_from_slice(data);
        }
        let more = report.get(REPORT - 1).is_some_and(|flags| flags & 1 == 1);
        if more { None } else { self.take() }
    }

    fn take(&mut self) -> Option<String> {
        let (data, aim) = (std::mem::take(&mut self.data), self.aim.take());
        let usable = !std::mem::take(&mut self.overflow);
        let text = decode(&data);
        let text = text.trim_end_matches(['\r', '\n', '\0']);
        let known = aim.filter(|aim| aim[0] == b']' && aim[1..].iter().all(u8::is_ascii_alphanumeric));
        let aim = known.map(|aim| String::from_utf8_lossy(&aim).into_owned()).unwrap_or_default();
        (usable && !text.is_empty()).then(|| format!("{aim}{text}"))
    }
}
