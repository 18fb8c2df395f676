//! Print queues of the system (CUPS), raw: handed over with `lp`, each slip as one job of the queue.
//!
//! Only for printers that nothing else reaches: a spooler says yes for a printer that is switched off,
//! never says that a slip came out, and may keep a drawer's pulse for hours. So such a printer confirms
//! nothing, tells nothing, and opens no drawer. Programs run with a limit and are killed behind it.
use std::{
    io::{self, Read, Write},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
    time::{Duration, Instant},
};

use super::{Caps, Connector, Transport};
use crate::error::{ErrorCode, HwError, Retry};

/// Longest wait for the spooler to take a slip.
const HAND_OVER: Duration = Duration::from_secs(10);
/// A running program is looked at again after so long.
const LOOK: Duration = Duration::from_millis(5);
/// Most bytes of a program's words that are kept.
const WORDS_MAX: u64 = 4096;

/// Opens a queue of the system's spooler.
#[derive(Debug, Clone)]
pub struct SpoolConnector {
    queue: String,
    /// Folder of `lp` and `lpstat`; `None` = found by the system.
    programs: Option<PathBuf>,
}

impl SpoolConnector {
    pub fn new(queue: &str) -> Self {
        Self { queue: queue.to_owned(), programs: None }
    }

    /// With the spooler's programs from this folder.
    #[must_use]
    pub fn with_programs(mut self, folder: PathBuf) -> Self {
        self.programs = Some(folder);
        self
    }

    fn program(&self, name: &str) -> Command {
        let path = self.programs.as_ref().map_or_else(|| PathBuf::from(name), |folder| folder.join(name));
        let mut command = Command::new(path);
        // Its words are read, so they have to be in one language.
        command.env("LC_ALL", "C").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        command
    }
}

impl Connector for SpoolConnector {
    /// Asks the spooler for the queue; nothing is handed over yet.
    fn open(&self, limit: Duration) -> Result<Box<dyn Transport>, HwError> {
        let mut ask = self.program("lpstat");
        ask.args(["-p", &self.queue]);
        let said = run(ask, &[], limit)?;
        if !said.is_well {
            let what = format!("the spooler knows no queue {}", self.queue);
            return Err(HwError::new(ErrorCode::NoExist, Retry::AfterUser, what));
        }
        if said.words.contains(" disabled ") {
            let what = format!("the queue {} is stopped", self.queue);
            return Err(HwError::new(ErrorCode::Offline, Retry::Now, what));
        }
        Ok(Box::new(SpoolTransport { place: self.clone(), slip: Vec::new() }))
    }
}

/// Collects a slip; it goes to the spooler as a whole.
struct SpoolTransport {
    place: SpoolConnector,
    slip: Vec<u8>,
}

impl Transport for SpoolTransport {
    fn write(&mut self, data: &[u8], _limit: Duration) -> Result<usize, HwError> {
        self.slip.extend_from_slice(data);
        Ok(data.len())
    }

    fn read(&mut self, _buffer: &mut [u8], _limit: Duration) -> Result<usize, HwError> {
        Ok(0)
    }

    fn caps(&self) -> Caps {
        Caps { two_way: false, max_chunk: 4096 }
    }

    fn is_prompt(&self) -> bool {
        false
    }

    fn end_job(&mut self, name: &str, _limit: Duration) -> Result<(), HwError> {
        let mut hand_over = self.place.program("lp");
        hand_over.args(["-d", &self.place.queue, "-o", "raw", "-t", name]);
        let said = run(hand_over, &std::mem::take(&mut self.slip), HAND_OVER)
            .map_err(|error| HwError { retry: Retry::Never, ..error })?;
        if said.is_well {
            return Ok(());
        }
        let what = format!("the queue {} did not take the slip", self.place.queue);
        Err(HwError::new(ErrorCode::Failure, Retry::Never, what))
    }
}

/// What a program said, and whether it ended well.
struct Said {
    is_well: bool,
    words: String,
}

/// Runs a program with `input`; one that does not end in time is killed.
fn run(mut command: Command, input: &[u8], limit: Duration) -> Result<Said, HwError> {
    let name = command.get_program().to_string_lossy().into_owned();
    if !input.is_empty() {
        command.stdin(Stdio::piped());
    }
    let mut child = command.spawn().map_err(|error| HwError::from_io(&error, &name))?;
    feed(&mut child, input.to_vec());
    let words = listen(&mut child);
    let ended = wait(&mut child, limit).map_err(|error| HwError::from_io(&error, &name))?;
    let Some(is_well) = ended else {
        // It may have ended by itself meanwhile, which is as good.
        child.kill().ok();
        child.wait().ok();
        return Err(HwError::timeout(format!("{name} does not come back")));
    };
    let words = words.recv_timeout(limit).unwrap_or_default();
    Ok(Said { is_well, words })
}

/// In a thread of its own: a program that reads nothing must not hold the queue up.
fn feed(child: &mut Child, input: Vec<u8>) {
    if let Some(mut stdin) = child.stdin.take() {
        // A program that ends without reading it all says so by how it ends.
        thread::spawn(move || stdin.write_all(&input).ok());
    }
}

fn listen(child: &mut Child) -> Receiver<String> {
    let (tell, words) = mpsc::channel();
    if let Some(stdout) = child.stdout.take() {
        thread::spawn(move || {
            let mut said = Vec::new();
            stdout.take(WORDS_MAX).read_to_end(&mut said).ok();
            tell.send(String::from_utf8_lossy(&said).into_owned()).ok();
        });
    }
    words
}

/// Whether it ended with 0; `None` if it did not end in time.
fn wait(child: &mut Child, limit: Duration) -> io::Result<Option<bool>> {
    let (deadline, (_never, nobody)) = (Instant::now() + limit, mpsc::channel::<()>());
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status.success()));
        }
        if Instant::now() >= deadline {
            return Ok(None);
        }
        // Nobody ever sends: this is a pause.
        nobody.recv_timeout(LOOK).ok();
    }
}
