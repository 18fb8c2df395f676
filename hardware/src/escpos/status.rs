//! What a printer says back: bytes in, replies out. Never panics, keeps at most a few bytes.
//!
//! Several kinds of replies share one line and are told apart by their fixed bits (Epson command
//! reference, status appendix): real-time `0xx1xx10`, automatic `0xx1xx00` and three more, queued
//! `0xx0xxxx`, XON `11`, XOFF `13`, blocks `37 .. 00`.
use std::collections::VecDeque;

use crate::state::BlockCause;

const XON: u8 = 0x11;
const XOFF: u8 = 0x13;
/// First byte of a block that ends with NUL.
const BLOCK: u8 = 0x37;
/// Second byte of the block that answers `GS ( H`.
const PROCESS: u8 = 0x22;
/// Longest block; a longer one is noise.
const BLOCK_MAX: usize = 80;
/// Bits that tell the kinds apart.
const KIND_MASK: u8 = 0x93;
/// Questions of `DLE EOT` that are asked: printer, offline cause, error cause, paper.
pub const QUESTIONS: [u8; 4] = [1, 2, 3, 4];

/// What is known of the printer's condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Condition {
    pub offline: bool,
    pub cover_open: bool,
    pub paper_end: bool,
    pub near_end: bool,
    pub cutter: bool,
    pub unrecoverable: bool,
    pub overheated: bool,
    pub drawer_pin_high: bool,
}

impl Condition {
    /// Why it does not print; `None` if it does.
    pub fn cause(&self) -> Option<BlockCause> {
        let causes = [
            (self.cover_open, BlockCause::CoverOpen),
            (self.paper_end, BlockCause::PaperEnd),
            (self.cutter, BlockCause::Cutter),
            (self.unrecoverable, BlockCause::Unrecoverable),
            (self.overheated, BlockCause::Overheated),
            (self.offline, BlockCause::Offline),
        ];
        causes.into_iter().find(|(holds, _)| *holds).map(|(_, cause)| cause)
    }

    /// Takes in the answer to question `n` of `DLE EOT`.
    fn answer(&mut self, n: u8, byte: u8) {
        let bit = |mask: u8| byte & mask != 0;
        match n {
            1 => (self.drawer_pin_high, self.offline) = (bit(0x04), bit(0x08)),
            2 => (self.cover_open, self.paper_end) = (bit(0x04), bit(0x20)),
            3 => (self.cutter, self.unrecoverable, self.overheated) = (bit(0x08), bit(0x20), bit(0x40)),
            4 => (self.near_end, self.paper_end) = (bit(0x0c), byte & 0x60 == 0x60 || self.paper_end),
            _ => {}
        }
    }

    /// Takes in four bytes of automatic status; they say everything at once.
    fn automatic(&mut self, bytes: [u8; 4]) {
        let bit = |at: usize, mask: u8| bytes[at] & mask != 0;
        *self = Self {
            drawer_pin_high: bit(0, 0x04),
            offline: bit(0, 0x08),
            cover_open: bit(0, 0x20),
            cutter: bit(1, 0x08),
            unrecoverable: bit(1, 0x20),
            overheated: bit(1, 0x40),
            near_end: bit(2, 0x03),
            paper_end: bit(2, 0x0c),
        };
    }
}

/// One thing that the printer said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    /// The condition was told anew.
    Condition,
    /// A queued question (`GS r`) was reached: all before it is worked off.
    Reached,
    /// The question with this number (`GS ( H`) was reached.
    ReachedProcess([u8; 4]),
}

/// Reads replies out of the stream of bytes.
#[derive(Debug, Default)]
pub struct ReplyReader {
    condition: Condition,
    /// Questions of `DLE EOT` still unanswered, in order.
    asked: VecDeque<u8>,
    /// Automatic status or a block that is not complete yet.
    part: Vec<u8>,
}

impl ReplyReader {
    /// Notes that `DLE EOT n` was sent, so that its answer is understood.
    pub fn asked(&mut self, n: u8) {
        if self.asked.len() < 4 * QUESTIONS.len() {
            self.asked.push_back(n);
        }
    }

    /// Forgets questions that will not be answered any more.
    pub fn forget_questions(&mut self) {
        self.asked.clear();
    }

    /// True if every question of `DLE EOT` was answered.
    pub fn all_answered(&self) -> bool {
        self.asked.is_empty()
    }

    /// What is known by now.
    pub fn condition(&self) -> &Condition {
        &self.condition
    }

    /// Takes bytes; returns what they complete.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Reply> {
        bytes.iter().filter_map(|byte| self.byte(*byte)).collect()
    }

    fn byte(&mut self, byte: u8) -> Option<Reply> {
        match self.part.first() {
            Some(&BLOCK) => return self.block(byte),
            // Flow control may come between the bytes of a status.
            Some(_) if byte != XON && byte != XOFF => return self.automatic(byte),
            _ => {}
        }
        match byte {
            XON | XOFF => None,
            BLOCK => self.begin(byte),
            _ if byte & KIND_MASK == 0x12 => self.real_time(byte),
            _ if byte & KIND_MASK == 0x10 => self.begin(byte),
            _ if byte & 0x90 == 0 => Some(Reply::Reached),
            _ => None,
        }
    }

    fn begin(&mut self, byte: u8) -> Option<Reply> {
        self.part.push(byte);
        None
    }

    fn real_time(&mut self, byte: u8) -> Option<Reply> {
        let n = self.asked.pop_front()?;
        self.condition.answer(n, byte);
        Some(Reply::Condition)
    }

    fn automatic(&mut self, byte: u8) -> Option<Reply> {
        self.part.push(byte);
        let whole = <[u8; 4]>::try_from(self.part.as_slice()).ok()?;
        self.part.clear();
        self.condition.automatic(whole);
        Some(Reply::Condition)
    }

    fn block(&mut self, byte: u8) -> Option<Reply> {
        if byte != 0 && self.part.len() < BLOCK_MAX {
            self.part.push(byte);
            return None;
        }
        let block = std::mem::take(&mut self.part);
        match block.as_slice() {
            [BLOCK, PROCESS, number @ ..] => number.try_into().ok().map(Reply::ReachedProcess),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(answers: [u8; 4]) -> Condition {
        let mut reader = ReplyReader::default();
        QUESTIONS.iter().for_each(|n| reader.asked(*n));
        reader.push(&answers);
        assert!(reader.all_answered());
        *reader.condition()
    }

    #[test]
    fn the_four_answers_name_the_cause_cover_before_paper() {
        assert_eq!(asked([0x12; 4]).cause(), None);
        assert_eq!(asked([0x1a, 0x32, 0x12, 0x7e]).cause(), Some(BlockCause::PaperEnd));
        assert_eq!(asked([0x1a, 0x36, 0x12, 0x7e]).cause(), Some(BlockCause::CoverOpen));
        assert_eq!(asked([0x1a, 0x52, 0x1a, 0x12]).cause(), Some(BlockCause::Cutter));
        let near = asked([0x16, 0x12, 0x12, 0x1e]);
        assert_eq!((near.cause(), near.near_end, near.drawer_pin_high), (None, true, true));
    }

    #[test]
    fn automatic_status_is_four_bytes_with_flow_control_between() {
        let mut reader = ReplyReader::default();
        assert_eq!(reader.push(&[0x18, XOFF, 0x00, XON, 0x0c]), []);
        assert_eq!(reader.push(&[0x0f]), [Reply::Condition]);
        assert_eq!(reader.condition().cause(), Some(BlockCause::PaperEnd));
        assert_eq!(reader.push(&[0x10, 0, 0, 0x0f]), [Reply::Condition]);
        assert_eq!(reader.condition().cause(), None);
    }

    #[test]
    fn a_barrier_is_answered_with_paper_low_too() {
        let mut reader = ReplyReader::default();
        assert_eq!(reader.push(&[0x03]), [Reply::Reached], "bits 0 and 1: nearly at the end");
        assert_eq!(reader.push(b"\x37\x22abcd\0"), [Reply::ReachedProcess(*b"abcd")]);
        assert_eq!(reader.push(b"\x37\x25\0"), [], "another block");
        assert_eq!(reader.push(&[0x12]), [], "an answer that nobody asked for");
    }
}
