//! The virtual printer behind `virtual:?dir=PATH`: its paper lies in a folder.
//!
//! `<name>.bin` has every byte of a slip, `<name>.png` and `<name>.txt` show it; drawer pulses
//! go to `drawer.bin`. Bytes reach `printing.part` as they come, as they would reach paper: if
//! the program dies while printing, the next start finds half a slip and names it `torn`.
//!
//! It answers questions as a good printer does. A file `paper-end`, `cover-open`, `cutter`, `hot`, `near-end` or
//! `drawer-open` in the folder is that state, as long as it is there; `off` is a printer without power.
use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::mpsc,
    time::Duration,
};

use super::{
    Paper, interpret,
    talker::{Talker, Trouble},
};
use crate::{
    error::HwError,
    escpos::profile::Profile,
    transport::{Caps, Connector, Transport},
};

/// Where the bytes of the current job are.
const PART: &str = "printing.part";
/// Where a slip's picture is while it is drawn.
const DRAWING: &str = "drawing.tmp";
/// The printer has no power while this file is there.
const OFF: &str = "off";

/// Writes the files of one job and returns its paper. A name that exists is not overwritten:
/// the second slip becomes `<name>~2`, because paper does not vanish either.
pub fn write_job(dir: &Path, name: &str, bytes: &[u8], columns: usize) -> io::Result<Paper> {
    fs::create_dir_all(dir)?;
    let paper = interpret(bytes, columns);
    if !paper.pulses.is_empty() {
        let mut drawer = OpenOptions::new().create(true).append(true).open(dir.join("drawer.bin"))?;
        drawer.write_all(&paper.pulses.concat())?;
    }
    if paper.bytes.is_empty() {
        return Ok(paper);
    }
    let name = free_name(dir, name);
    write_whole(dir, PART, &format!("{name}.bin"), &paper.bytes)?;
    // From here on the slip exists; its pictures can be drawn again from it.
    write_whole(dir, DRAWING, &format!("{name}.txt"), paper.to_text().as_bytes())?;
    write_whole(dir, DRAWING, &format!("{name}.png"), &paper.to_png())?;
    Ok(paper)
}

/// Whoever looks into the folder meets a whole file under its name, or none.
fn write_whole(dir: &Path, unfinished: &str, name: &str, bytes: &[u8]) -> io::Result<()> {
    fs::write(dir.join(unfinished), bytes)?;
    fs::rename(dir.join(unfinished), dir.join(name))
}

/// A plain file name that is not taken.
fn free_name(dir: &Path, name: &str) -> String {
    let plain = |unit: char| if unit.is_alphanumeric() || "-_.".contains(unit) { unit } else { '_' };
    let name: String = name.chars().map(plain).collect();
    let numbered = (2..).map(|number: u32| format!("{name}~{number}"));
    let mut names = std::iter::once(name.clone()).chain(numbered);
    names.find(|name| !dir.join(format!("{name}.bin")).exists()).unwrap_or(name)
}

/// Opens the virtual printer of a folder.
#[derive(Debug, Clone)]
pub struct VirtualConnector {
    dir: PathBuf,
    columns: usize,
}

impl VirtualConnector {
    pub fn new(dir: PathBuf, profile: &Profile) -> Self {
        Self { dir, columns: profile.columns }
    }

    fn trouble(&self) -> Trouble {
        let is = |name: &str| self.dir.join(name).exists();
        Trouble {
            paper_end: is("paper-end"),
            cover_open: is("cover-open"),
            cutter: is("cutter"),
            near_end: is("near-end"),
            hot: is("hot"),
            drawer_open: is("drawer-open"),
        }
    }

    /// What a killed program had printed of its last job.
    fn tear_off(&self) -> io::Result<()> {
        let part = self.dir.join(PART);
        if part.exists() {
            let bytes = fs::read(&part)?;
            write_job(&self.dir, "torn", &bytes, self.columns)?;
            remove(&part)?;
        }
        Ok(())
    }
}

fn remove(part: &Path) -> io::Result<()> {
    match fs::remove_file(part) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

impl Connector for VirtualConnector {
    fn open(&self, _limit: Duration) -> Result<Box<dyn Transport>, HwError> {
        if self.dir.join(OFF).exists() {
            return Err(HwError::from_io(&io::ErrorKind::ConnectionRefused.into(), "virtual printer"));
        }
        let ready = fs::create_dir_all(&self.dir).and_then(|()| self.tear_off());
        ready.map_err(|error| HwError::from_io(&error, "virtual printer"))?;
        Ok(Box::new(VirtualTransport { place: self.clone(), part: None, talker: Talker::default() }))
    }
}

struct VirtualTransport {
    place: VirtualConnector,
    part: Option<File>,
    talker: Talker,
}

impl VirtualTransport {
    fn append(&mut self, data: &[u8]) -> io::Result<usize> {
        if self.part.is_none() {
            let path = self.place.dir.join(PART);
            self.part = Some(OpenOptions::new().create(true).append(true).open(path)?);
        }
        let part = self.part.as_mut().ok_or(io::ErrorKind::NotFound)?;
        part.write(data)
    }

    fn keep(&mut self, name: &str) -> io::Result<()> {
        if self.part.take().is_none() {
            return Ok(());
        }
        let part = self.place.dir.join(PART);
        write_job(&self.place.dir, name, &fs::read(&part)?, self.place.columns)?;
        remove(&part)
    }
}

impl Transport for VirtualTransport {
    fn write(&mut self, data: &[u8], _limit: Duration) -> Result<usize, HwError> {
        if self.place.dir.join(OFF).exists() {
            return Err(HwError::disconnected("virtual printer: switched off"));
        }
        self.talker.set(self.place.trouble());
        self.talker.push(data);
        self.append(data).map_err(|error| HwError::from_io(&error, "virtual printer"))
    }

    fn read(&mut self, buffer: &mut [u8], limit: Duration) -> Result<usize, HwError> {
        self.talker.set(self.place.trouble());
        let count = self.talker.answer(buffer);
        if count == 0 {
            // Nobody ever sends: a pause, as a device without answers makes.
            let (_never, nobody) = mpsc::channel::<()>();
            nobody.recv_timeout(limit).ok();
        }
        Ok(count)
    }

    fn caps(&self) -> Caps {
        Caps { two_way: true, max_chunk: 512 }
    }

    fn end_job(&mut self, name: &str, _limit: Duration) -> Result<(), HwError> {
        self.keep(name).map_err(|error| HwError::from_io(&error, "virtual printer"))
    }
}
