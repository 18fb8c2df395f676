//! Customer displays: what they show, in which language, and the thread that owns one.
//!
//! One-way and lossy: only the newest content counts, and a display that is gone or stuck never holds
//! anything up. No Chinese: these displays know digits and ASCII.
mod cd5220;
mod content;
mod driver;
mod led8;

use serde::{Deserialize, Serialize};

pub use content::Content;
pub use driver::CustomerDisplay;

/// The two families of Chinese shops.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DisplayKind {
    /// Eight digits and four lamps (VFD220 family).
    Led8,
    /// Two lines of 20 characters.
    Cd5220,
}

impl DisplayKind {
    /// Both families.
    pub const ALL: [Self; 2] = [Self::Led8, Self::Cd5220];

    /// As written in an address.
    pub fn name(self) -> &'static str {
        match self {
            Self::Led8 => "led8",
            Self::Cd5220 => "cd5220",
        }
    }

    /// From its name in an address.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The bytes that make the display show this; they begin with clearing it.
    pub fn bytes(self, content: Content) -> Vec<u8> {
        match self {
            Self::Led8 => led8::bytes(content),
            Self::Cd5220 => cd5220::bytes(content),
        }
    }

    /// The bytes sent once when the display is found.
    fn hello(self) -> &'static [u8] {
        match self {
            Self::Led8 => led8::HELLO,
            Self::Cd5220 => cd5220::HELLO,
        }
    }
}
