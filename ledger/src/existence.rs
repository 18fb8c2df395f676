//! The existence filter: of a card or a phone number, whether it is surely no member of the chain, or perhaps
//! one. A Bloom filter in pages: one key touches one page, so that a till reads one row and adds to one.
//!
//! Which bits a key sets is the same for every program that says [`VERSION`]: HQ fills the filter, tills ask it
//! and add to it.

use std::fmt;
use std::str::FromStr;

use crate::id::Hash;

/// Of everything below that says which bits a key sets.
pub const VERSION: u16 = 1;
/// Bytes of a page: with its number it fills one page of the till's file, and no more than one.
pub const PAGE_BYTES: usize = 3_968;
const PAGE_BITS: u64 = 8 * PAGE_BYTES as u64;
/// Bits that a key sets.
const PROBES: u64 = 6;
const BITS_PER_KEY: u64 = 9;
/// Room for who joins later: this part of those who are there, and at least so many keys.
const ROOM_PART: u64 = 16;
const ROOM_KEYS_MIN: u64 = 1_000;
/// What the key of a card is derived with; a phone number has its keyed hash already.
const CARD: &[u8] = b"card\n";
/// The odd number next to 2^64 divided by the golden ratio.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// A card or a phone number, as the filter knows it: 16 lower-case hex digits on the wire. Nobody without the
/// chain's lookup key can make one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(pub u64);

impl Key {
    pub fn card(lookup_key: &[u8; 32], card_no: &str) -> Self {
        Key::first_of(&Hash(*blake3::keyed_hash(lookup_key, &[CARD, card_no.as_bytes()].concat()).as_bytes()))
    }

    /// Of the hash by which tills find the number.
    pub fn phone(phone_hash: &Hash) -> Self {
        Key::first_of(phone_hash)
    }

    fn first_of(hash: &Hash) -> Self {
        let [a, b, c, d, e, f, g, h, ..] = hash.0;
        Key(u64::from_be_bytes([a, b, c, d, e, f, g, h]))
    }

    /// Which of `pages` pages it belongs to.
    pub fn page(self, pages: u32) -> u32 {
        u32::try_from(((self.0 >> 32) * u64::from(pages)) >> 32).unwrap_or(u32::MAX)
    }

    /// Byte of the page and bit of the byte.
    fn bits(self) -> impl Iterator<Item = (usize, u8)> {
        (1..=PROBES).map(move |n| {
            let drawn = mixed(self.0.wrapping_add(n.wrapping_mul(STEP))) >> 32;
            let bit = (drawn * PAGE_BITS) >> 32;
            (usize::try_from(bit / 8).unwrap_or(usize::MAX), 1 << (bit % 8))
        })
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl FromStr for Key {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let bad = || "a key is 16 lower-case hex digits".to_owned();
        if text.len() != 16 || !text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(bad());
        }
        u64::from_str_radix(text, 16).map(Key).map_err(|_| bad())
    }
}

crate::text::serde_as_text!(Key);

/// The last steps of SplitMix64 (Steele, Lea and Flood, 2014).
fn mixed(seed: u64) -> u64 {
    let z = (seed ^ (seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Whether the key was added to the page, or others that set the same bits. Bits that are missing count as set.
pub fn may_hold(page: &[u8], key: Key) -> bool {
    key.bits().all(|(byte, bit)| page.get(byte).is_none_or(|held| held & bit != 0))
}

/// Adds the key to its page; false when that changed nothing.
pub fn add(page: &mut [u8], key: Key) -> bool {
    let mut changed = false;
    for (byte, bit) in key.bits() {
        if let Some(held) = page.get_mut(byte) {
            changed |= *held & bit == 0;
            *held |= bit;
        }
    }
    changed
}

/// Pages for so many keys and those who come later.
pub fn pages_for(keys: u64) -> u32 {
    let room = (keys / ROOM_PART).max(ROOM_KEYS_MIN);
    let bits = keys.saturating_add(room).saturating_mul(BITS_PER_KEY);
    u32::try_from(bits.div_ceil(PAGE_BITS)).unwrap_or(u32::MAX)
}

/// A whole filter in memory, as HQ fills it.
#[derive(Clone, PartialEq, Eq)]
pub struct Filter {
    pages: u32,
    keys: u64,
    bits: Vec<u8>,
}

impl Filter {
    /// An empty one with room for so many keys.
    pub fn with_room_for(keys: u64) -> Self {
        let pages = pages_for(keys);
        let bytes = usize::try_from(pages).unwrap_or(usize::MAX).saturating_mul(PAGE_BYTES);
        Filter { pages, keys: 0, bits: vec![0; bytes] }
    }

    pub fn add(&mut self, key: Key) {
        let page = key.page(self.pages);
        if let Some(page) = self.bits.chunks_exact_mut(PAGE_BYTES).nth(index(page)) {
            add(page, key);
        }
        self.keys += 1;
    }

    pub fn may_hold(&self, key: Key) -> bool {
        self.bits
            .chunks_exact(PAGE_BYTES)
            .nth(index(key.page(self.pages)))
            .is_none_or(|page| may_hold(page, key))
    }

    pub fn pages(&self) -> u32 {
        self.pages
    }

    /// How many were added.
    pub fn keys(&self) -> u64 {
        self.keys
    }

    /// All pages, one behind the other.
    pub fn bits(&self) -> &[u8] {
        &self.bits
    }
}

fn index(page: u32) -> usize {
    usize::try_from(page).unwrap_or(usize::MAX)
}
