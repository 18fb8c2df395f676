//! Identifiers: who and what, as types that cannot be mixed up.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::time::Timestamp;

macro_rules! uuid_id {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// UUIDv7 of the moment and ten random bytes; both come from outside.
            pub fn new(at: Timestamp, random: [u8; 10]) -> Self {
                Self(uuid::Builder::from_unix_timestamp_millis(at.millis().max(0).unsigned_abs(), &random).into_uuid())
            }
            pub fn bytes(&self) -> [u8; 16] {
                *self.0.as_bytes()
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }
        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, uuid::Error> {
                Uuid::parse_str(text).map($name)
            }
        }
        impl From<[u8; 16]> for $name {
            fn from(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }
        }
    )*};
}

uuid_id! {
    /// A member for life; merges make aliases, never new ids.
    MemberId
    /// A sale or a refund; printed on the receipt. A label: the idempotency key is [`EventKey`].
    SaleId
    CouponId
    /// An exception that a person resolves.
    CaseId
}

macro_rules! text_id {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }
    )*};
}

text_id! {
    /// `S001`
    StoreId
    /// Article number inside the chain.
    Sku
    /// `1001`
    StaffId
}

/// Issued by HQ at enrolment, never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TerminalId(pub u32);

impl fmt::Display for TerminalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// One append-only history of a terminal. 16 lower-case hex digits on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Epoch(pub u64);

impl Epoch {
    /// The one that a till is enrolled with.
    pub const FIRST: Epoch = Epoch(1);

    /// One that a till opens by itself; headquarters gives those below 2^63.
    pub fn own(random: u64) -> Epoch {
        Epoch(1 << 63 | random >> 2)
    }

    pub fn is_own(self) -> bool {
        self.0 >> 63 == 1
    }
}

impl fmt::Display for Epoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl FromStr for Epoch {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let bad = || format!("an epoch is 16 lower-case hex digits, not {text:?}");
        if text.len() != 16 || text.bytes().any(|b| b.is_ascii_uppercase()) {
            return Err(bad());
        }
        u64::from_str_radix(text, 16).map(Epoch).map_err(|_| bad())
    }
}

/// BLAKE3 digest. 64 lower-case hex digits on the wire.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    pub const ZERO: Hash = Hash([0; 32]);

    pub fn of(bytes: &[u8]) -> Self {
        Hash(*blake3::hash(bytes).as_bytes())
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut text = [0u8; 64];
        for (pair, byte) in text.chunks_exact_mut(2).zip(self.0) {
            pair.copy_from_slice(&[DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
        }
        f.write_str(std::str::from_utf8(&text).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl FromStr for Hash {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let bad = || "a hash is 64 lower-case hex digits".to_owned();
        let digit = |b: u8| match b {
            b'0'..=b'9' => Some(b - b'0'),
            b'a'..=b'f' => Some(b - b'a' + 10),
            _ => None,
        };
        let bytes = text.as_bytes();
        if bytes.len() != 64 {
            return Err(bad());
        }
        let mut out = [0u8; 32];
        for (slot, pair) in out.iter_mut().zip(bytes.chunks_exact(2)) {
            *slot = digit(pair[0]).ok_or_else(bad)? << 4 | digit(pair[1]).ok_or_else(bad)?;
        }
        Ok(Hash(out))
    }
}

crate::text::serde_as_text!(Epoch Hash);

/// One append-only history: (terminal, epoch).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Stream {
    pub terminal: TerminalId,
    pub epoch: Epoch,
}

/// The idempotency key of everything a terminal asserts; `seq` is dense from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EventKey {
    pub terminal: TerminalId,
    pub epoch: Epoch,
    pub seq: u64,
}

impl Stream {
    /// The key of its event `seq`.
    pub fn at(self, seq: u64) -> EventKey {
        EventKey { terminal: self.terminal, epoch: self.epoch, seq }
    }
}

impl EventKey {
    pub fn stream(self) -> Stream {
        Stream { terminal: self.terminal, epoch: self.epoch }
    }
}

impl fmt::Display for EventKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.terminal, self.epoch, self.seq)
    }
}

/// Which of the 256 shards decides: first byte of BLAKE3 over the anchor (PROTOCOL, "Shards").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Shard(pub u8);

/// Selects an event's home shard: member if any, else the original sale's anchor, else the coupon,
/// else the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Anchor(pub Uuid);

impl Anchor {
    pub fn terminal(terminal: TerminalId) -> Self {
        Anchor(Uuid::from_u128(u128::from(terminal.0)))
    }
    pub fn shard(&self) -> Shard {
        Shard(blake3::hash(self.0.as_bytes()).as_bytes()[0])
    }
}

impl From<MemberId> for Anchor {
    fn from(id: MemberId) -> Self {
        Anchor(id.0)
    }
}

impl From<CouponId> for Anchor {
    fn from(id: CouponId) -> Self {
        Anchor(id.0)
    }
}
