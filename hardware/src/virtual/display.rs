//! A customer display without a display: reads its bytes, writes what a person would read.
//!
//! It shares no command code with `display/`, so that a mistake there cannot hide here.
use std::{fs, path::PathBuf, time::Duration};

use crate::{
    display::DisplayKind,
    error::HwError,
    transport::{Caps, Connector, Transport},
};

/// The file with what the display shows now.
const FILE: &str = "display.txt";
/// Longest line that is kept; a display has 20 places.
const LINE_MAX: usize = 40;
const LAMPS: [&str; 5] = ["", "单价", "总计", "收款", "找零"];

/// What a display shows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Face {
    pub upper: String,
    pub lower: String,
    /// The lit lamp, empty for none.
    pub lamp: &'static str,
    /// How often bytes came that this display does not know, or that would wear its memory.
    pub complaints: usize,
}

impl Face {
    /// The lines that a person reads.
    pub fn lines(&self) -> Vec<&str> {
        [self.lamp, &self.upper, &self.lower].into_iter().filter(|line| !line.trim().is_empty()).collect()
    }
}

/// Interprets a display's bytes, however they are split. Never panics.
#[derive(Debug)]
pub struct Screen {
    kind: DisplayKind,
    face: Face,
    /// A command that is not complete yet.
    part: Vec<u8>,
}

impl Screen {
    pub fn new(kind: DisplayKind) -> Self {
        Self { kind, face: Face::default(), part: Vec::new() }
    }

    /// What it shows now.
    pub fn face(&self) -> &Face {
        &self.face
    }

    /// Takes bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.part.push(*byte);
            if self.command() {
                self.part.clear();
            }
        }
    }

    /// True if the bytes so far are a whole command, which then has been obeyed.
    fn command(&mut self) -> bool {
        let part = std::mem::take(&mut self.part);
        let whole = match (self.kind, part.as_slice()) {
            (_, [0x0c]) => {
                self.face = Face { complaints: self.face.complaints, ..Face::default() };
                true
            }
            (_, [0x1b] | [0x1b, b'Q']) => false,
            (_, [0x1b, b'@']) => true,
            (_, [0x1b, b'Q', b'A' | b'B', text @ .., b'\r']) if text.len() <= LINE_MAX => {
                let shown = String::from_utf8_lossy(text).into_owned();
                if part[2] == b'A' {
                    self.face.upper = shown
                } else {
                    self.face.lower = shown
                }
                true
            }
            (_, [0x1b, b'Q', b'A' | b'B', text @ ..]) if text.len() <= LINE_MAX => false,
            (DisplayKind::Led8, [0x1b, b's']) => false,
            (DisplayKind::Led8, [0x1b, b's', lamp]) => {
                self.face.lamp = LAMPS.get(usize::from(lamp % 48)).copied().unwrap_or_default();
                true
            }
            (DisplayKind::Cd5220, [0x1b, b'*']) => false,
            (DisplayKind::Cd5220, [0x1b, b'*', _]) => true,
            _ => {
                self.face.complaints += 1;
                true
            }
        };
        self.part = part;
        whole
    }
}

/// Opens the virtual display of a folder.
#[derive(Debug, Clone)]
pub struct VirtualDisplay {
    dir: PathBuf,
    kind: DisplayKind,
}

impl VirtualDisplay {
    pub fn new(dir: PathBuf, kind: DisplayKind) -> Self {
        Self { dir, kind }
    }
}

impl Connector for VirtualDisplay {
    fn open(&self, _limit: Duration) -> Result<Box<dyn Transport>, HwError> {
        fs::create_dir_all(&self.dir).map_err(|error| HwError::from_io(&error, "virtual display"))?;
        Ok(Box::new(Wall { file: self.dir.join(FILE), screen: Screen::new(self.kind) }))
    }
}

struct Wall {
    file: PathBuf,
    screen: Screen,
}

impl Transport for Wall {
    fn write(&mut self, data: &[u8], _limit: Duration) -> Result<usize, HwError> {
        self.screen.push(data);
        Ok(data.len())
    }

    fn read(&mut self, _buffer: &mut [u8], _limit: Duration) -> Result<usize, HwError> {
        Ok(0)
    }

    fn caps(&self) -> Caps {
        Caps { two_way: false, max_chunk: 64 }
    }

    fn end_job(&mut self, _name: &str, _limit: Duration) -> Result<(), HwError> {
        let text: String =
            self.screen.face().lines().iter().map(|line| format!("{}\n", line.trim())).collect();
        fs::write(&self.file, text).map_err(|error| HwError::from_io(&error, "virtual display"))
    }
}
