//! Where one code ends in what a scanner sends.
use super::{frame::Framer, hidpos::Reports};

/// The two ways in which scanners send codes.
pub enum Frames {
    /// Text with CR, LF or silence behind each code.
    Lines(Framer),
    /// Reports of HID-POS.
    Reports(Reports),
}

impl Frames {
    pub fn lines() -> Self {
        Self::Lines(Framer::default())
    }

    pub fn reports() -> Self {
        Self::Reports(Reports::default())
    }

    /// Takes what one read gave; returns the codes that it completes.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<String> {
        match self {
            Self::Lines(framer) => framer.push(bytes),
            Self::Reports(reports) => reports.push(bytes).into_iter().collect(),
        }
    }

    /// The line is silent.
    pub fn silence(&mut self) -> Option<String> {
        match self {
            Self::Lines(framer) => framer.silence(),
            Self::Reports(_) => None,
        }
    }

    /// The device is opened anew: what it began before is lost.
    pub fn reset(&mut self) {
        match self {
            Self::Lines(framer) => *framer = Framer::default(),
            Self::Reports(reports) => *reports = Reports::default(),
        }
    }
}
