//! What is known of a printer: its paper, its text, how it confirms.
use serde::{Deserialize, Serialize};

use crate::state::{Confirm, StatusBack};

/// Dots per column: an ASCII cell of font A is 12 dots wide, a hanzi takes two.
pub const DOTS_PER_COLUMN: usize = 12;

/// The two paper rolls of Chinese shops.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum PaperSize {
    /// 384 dots, 32 columns.
    #[serde(rename = "58mm")]
    Mm58,
    /// 576 dots, 48 columns.
    #[default]
    #[serde(rename = "80mm")]
    Mm80,
}

impl PaperSize {
    /// Both sizes.
    pub const ALL: [Self; 2] = [Self::Mm58, Self::Mm80];

    /// As written in an address.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mm58 => "58mm",
            Self::Mm80 => "80mm",
        }
    }

    /// Columns of 12 dots.
    pub fn columns(self) -> usize {
        match self {
            Self::Mm58 => 32,
            Self::Mm80 => 48,
        }
    }
}

/// How text reaches the paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextMode {
    /// As GBK for the printer's own Chinese font; lines with other characters as pictures.
    #[default]
    Gbk,
    /// As GB 18030, but only its codes of one and two bytes; others as pictures.
    Gb18030,
    /// As UTF-8 (Epson `FS ( C`); characters outside GBK as pictures all the same.
    Utf8,
    /// All lines as pictures, for printers without a Chinese font.
    Raster,
}

impl TextMode {
    /// All modes.
    pub const ALL: [Self; 4] = [Self::Gbk, Self::Gb18030, Self::Utf8, Self::Raster];

    /// As written in an address.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gbk => "gbk",
            Self::Gb18030 => "gb18030",
            Self::Utf8 => "utf8",
            Self::Raster => "raster",
        }
    }
}

/// A printer's abilities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Columns of 12 dots that fit on a line.
    pub columns: usize,
    pub text: TextMode,
    pub confirm: Confirm,
    pub status: StatusBack,
    /// Most bytes a second that it takes without losing any; `None` = as fast as the link.
    pub pace_bps: Option<u32>,
    /// Level of the drawer's sensor while the drawer is open; `None` = it has none, or nobody has learnt it.
    pub drawer_open_high: Option<bool>,
}

impl Default for Profile {
    fn default() -> Self {
        Self::of(PaperSize::default())
    }
}

impl Profile {
    /// A plain printer for a paper size.
    pub fn of(paper: PaperSize) -> Self {
        Self {
            columns: paper.columns(),
            text: TextMode::Gbk,
            confirm: Confirm::None,
            status: StatusBack::None,
            pace_bps: None,
            drawer_open_high: None,
        }
    }

    /// Whether an open drawer can be told from a shut one: it has a sensor and the printer answers.
    pub fn can_see_drawer(&self) -> bool {
        self.drawer_open_high.is_some() && self.status != StatusBack::None
    }

    /// Dots of a line: 384 or 576 on the usual papers.
    pub fn dots(&self) -> usize {
        self.columns * DOTS_PER_COLUMN
    }
}
