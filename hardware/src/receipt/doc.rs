//! The printable document: blocks from top to bottom, stored as JSON beside the print job.
use serde::{Deserialize, Serialize};

use super::picture::Picture;

/// A slip of paper.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Doc {
    pub lines: Vec<Block>,
}

impl Doc {
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a block at the bottom.
    pub fn push(&mut self, block: Block) -> &mut Self {
        self.lines.push(block);
        self
    }
}

impl Extend<Block> for Doc {
    fn extend<I: IntoIterator<Item = Block>>(&mut self, blocks: I) {
        self.lines.extend(blocks);
    }
}

/// Where a text stands on its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Align {
    #[default]
    Left,
    Centre,
    Right,
}

/// The size of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Size {
    #[default]
    Normal,
    /// Twice as high.
    Tall,
    /// Twice as wide and high.
    Double,
}

impl Size {
    /// Factors of (width, height).
    pub fn factors(self) -> (u8, u8) {
        match self {
            Self::Normal => (1, 1),
            Self::Tall => (1, 2),
            Self::Double => (2, 2),
        }
    }
}

/// One cell of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    pub text: String,
    #[serde(default)]
    pub align: Align,
    /// Width in columns; `None` shares what the others leave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub columns: Option<u8>,
}

impl Cell {
    /// A cell that takes what the others leave, aligned left.
    pub fn rest(text: impl Into<String>) -> Self {
        Self { text: text.into(), align: Align::Left, columns: None }
    }

    /// A cell of fixed width, aligned right: numbers.
    pub fn right(text: impl Into<String>, columns: u8) -> Self {
        Self { text: text.into(), align: Align::Right, columns: Some(columns) }
    }
}

/// A part of the document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "block", rename_all = "snake_case")]
pub enum Block {
    /// A paragraph; wraps.
    Text {
        text: String,
        #[serde(default)]
        align: Align,
        #[serde(default)]
        size: Size,
        #[serde(default)]
        bold: bool,
    },
    /// A name at the left and a value at the right edge. The value is never cut.
    Columns {
        left: String,
        right: String,
        #[serde(default)]
        size: Size,
        #[serde(default)]
        bold: bool,
    },
    /// Cells side by side; each wraps in its own column.
    Row {
        cells: Vec<Cell>,
        #[serde(default)]
        bold: bool,
    },
    /// A dashed line across the paper.
    Rule,
    /// A QR code in the middle.
    Qr { data: String },
    /// A picture in the middle.
    Picture { picture: Picture },
    /// A picture that is kept elsewhere under this name: nothing by itself.
    Kept { name: String },
    /// Empty lines.
    Feed { lines: u8 },
    /// The end of a slip.
    Cut,
}

impl Block {
    /// A plain paragraph.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text { text: text.into(), align: Align::Left, size: Size::Normal, bold: false }
    }

    /// A centred paragraph.
    pub fn centred(text: impl Into<String>) -> Self {
        Self::Text { text: text.into(), align: Align::Centre, size: Size::Normal, bold: false }
    }

    /// A centred headline in double size.
    pub fn title(text: impl Into<String>) -> Self {
        Self::Text { text: text.into(), align: Align::Centre, size: Size::Double, bold: true }
    }

    /// Name and value.
    pub fn columns(left: impl Into<String>, right: impl Into<String>) -> Self {
        Self::Columns { left: left.into(), right: right.into(), size: Size::Normal, bold: false }
    }

    /// Name and value, bold and twice as large: the amount to pay.
    pub fn total(left: impl Into<String>, right: impl Into<String>) -> Self {
        Self::Columns { left: left.into(), right: right.into(), size: Size::Double, bold: true }
    }

    /// Cells side by side.
    pub fn row(cells: Vec<Cell>) -> Self {
        Self::Row { cells, bold: false }
    }
}
