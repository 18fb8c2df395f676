//! Bodies: bounded, packed or plain.

use std::borrow::Cow;
use std::io::Read as _;

use serde::de::DeserializeOwned;

use crate::engine::Fault;
use crate::protocol::left_out::leave_out;
use crate::protocol::push::PushHead;

/// First bytes of every zstd frame (RFC 8878, 3.1.1).
const ZSTD_MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
const ZSTD_LEVEL: i32 = 3;
/// A segment that unpacks to more is none of ours but a bomb.
const SEGMENT_BYTES_MAX: u64 = 256 << 20;

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

/// The body of a push: its head, and its lines as they were written, or without what HQ `puts_back`.
///
/// # Errors
/// [`Fault::Local`] when memory runs out.
pub fn pack_push(head: &PushHead, lines: &[String], puts_back: bool) -> Result<Vec<u8>, Fault> {
    let short = if puts_back && lines.len() > 1 { leave_out(lines) } else { None };
    let head = PushHead { prev_left_out: short.is_some(), ..head.clone() };
    let head = serde_json::to_string(&head).map_err(|e| Fault::Local(e.to_string()))?;
    let lines = short.unwrap_or_else(|| lines.iter().map(|line| Cow::Borrowed(line.as_str())).collect());
    pack(std::iter::once(head.as_str()).chain(lines.iter().map(|line| &**line)))
}

/// The text of a body, unpacked if it is packed, of at most `bytes_max`.
///
/// # Errors
/// [`Fault::Truncated`] when it is damaged or too long.
pub fn unpack(body: Vec<u8>, bytes_max: u64) -> Result<String, Fault> {
    String::from_utf8(unpacked_to(body, bytes_max)?).map_err(|_| Fault::Truncated)
}

/// A segment of a pack, unpacked.
///
/// # Errors
/// [`Fault::Truncated`] when it is damaged or too long.
pub fn unpacked(body: Vec<u8>) -> Result<Vec<u8>, Fault> {
    unpacked_to(body, SEGMENT_BYTES_MAX)
}

fn unpacked_to(body: Vec<u8>, bytes_max: u64) -> Result<Vec<u8>, Fault> {
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
    Ok(plain)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_survive_packing() {
        let lines: Vec<String> = (0..500).map(|n| format!("{{\"n\":{n}}}")).collect();
        let plain = unpack(pack(lines.iter().map(String::as_str)).unwrap(), 1 << 20).unwrap();
        assert_eq!(plain.lines().collect::<Vec<_>>(), lines);
    }

    #[test]
    fn a_bomb_is_refused_and_so_is_half_a_body() {
        let packed = pack(["a".repeat(100_000).as_str()]).unwrap();
        assert_eq!(unpack(packed.clone(), 1_000), Err(Fault::Truncated));
        assert_eq!(unpack(packed[..packed.len() / 2].to_vec(), 1 << 20), Err(Fault::Truncated));
    }
}
