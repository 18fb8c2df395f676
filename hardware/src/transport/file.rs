//! Device nodes that take bytes, such as `/dev/usb/lp0`.
//!
//! A write to such a node can block for ever (paper out). It therefore happens in a thread of
//! its own, which is left behind when it does not come back; unplugging the device frees it. While one
//! is left behind no second one is started.
use std::{
    fs::{File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{
        Arc,
        mpsc::{self, Receiver, Sender},
    },
    thread,
    time::Duration,
};

use super::{Caps, Connector, Transport};
use crate::error::{ErrorCode, ErrorExt, HwError, Retry};

/// Most bytes per call.
const CHUNK: usize = 4096;
/// How long the end of the thread is waited for.
const LAST_WAIT: Duration = Duration::from_millis(50);

/// Opens a device node for appending.
#[derive(Debug, Clone)]
pub struct FileConnector {
    path: PathBuf,
    /// Held by the thread that owns the file.
    owner: Arc<()>,
}

impl FileConnector {
    pub fn new(path: PathBuf) -> Self {
        Self { path, owner: Arc::new(()) }
    }

    /// A thread of a former opening is still in the system's hands.
    fn is_stuck(&self) -> bool {
        Arc::strong_count(&self.owner) > 1
    }
}

impl Connector for FileConnector {
    fn open(&self, limit: Duration) -> Result<Box<dyn Transport>, HwError> {
        if self.is_stuck() {
            let what = format!("open {}: a former write does not come back", self.path.display());
            return Err(HwError::new(ErrorCode::Busy, Retry::Now, what).with(ErrorExt::Stuck));
        }
        let (work, jobs) = mpsc::channel();
        let (answer, answers) = mpsc::channel();
        let (path, owner) = (self.path.clone(), Arc::clone(&self.owner));
        thread::spawn(move || {
            own_file(&path, &jobs, &answer);
            drop(owner);
            // The next opening may come at once: it finds nobody here.
            drop(answer);
        });
        match answers.recv_timeout(limit) {
            Ok(Ok(_)) => Ok(Box::new(FileTransport { path: self.path.clone(), work: Some(work), answers })),
            Ok(Err(error)) => Err(HwError::from_io(&error, &format!("open {}", self.path.display()))),
            Err(_) => Err(HwError::timeout(format!("open {}: no answer", self.path.display()))),
        }
    }

    fn present(&self) -> Option<bool> {
        Some(self.path.exists())
    }
}

/// Opens the file, reports it as an answer of 0 bytes, then writes chunk by chunk.
fn own_file(path: &Path, jobs: &Receiver<Vec<u8>>, answer: &Sender<io::Result<usize>>) {
    let opened: io::Result<File> = OpenOptions::new().append(true).open(path);
    let mut file = match opened {
        Ok(file) => file,
        Err(error) => {
            answer.send(Err(error)).ok();
            return;
        }
    };
    if answer.send(Ok(0)).is_err() {
        return;
    }
    for chunk in jobs {
        if answer.send(file.write(&chunk)).is_err() {
            return;
        }
    }
}

struct FileTransport {
    path: PathBuf,
    /// Emptied to let the thread end.
    work: Option<Sender<Vec<u8>>>,
    answers: Receiver<io::Result<usize>>,
}

impl Drop for FileTransport {
    /// A thread that is not stuck ends at once; the next opening must find it gone.
    fn drop(&mut self) {
        self.work = None;
        while self.answers.recv_timeout(LAST_WAIT).is_ok() {}
    }
}

impl Transport for FileTransport {
    /// After a time-out the bytes may still go out later: that error is never retried.
    fn write(&mut self, data: &[u8], limit: Duration) -> Result<usize, HwError> {
        let what = format!("write to {}", self.path.display());
        let chunk = data[..data.len().min(CHUNK)].to_vec();
        let sent = self.work.as_ref().is_some_and(|work| work.send(chunk).is_ok());
        if !sent {
            return Err(HwError::disconnected(format!("{what}: closed")));
        }
        match self.answers.recv_timeout(limit) {
            Ok(Ok(0)) if !data.is_empty() => Err(HwError::disconnected(format!("{what}: closed"))),
            Ok(Ok(accepted)) => Ok(accepted),
            Ok(Err(error)) => Err(HwError::from_io(&error, &what)),
            Err(_) => Err(HwError::new(ErrorCode::Timeout, Retry::Never, format!("{what}: stuck"))),
        }
    }

    fn read(&mut self, _buffer: &mut [u8], _limit: Duration) -> Result<usize, HwError> {
        Ok(0)
    }

    fn caps(&self) -> Caps {
        Caps { two_way: false, max_chunk: CHUNK }
    }
}
