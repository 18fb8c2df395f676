//! A part of the existence filter as a segment of a pack: a header, then whole pages, plain.
//!
//! | bytes | |
//! |---|---|
//! | 0 to 3 | `SPEF` |
//! | 4, 5 | version: which bits a key sets |
//! | 6, 7 | bytes of a page |
//! | 8 to 11 | pages of the whole filter |
//! | 12 to 15 | number of the first page that follows, from 0 |
//! | 16 to 23 | keys in the whole filter |
//!
//! Numbers are little-endian.

use ledger::existence::{Filter, PAGE_BYTES, VERSION};

/// Pages of a part: a till writes them in one transaction, between two checkouts.
pub const PART_PAGES: usize = 1_000;
/// More is no filter of ours: half a gigabyte, for two hundred million members.
pub const PAGES_MAX: u32 = 128 * 1_024;
const MAGIC: &[u8; 4] = b"SPEF";
const HEADER_BYTES: usize = 24;

/// A part as it is read; every page is whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part<'a> {
    /// Of the whole filter.
    pub pages: u32,
    /// Number of the first page in it.
    pub first: u32,
    /// In the whole filter.
    pub keys: u64,
    /// One page behind the other.
    pub bits: &'a [u8],
}

/// Why bytes are no part that this build can use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Nothing of ours, or not all of it.
    #[error("no part of a filter")]
    Broken,
    /// A filter whose bits mean something else here: no filter is the right one then.
    #[error("a filter of version {0}")]
    Version(u16),
}

impl<'a> Part<'a> {
    /// # Errors
    /// See [`Unfit`].
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Unfit> {
        let (header, bits) = bytes.split_at_checked(HEADER_BYTES).ok_or(Unfit::Broken)?;
        if !header.starts_with(MAGIC) {
            return Err(Unfit::Broken);
        }
        let version = u16::from_le_bytes(at(header, 4)?);
        if version != VERSION {
            return Err(Unfit::Version(version));
        }
        let page_bytes = usize::from(u16::from_le_bytes(at(header, 6)?));
        let (pages, first) = (u32::from_le_bytes(at(header, 8)?), u32::from_le_bytes(at(header, 12)?));
        let keys = u64::from_le_bytes(at(header, 16)?);
        let count = u32::try_from(bits.len() / PAGE_BYTES).map_err(|_| Unfit::Broken)?;
        let whole = page_bytes == PAGE_BYTES && count > 0 && bits.len() % PAGE_BYTES == 0;
        let inside = pages <= PAGES_MAX && first.checked_add(count).is_some_and(|end| end <= pages);
        if whole && inside { Ok(Part { pages, first, keys, bits }) } else { Err(Unfit::Broken) }
    }

    /// Number of the page behind the last one in it.
    pub fn end(&self) -> u32 {
        self.first.saturating_add(u32::try_from(self.bits.len() / PAGE_BYTES).unwrap_or(u32::MAX))
    }

    /// The bytes of the part.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER_BYTES + self.bits.len());
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&VERSION.to_le_bytes());
        bytes.extend_from_slice(&u16::try_from(PAGE_BYTES).unwrap_or(u16::MAX).to_le_bytes());
        bytes.extend_from_slice(&self.pages.to_le_bytes());
        bytes.extend_from_slice(&self.first.to_le_bytes());
        bytes.extend_from_slice(&self.keys.to_le_bytes());
        bytes.extend_from_slice(self.bits);
        bytes
    }
}

/// All parts of a filter, in order.
pub fn parts(filter: &Filter) -> impl Iterator<Item = Part<'_>> {
    let firsts = (0..).step_by(PART_PAGES);
    let (pages, keys) = (filter.pages(), filter.keys());
    firsts.zip(filter.bits().chunks(PART_PAGES * PAGE_BYTES)).map(move |(first, bits)| Part {
        pages,
        first,
        keys,
        bits,
    })
}

fn at<const N: usize>(header: &[u8], from: usize) -> Result<[u8; N], Unfit> {
    let field = header.get(from..from + N).ok_or(Unfit::Broken)?;
    field.try_into().map_err(|_| Unfit::Broken)
}

#[cfg(test)]
mod tests {
    use ledger::existence::Key;

    use super::*;

    #[test]
    fn a_filter_is_read_part_by_part_as_it_was_written() {
        let mut filter = Filter::with_room_for(4_000_000);
        filter.add(Key(0));
        filter.add(Key(u64::MAX));
        let written: Vec<Vec<u8>> = parts(&filter).map(|part| part.bytes()).collect();
        let read: Vec<Part<'_>> = written.iter().map(|bytes| Part::parse(bytes).unwrap()).collect();
        assert_eq!(
            read.iter().map(|part| (part.first, part.end())).collect::<Vec<_>>(),
            [(0, 1_000), (1_000, 1_205)]
        );
        assert!(read.iter().all(|part| (part.pages, part.keys) == (1_205, 2)));
        assert_eq!(read.iter().flat_map(|part| part.bits.to_vec()).collect::<Vec<u8>>(), filter.bits());
    }

    #[test]
    fn what_is_no_whole_part_is_refused_and_a_newer_one_is_told_apart() {
        let whole = parts(&Filter::with_room_for(0)).next().unwrap().bytes();
        let with = |at: usize, byte: u8| {
            let mut bytes = whole.clone();
            bytes[at] = byte;
            bytes
        };
        assert!(Part::parse(&whole).is_ok());
        assert_eq!(Part::parse(&with(4, 2)), Err(Unfit::Version(2)));
        let foreign = [(0, b'X'), (6, 0), (8, 0), (11, 1), (12, 1)];
        let mut broken: Vec<Vec<u8>> = foreign.iter().map(|(at, byte)| with(*at, *byte)).collect();
        broken.extend([0, 3, 23, 24, whole.len() - 1].map(|length| whole[..length].to_vec()));
        assert!(broken.iter().all(|bytes| Part::parse(bytes) == Err(Unfit::Broken)));
    }
}
