//! Bodies as lines: bounded, packed or plain, whole or piece by piece.

use std::io::{Read as _, Write as _};

use serde::de::DeserializeOwned;

use crate::engine::Fault;

/// First bytes of every zstd frame (RFC 8878, 3.1.1).
const ZSTD_MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
const ZSTD_LEVEL: i32 = 3;
/// A line longer than this is no row of ours.
const LINE_BYTES_MAX: usize = 1 << 20;
/// A piece from the network that unpacks to more is no snapshot of ours but a bomb.
const PIECE_BYTES_MAX: usize = 64 << 20;
/// Unpacked at once; of RLE blocks alone these become 8 MiB (RFC 8878, 3.1.1.2).
const BITE_BYTES: usize = 256;

/// Packs lines, each with its newline.
///
/// # Errors
/// [`Fault::Local`] when memory runs out.
pub fn pack<'a>(lines: impl IntoIterator<Item = &'a str>) -> Result<Vec<u8>, Fault> {
    let mut plain = Vec::new();
    for line in lines {
        plain.extend_from_slice(line.as_bytes());
        plain.push(b'\n');
    }
    zstd::bulk::compress(&plain, ZSTD_LEVEL).map_err(|e| Fault::Local(e.to_string()))
}

/// The text of a body, unpacked if it is packed, of at most `bytes_max`.
///
/// # Errors
/// [`Fault::Truncated`] when it is damaged or too long.
pub fn unpack(body: Vec<u8>, bytes_max: u64) -> Result<String, Fault> {
    let plain = if body.starts_with(&ZSTD_MAGIC) {
        let mut plain = Vec::new();
        let decoder = zstd::stream::read::Decoder::new(body.as_slice()).map_err(|_| Fault::Truncated)?;
        decoder.take(bytes_max + 1).read_to_end(&mut plain).map_err(|_| Fault::Truncated)?;
        plain
    } else {
        body
    };
    if plain.len() as u64 > bytes_max {
        return Err(Fault::Truncated);
    }
    String::from_utf8(plain).map_err(|_| Fault::Truncated)
}

/// # Errors
/// [`Fault::Truncated`] when it breaks off, [`Fault::NotHq`] when it never was JSON.
pub fn json<T: DeserializeOwned>(text: &str) -> Result<T, Fault> {
    serde_json::from_str(text).map_err(|_| not_ours(text))
}

/// A body that does not parse: cut off, or a page for people.
fn not_ours(text: &str) -> Fault {
    if text.trim_start().starts_with('{') { Fault::Truncated } else { Fault::NotHq }
}

/// A body that comes in pieces, packed or plain, cut into lines.
pub struct LineReader {
    form: Form,
    pending: Vec<u8>,
}

enum Form {
    /// Not enough bytes yet to tell.
    Unknown,
    Plain,
    Packed(zstd::stream::write::Decoder<'static, Vec<u8>>),
}

impl Default for LineReader {
    fn default() -> Self {
        Self { form: Form::Unknown, pending: Vec::new() }
    }
}

impl LineReader {
    pub fn new() -> Self {
        Self::default()
    }

    /// # Errors
    /// [`Fault::Truncated`] when the piece does not continue what came before.
    pub fn take(&mut self, piece: &[u8]) -> Result<Vec<String>, Fault> {
        match &mut self.form {
            Form::Unknown => {
                self.pending.extend_from_slice(piece);
                if self.pending.len() < ZSTD_MAGIC.len() {
                    return Ok(Vec::new());
                }
                let start = std::mem::take(&mut self.pending);
                self.form = form_of(&start)?;
                return self.take(&start);
            }
            Form::Packed(decoder) => {
                for bite in piece.chunks(BITE_BYTES) {
                    decoder.write_all(bite).and_then(|()| decoder.flush()).map_err(|_| Fault::Truncated)?;
                    self.pending.append(decoder.get_mut());
                    if self.pending.len() > PIECE_BYTES_MAX {
                        return Err(Fault::Truncated);
                    }
                }
            }
            Form::Plain => self.pending.extend_from_slice(piece),
        }
        self.lines()
    }

    /// True when nothing is left over: the body ended with a newline.
    pub fn is_whole(&self) -> bool {
        self.pending.is_empty()
    }

    fn lines(&mut self) -> Result<Vec<String>, Fault> {
        let Some(end) = self.pending.iter().rposition(|b| *b == b'\n') else {
            return if self.pending.len() > LINE_BYTES_MAX { Err(Fault::Truncated) } else { Ok(Vec::new()) };
        };
        let rest = self.pending.split_off(end + 1);
        let whole = std::mem::replace(&mut self.pending, rest);
        let text = std::str::from_utf8(&whole).map_err(|_| Fault::Truncated)?;
        Ok(text.lines().map(str::to_owned).collect())
    }
}

fn form_of(start: &[u8]) -> Result<Form, Fault> {
    if !start.starts_with(&ZSTD_MAGIC) {
        return Ok(Form::Plain);
    }
    let decoder = zstd::stream::write::Decoder::new(Vec::new()).map_err(|e| Fault::Local(e.to_string()))?;
    Ok(Form::Packed(decoder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_survive_packing_and_any_cut() {
        let lines: Vec<String> = (0..500).map(|n| format!("{{\"n\":{n}}}")).collect();
        let packed = pack(lines.iter().map(String::as_str)).unwrap();
        let plain = unpack(packed.clone(), 1 << 20).unwrap();
        assert_eq!(plain.lines().collect::<Vec<_>>(), lines);
        for size in [1, 3, 5, 77, packed.len()] {
            let mut reader = LineReader::new();
            let got: Vec<String> = packed.chunks(size).flat_map(|p| reader.take(p).unwrap()).collect();
            assert_eq!(got, lines, "cut every {size}");
            assert!(reader.is_whole());
        }
    }

    #[test]
    fn a_bomb_is_refused_and_so_is_half_a_body() {
        let packed = pack(["a".repeat(100_000).as_str()]).unwrap();
        assert_eq!(unpack(packed.clone(), 1_000), Err(Fault::Truncated));
        assert_eq!(unpack(packed[..packed.len() / 2].to_vec(), 1 << 20), Err(Fault::Truncated));
    }
}
