//! Programs that run beside the demo: each in a process group of its own, so that nothing outlives it.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};

/// How long a program may take to end after SIGTERM before it is killed.
const END_LIMIT: Duration = Duration::from_secs(10);

/// A running program. Dropping it kills its whole group.
pub struct Process {
    name: String,
    child: Child,
    stdin: Option<ChildStdin>,
    lines: Receiver<String>,
    ended: Option<ExitStatus>,
}

impl Process {
    /// Starts it; stdout is read line by line, stderr goes to the file `log`.
    pub fn spawn(name: &str, command: &Command, log: &Path) -> Result<Process> {
        let errors = File::create(log).with_context(|| format!("the log of {name}"))?;
        let mut command = bound_to_us(command);
        own_group(&mut command).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(errors);
        let mut child = command.spawn().with_context(|| format!("{name} could not be started"))?;
        let stdout = child.stdout.take().context("its stdout was piped")?;
        let stdin = child.stdin.take();
        let (send, lines) = channel();
        std::thread::spawn(move || {
            // The thread ends with the program's stdout, or when nobody listens any more.
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if send.send(line).is_err() {
                    break;
                }
            }
        });
        Ok(Process { name: name.to_string(), child, stdin, lines, ended: None })
    }

    /// The next line of its stdout.
    pub fn line_within(&self, limit: Duration) -> Result<String> {
        self.lines.recv_timeout(limit).map_err(|error| match error {
            RecvTimeoutError::Timeout => anyhow!("{} said nothing for {} ms", self.name, limit.as_millis()),
            RecvTimeoutError::Disconnected => anyhow!("{} ended; its log says why", self.name),
        })
    }

    /// Writes one line to its stdin.
    pub fn tell(&mut self, line: &str) -> Result<()> {
        let Some(stdin) = &mut self.stdin else { bail!("{} has no stdin", self.name) };
        writeln!(stdin, "{line}")
            .and_then(|()| stdin.flush())
            .with_context(|| format!("telling {}", self.name))
    }

    /// Waits until it ends by itself, without a limit (a person closes the window).
    pub fn wait(mut self) -> Result<ExitStatus> {
        self.stdin = None;
        let status = self.child.wait()?;
        self.ended = Some(status);
        Ok(status)
    }

    /// Asks it to end (SIGTERM) and waits; kills it when it does not.
    pub fn stop(mut self) -> Result<ExitStatus> {
        signal_group(&self.child, Signal::Terminate);
        let started = Instant::now();
        // The end of its stdout is the end of the program.
        while let Some(left) = END_LIMIT.checked_sub(started.elapsed()) {
            if let Err(RecvTimeoutError::Disconnected) = self.lines.recv_timeout(left) {
                let status = self.child.wait()?;
                self.ended = Some(status);
                return Ok(status);
            }
        }
        bail!("{} did not end within {} s of being asked", self.name, END_LIMIT.as_secs())
    }

    /// Ends the whole group at once, as a power cut would (SIGKILL).
    pub fn kill(mut self) -> Result<()> {
        self.end_group()
    }

    fn end_group(&mut self) -> Result<()> {
        signal_group(&self.child, Signal::Kill);
        if self.ended.is_none() {
            self.ended = Some(self.child.wait()?);
        }
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Nobody is left to tell; the group is gone in every case that matters.
        let _ = self.end_group();
    }
}

#[derive(Clone, Copy)]
enum Signal {
    Terminate,
    Kill,
}

/// The same command, asked to end when we end without saying so (Ctrl-C, a CI runner's limit).
#[cfg(target_os = "linux")]
fn bound_to_us(command: &Command) -> Command {
    let mut bound = Command::new("setpriv");
    bound.args(["--pdeathsig", "TERM", "--"]).arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => bound.env(name, value),
            None => bound.env_remove(name),
        };
    }
    if let Some(folder) = command.get_current_dir() {
        bound.current_dir(folder);
    }
    bound
}

#[cfg(not(target_os = "linux"))]
fn bound_to_us(command: &Command) -> Command {
    let mut same = Command::new(command.get_program());
    same.args(command.get_args());
    same
}

#[cfg(unix)]
fn own_group(command: &mut Command) -> &mut Command {
    std::os::unix::process::CommandExt::process_group(command, 0)
}

#[cfg(unix)]
fn signal_group(child: &Child, signal: Signal) {
    use rustix::process::{Pid, kill_process_group};
    let signal = match signal {
        Signal::Terminate => rustix::process::Signal::TERM,
        Signal::Kill => rustix::process::Signal::KILL,
    };
    // A group that is gone already (ESRCH) is what is wanted.
    let _ = kill_process_group(Pid::from_child(child), signal);
}

#[cfg(not(unix))]
fn own_group(command: &mut Command) -> &mut Command {
    command
}

#[cfg(not(unix))]
fn signal_group(child: &Child, _signal: Signal) {
    let _ = Command::new("taskkill").args(["/F", "/T", "/PID", &child.id().to_string()]).output();
}
