//! A scanner without a scanner: each line added to a file is a code.
use std::{
    fs::{self, File, OpenOptions},
    io::{Read, Seek, SeekFrom},
    path::PathBuf,
    sync::mpsc,
    time::{Duration, Instant},
};

use crate::{
    error::HwError,
    transport::{Caps, Connector, Transport},
};

/// The file whose new lines are codes.
const FILE: &str = "scans.txt";
/// How often the file is looked at.
const LOOK: Duration = Duration::from_millis(20);

/// Opens the virtual scanner of a folder. Lines that were there before are not read.
#[derive(Debug, Clone)]
pub struct VirtualScanner {
    dir: PathBuf,
}

impl VirtualScanner {
    pub fn new(dir: PathBuf) -> Self {
        Self { dir }
    }
}

impl Connector for VirtualScanner {
    fn open(&self, _limit: Duration) -> Result<Box<dyn Transport>, HwError> {
        let open = || {
            fs::create_dir_all(&self.dir)?;
            let path = self.dir.join(FILE);
            let mut file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
            file.seek(SeekFrom::End(0))?;
            Ok(file)
        };
        let file = open().map_err(|error: std::io::Error| HwError::from_io(&error, "virtual scanner"))?;
        Ok(Box::new(Tail { file }))
    }
}

struct Tail {
    file: File,
}

impl Transport for Tail {
    fn write(&mut self, _data: &[u8], _limit: Duration) -> Result<usize, HwError> {
        Err(HwError::illegal("a scanner takes no bytes"))
    }

    fn read(&mut self, buffer: &mut [u8], limit: Duration) -> Result<usize, HwError> {
        let until = Instant::now() + limit;
        let (_never, nobody) = mpsc::channel::<()>();
        loop {
            let count =
                self.file.read(buffer).map_err(|error| HwError::from_io(&error, "virtual scanner"))?;
            let left = until.saturating_duration_since(Instant::now());
            if count > 0 || left.is_zero() {
                return Ok(count);
            }
            // Nobody ever sends: this is a pause.
            nobody.recv_timeout(left.min(LOOK)).ok();
        }
    }

    fn caps(&self) -> Caps {
        Caps { two_way: true, max_chunk: 0 }
    }
}
