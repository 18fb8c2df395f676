//! The talking half of a virtual printer: obeys what is asked, in the order of its buffer, and stops at
//! paper end or an open cover as real ones do: the rest stays in its buffer and is printed later.
//!
//! It shares no code with `escpos/`, so that a mistake there cannot hide here.
use std::collections::VecDeque;

/// What is wrong with it, as a person would cause it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Trouble {
    pub cover_open: bool,
    pub paper_end: bool,
    pub cutter: bool,
    pub near_end: bool,
    /// The print head is too hot.
    pub hot: bool,
    /// The drawer stands open; no trouble of the printer's.
    pub drawer_open: bool,
}

impl Trouble {
    fn stops(self) -> bool {
        self.cover_open || self.paper_end || self.cutter || self.hot
    }
}

/// A printer's buffer and mouth. Never panics.
#[derive(Debug, Default)]
pub struct Talker {
    /// Bytes taken but not obeyed yet.
    buffer: VecDeque<u8>,
    /// Bytes obeyed so far: what is on the paper, without questions.
    obeyed: Vec<u8>,
    answers: VecDeque<u8>,
    trouble: Trouble,
    /// Real-time questions are found across the borders of pushes.
    tail: Vec<u8>,
    /// `GS a` was sent.
    tells: bool,
    /// Bytes of paper left; `None` = a full roll.
    paper_bytes: Option<usize>,
}

impl Talker {
    /// A printer whose paper ends after so many bytes.
    pub fn with_paper_for(bytes: usize) -> Self {
        Self { paper_bytes: Some(bytes), ..Self::default() }
    }

    /// Bytes arrive.
    pub fn push(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.tail.push(*byte);
            match self.tail.as_slice() {
                [0x10] | [0x10, 0x04] => {}
                [0x10, 0x04, question] => {
                    let answer = self.real_time(*question);
                    self.answers.push_back(answer);
                    self.tail.clear();
                }
                _ => {
                    let tail = std::mem::take(&mut self.tail);
                    self.buffer.extend(tail);
                }
            }
        }
        self.obey();
    }

    /// Somebody opened the cover, put paper in, and so on.
    pub fn set(&mut self, trouble: Trouble) {
        if !trouble.paper_end && self.trouble.paper_end {
            self.paper_bytes = None;
        }
        let changed = trouble != self.trouble;
        self.trouble = trouble;
        if changed && self.tells {
            self.tell();
        }
        self.obey();
    }

    /// What is wrong now.
    pub fn trouble(&self) -> Trouble {
        self.trouble
    }

    /// What has been printed so far, byte for byte, without questions.
    pub fn obeyed(&self) -> &[u8] {
        &self.obeyed
    }

    /// Takes answers that are ready.
    pub fn answer(&mut self, buffer: &mut [u8]) -> usize {
        let count = buffer.len().min(self.answers.len());
        buffer.iter_mut().zip(self.answers.drain(..count)).for_each(|(to, from)| *to = from);
        count
    }

    fn obey(&mut self) {
        while !self.trouble.stops() {
            let bytes = self.buffer.make_contiguous();
            let Some(length) = command_length(bytes) else { return };
            let command: Vec<u8> = self.buffer.drain(..length).collect();
            match command.as_slice() {
                [0x1d, b'r', _] => self.answers.push_back(if self.trouble.near_end { 0x03 } else { 0x00 }),
                [0x1d, b'(', b'H', _, _, 0x30, 0x30, number @ ..] => {
                    self.answers.extend([0x37, 0x22].iter().chain(number).chain(&[0]));
                }
                [0x1d, b'a', mask] => {
                    self.tells = *mask != 0;
                    self.tell();
                    self.obeyed.extend(&command);
                }
                _ => self.print(&command),
            }
        }
    }

    fn print(&mut self, command: &[u8]) {
        self.obeyed.extend(command);
        if let Some(left) = &mut self.paper_bytes {
            *left = left.saturating_sub(command.len());
            if *left == 0 {
                self.set(Trouble { paper_end: true, ..self.trouble });
            }
        }
    }

    fn tell(&mut self) {
        if !self.tells {
            return;
        }
        let Trouble { cover_open, paper_end, cutter, near_end, hot, drawer_open } = self.trouble;
        let bit = |holds: bool, mask: u8| if holds { mask } else { 0 };
        let head = 0x10 | bit(self.trouble.stops(), 0x08) | bit(cover_open, 0x20) | bit(drawer_open, 0x04);
        let paper = bit(near_end, 0x03) | bit(paper_end, 0x0c);
        self.answers.extend([head, bit(cutter, 0x08) | bit(hot, 0x40), paper, 0x0f]);
    }

    fn real_time(&self, question: u8) -> u8 {
        let Trouble { cover_open, paper_end, cutter, near_end, hot, drawer_open } = self.trouble;
        let bit = |holds: bool, mask: u8| if holds { mask } else { 0 };
        0x12 | match question {
            1 => bit(self.trouble.stops(), 0x08) | bit(drawer_open, 0x04),
            2 => bit(cover_open, 0x04) | bit(paper_end, 0x20) | bit(cutter || hot, 0x40),
            3 => bit(cutter, 0x08) | bit(hot, 0x40),
            4 => bit(near_end || paper_end, 0x0c) | bit(paper_end, 0x60),
            _ => 0,
        }
    }
}

/// Length of the first command; `None` if it is not there in full.
fn command_length(bytes: &[u8]) -> Option<usize> {
    let at = |index: usize| bytes.get(index).copied().map(usize::from);
    let length = match (*bytes.first()?, bytes.get(1)) {
        (0x1b..=0x1d, None) => return None,
        (0x1b, Some(b'@' | b'2')) | (0x1c, Some(b'&' | b'.')) => 2,
        (0x1b, Some(b'p')) => 5,
        (0x1b | 0x1c, Some(name)) if *name != b'(' => 3,
        (0x1d, Some(b'V')) => {
            if at(2)? >= 65 {
                4
            } else {
                3
            }
        }
        (0x1d, Some(b'v')) => 8 + (at(4)? + 256 * at(5)?) * (at(6)? + 256 * at(7)?),
        (0x1b..=0x1d, Some(b'(')) => 5 + at(3)? + 256 * at(4)?,
        (0x1d, Some(_)) => 3,
        _ => 1,
    };
    (bytes.len() >= length).then_some(length)
}
