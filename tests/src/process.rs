//! A running program: its lines, its end, and the ways to end it.

use std::fs::OpenOptions;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// What a program said, or that it will say nothing any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    Line(String),
    /// Nothing within the limit.
    Nothing,
    /// Its output ended.
    Ended,
}

/// Dropping it kills it.
#[derive(Debug)]
pub struct Process {
    name: String,
    child: Child,
    stdin: Option<ChildStdin>,
    lines: Receiver<String>,
    log: PathBuf,
    ended: Option<ExitStatus>,
}

impl Process {
    /// Starts `command`; what it writes to stderr is added to the file `log`.
    ///
    /// # Panics
    /// When the program cannot be started.
    pub fn spawn(name: &str, command: &mut Command, log: &Path) -> Process {
        let errors = OpenOptions::new().create(true).append(true).open(log).expect("the log can be written");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(errors);
        let mut child = command.spawn().unwrap_or_else(|e| panic!("{name} does not start: {e}"));
        let stdout = child.stdout.take().expect("stdout was piped");
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Process {
            name: name.to_owned(),
            stdin: child.stdin.take(),
            child,
            lines,
            log: log.to_owned(),
            ended: None,
        }
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn said_within(&self, limit: Duration) -> Said {
        match self.lines.recv_timeout(limit) {
            Ok(line) => Said::Line(line),
            Err(RecvTimeoutError::Timeout) => Said::Nothing,
            Err(RecvTimeoutError::Disconnected) => Said::Ended,
        }
    }

    /// Writes one line to its stdin; false when it does not read any more.
    pub fn tell(&mut self, line: &str) -> bool {
        let Some(stdin) = &mut self.stdin else { return false };
        writeln!(stdin, "{line}").and_then(|()| stdin.flush()).is_ok()
    }

    /// What it wrote to stderr so far, all starts together.
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&std::fs::read(&self.log).unwrap_or_default()).into_owned()
    }

    /// False once its end was seen.
    pub fn runs(&self) -> bool {
        self.ended.is_none()
    }

    /// kill -9, and waits for the end.
    pub fn kill(&mut self) {
        if self.ended.is_none() {
            // A program that ended by itself in this moment is as dead as is wanted.
            let _ = self.child.kill();
            self.ended = self.child.wait().ok();
        }
    }

    /// SIGSTOP: it lives on without doing anything, until [`Process::wake`].
    #[cfg(unix)]
    pub fn freeze(&self) {
        self.signal(rustix::process::Signal::STOP);
    }

    /// SIGCONT.
    #[cfg(unix)]
    pub fn wake(&self) {
        self.signal(rustix::process::Signal::CONT);
    }

    #[cfg(unix)]
    fn signal(&self, signal: rustix::process::Signal) {
        if self.ended.is_none() {
            // One that ended in this moment needs no signal any more.
            let _ = rustix::process::kill_process(rustix::process::Pid::from_child(&self.child), signal);
        }
    }

    /// SIGTERM, and waits for the end.
    ///
    /// # Panics
    /// When it does not end within `limit`.
    pub fn terminate(&mut self, limit: Duration) -> ExitStatus {
        #[cfg(unix)]
        {
            let pid = rustix::process::Pid::from_child(&self.child);
            rustix::process::kill_process(pid, rustix::process::Signal::TERM).expect("it still runs");
        }
        #[cfg(not(unix))]
        drop(self.stdin.take());
        self.ended_within(limit)
    }

    /// Waits for it to end by itself.
    ///
    /// # Panics
    /// When it does not end within `limit`.
    pub fn ended_within(&mut self, limit: Duration) -> ExitStatus {
        let started = Instant::now();
        // The end of its output is the end of the program.
        while let Some(left) = limit.checked_sub(started.elapsed()) {
            if self.said_within(left) == Said::Ended {
                let status = self.child.wait().expect("a child can be waited for");
                self.ended = Some(status);
                return status;
            }
        }
        panic!("{} did not end within {} ms\n{}", self.name, limit.as_millis(), self.log());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}
