//! Cuts a scanner's byte stream into codes: at CR or LF, or at a silence.
use encoding_rs::GBK;

/// Longest code in bytes; anything longer is noise and is thrown away up to the next end.
pub(super) const CAP: usize = 4096;
/// Start and end of text, sent around the code by some scanners.
const STX: u8 = 0x02;
const ETX: u8 = 0x03;

/// Collects bytes into codes.
#[derive(Default)]
pub struct Framer {
    buffer: Vec<u8>,
    overflow: bool,
}

impl Framer {
    /// Takes bytes; returns the codes that they complete.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<String> {
        bytes.iter().filter_map(|byte| self.byte(*byte)).collect()
    }

    /// The line is silent: what is there is a whole code (a scanner without a suffix).
    pub fn silence(&mut self) -> Option<String> {
        let bytes = std::mem::take(&mut self.buffer);
        let usable = !std::mem::take(&mut self.overflow) && !bytes.is_empty();
        usable.then(|| decode(&bytes))
    }

    fn byte(&mut self, byte: u8) -> Option<String> {
        match byte {
            b'\r' | b'\n' => return self.silence(),
            STX | ETX => {}
            _ if self.buffer.len() == CAP => self.overflow = true,
            _ => self.buffer.push(byte),
        }
        None
    }
}

/// UTF-8, or GBK as Chinese scanners send it.
pub(super) fn decode(bytes: &[u8]) -> String {
    match str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => GBK.decode_without_bom_handling(bytes).0.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_end_at_cr_lf_or_silence_however_the_bytes_are_split() {
        let mut framer = Framer::default();
        assert_eq!(framer.push(b"690"), Vec::<String>::new());
        assert_eq!(framer.push(b"123\r\n45\r6"), ["690123", "45"]);
        assert_eq!(framer.silence().as_deref(), Some("6"));
        assert_eq!(framer.silence(), None);
    }

    #[test]
    fn chinese_arrives_as_utf8_or_gbk_and_frame_marks_are_dropped() {
        let mut framer = Framer::default();
        assert_eq!(framer.push("\u{2}会员\u{3}\r".as_bytes()), ["会员"]);
        assert_eq!(framer.push(b"\xbb\xe1\xd4\xb1\n"), ["会员"]);
    }

    #[test]
    fn endless_noise_is_thrown_away_and_the_next_code_is_read() {
        let mut framer = Framer::default();
        assert!(framer.push(&[b'7'; CAP + 1]).is_empty());
        assert_eq!(framer.push(b"\r69\r"), ["69"]);
    }
}
