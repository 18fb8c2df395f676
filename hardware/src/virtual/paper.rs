//! The paper: 1-bit dots from top to bottom, and the same as text.

/// What came out of the printer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Paper {
    /// Printable dots across.
    pub width: usize,
    /// Lines of dots; `rows[y][x]` is true where inked.
    pub rows: Vec<Vec<bool>>,
    /// Lines of text; pictures and codes in brackets.
    pub text: Vec<String>,
    /// Heights in dots at which the paper was cut.
    pub cuts: Vec<usize>,
    /// Drawer pulses, byte for byte. They are not part of the paper.
    pub pulses: Vec<[u8; 5]>,
    /// The bytes without the drawer pulses.
    pub bytes: Vec<u8>,
    /// Commands that this printer does not know, or that were cut short.
    pub complaints: Vec<String>,
}

impl Paper {
    /// Unprinted paper of so many dots across.
    pub(super) fn blank(width: usize) -> Self {
        Self { width, ..Self::default() }
    }

    /// Moves the paper on.
    pub(super) fn feed(&mut self, dots: usize) {
        let length = self.rows.len() + dots;
        self.rows.resize(length, vec![false; self.width]);
    }

    /// Inks a dot `y` rows below `top`; beyond the edge it is lost, as on real paper.
    pub(super) fn ink(&mut self, top: usize, y: usize, x: usize) {
        if top + y >= self.rows.len() {
            self.feed(top + y + 1 - self.rows.len());
        }
        if let Some(dot) = self.rows[top + y].get_mut(x) {
            *dot = true;
        }
    }

    /// The text as one string with line ends.
    pub fn to_text(&self) -> String {
        self.text.iter().map(|line| format!("{}\n", line.trim_end())).collect()
    }
}
