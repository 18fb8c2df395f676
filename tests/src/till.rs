//! The headless till as a real program: one request, one answer; kill, start again.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use till::failure::Failure;

use crate::process::{Process, Said};
use crate::programs;

const START_LIMIT: Duration = Duration::from_secs(30);
/// A first contact may load a whole shop.
const ANSWER_LIMIT: Duration = Duration::from_secs(60);

/// How a till is started.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Holds the data folder, the key file, the log and the paper of this till.
    pub folder: PathBuf,
    pub key_file: Option<PathBuf>,
    pub hq: Option<String>,
    pub printer: String,
    /// Where it listens for the other tills of its store.
    pub lan: Option<SocketAddr>,
    pub peers: Vec<SocketAddr>,
    pub clock_offset_ms: i64,
    /// A program before it and its arguments, e.g. a shell that sets a limit.
    pub before: Vec<String>,
}

impl Setup {
    /// A till of its own below `folder`, with a virtual printer.
    pub fn below(folder: &Path) -> Setup {
        Setup {
            key_file: Some(folder.join("till.key")),
            printer: format!("virtual:?dir={}", folder.join("paper").display()),
            folder: folder.to_owned(),
            hq: None,
            lan: None,
            peers: Vec::new(),
            clock_offset_ms: 0,
            before: Vec::new(),
        }
    }

    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// Where the virtual printer leaves its paper.
    pub fn paper(&self) -> PathBuf {
        self.folder.join("paper")
    }

    fn command(&self) -> Command {
        let program: OsString = programs::path(programs::TILL).into();
        let mut words = self.before.iter().map(OsString::from).chain([program]);
        let mut command = Command::new(words.next().unwrap_or_default());
        command.args(words).arg("--data").arg(self.data()).args(["--printer", &self.printer]);
        command.args(["--clock-offset-ms", &self.clock_offset_ms.to_string()]);
        if let Some(file) = &self.key_file {
            command.arg("--key-file").arg(file);
        }
        if let Some(address) = self.lan {
            command.args(["--lan", &address.to_string()]);
        }
        for peer in &self.peers {
            command.args(["--peer", &peer.to_string()]);
        }
        if let Some(url) = &self.hq {
            command.args(["--hq", url]);
        }
        // No desktop's key store and no state of the person who runs the tests.
        command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent").env("HOME", &self.folder);
        command.env("XDG_STATE_HOME", self.folder.join("state")).env_remove("XDG_RUNTIME_DIR");
        command
    }
}

/// Why a till did not start.
#[derive(Clone, Debug)]
pub struct Refused {
    pub exit_code: Option<i32>,
    pub stderr: String,
}

/// The line `ready`.
#[derive(Clone, Debug, Deserialize)]
pub struct Hello {
    /// None before it was enrolled.
    pub terminal: Option<u32>,
    pub sqlite: String,
}

/// A running till. Dropping it kills it.
pub struct Till {
    setup: Setup,
    process: Process,
    hello: Hello,
    asked: u64,
    events: Vec<Value>,
    /// Makes request ids differ over starts.
    pub(crate) presses: u64,
}

impl Till {
    /// # Panics
    /// When it does not start.
    pub fn start(setup: &Setup) -> Till {
        Self::try_start(setup).unwrap_or_else(|refused| panic!("the till does not start: {refused:?}"))
    }

    /// # Errors
    /// It ended instead of saying that it is ready.
    pub fn try_start(setup: &Setup) -> Result<Till, Refused> {
        std::fs::create_dir_all(&setup.folder).expect("the test's folder can be written");
        let log = setup.folder.join("till.log");
        let before = std::fs::read_to_string(&log).unwrap_or_default().len();
        let mut process = Process::spawn("the till", &mut setup.command(), &log);
        let Said::Line(line) = process.said_within(START_LIMIT) else {
            let exit_code = process.ended_within(START_LIMIT).code();
            return Err(Refused { exit_code, stderr: process.log().split_off(before) });
        };
        let hello = serde_json::from_str(&line).unwrap_or_else(|e| panic!("{e}: {line}"));
        Ok(Till { setup: setup.clone(), process, hello, asked: 0, events: Vec::new(), presses: 0 })
    }

    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    pub fn hello(&self) -> &Hello {
        &self.hello
    }

    pub fn log(&self) -> String {
        self.process.log()
    }

    /// Asks and waits for the one answer.
    ///
    /// # Errors
    /// What the till says no with.
    ///
    /// # Panics
    /// When it ends or answers something else.
    pub fn ask(&mut self, cmd: &str, args: Value) -> Result<Value, Failure> {
        self.press(cmd, args);
        self.answer_within(ANSWER_LIMIT).unwrap_or_else(|| panic!("no answer to {cmd}\n{}", self.log()))
    }

    /// Asks for what must succeed.
    ///
    /// # Panics
    /// When it does not.
    pub fn call<T: DeserializeOwned>(&mut self, cmd: &str, args: Value) -> T {
        let shown = args.clone();
        let data = self.ask(cmd, args).unwrap_or_else(|no| panic!("{cmd} {shown}: {no:?}\n{}", self.log()));
        serde_json::from_value(data.clone()).unwrap_or_else(|e| panic!("{cmd}: {e}: {data}"))
    }

    /// Asks for what must be refused.
    ///
    /// # Panics
    /// When it is not, or without a sentence and a next step.
    pub fn refused(&mut self, cmd: &str, args: Value) -> Failure {
        match self.ask(cmd, args.clone()) {
            Ok(data) => panic!("{cmd} {args} was not refused: {data}"),
            Err(no) => {
                assert!(!no.message.is_empty() && !no.hint.is_empty(), "{cmd}: {no:?}");
                no
            }
        }
    }

    /// Sends a request without waiting for its answer.
    pub fn press(&mut self, cmd: &str, args: Value) {
        self.asked += 1;
        // One who died meanwhile is noticed when the answer does not come.
        self.process.tell(&json!({"id": self.asked, "cmd": cmd, "args": args}).to_string());
    }

    /// Sends a line as it is and returns the next line that is not an event.
    ///
    /// # Panics
    /// When there is none.
    pub fn raw(&mut self, line: &str) -> Value {
        self.process.tell(line);
        self.next_answer(ANSWER_LIMIT).expect("an answer to the line")
    }

    /// The answer to the request sent last; None when it does not come or the till ended.
    ///
    /// # Panics
    /// When an answer comes that nobody asked for.
    pub fn answer_within(&mut self, limit: Duration) -> Option<Result<Value, Failure>> {
        let mut answer = self.next_answer(limit)?;
        assert_eq!(answer["id"], self.asked, "answers come in order: {answer}");
        Some(match answer["ok"].as_bool() {
            Some(true) => Ok(answer["data"].take()),
            _ => {
                Err(serde_json::from_value(answer["error"].take()).expect("an error has code, message, hint"))
            }
        })
    }

    fn next_answer(&mut self, limit: Duration) -> Option<Value> {
        let started = Instant::now();
        while let Some(left) = limit.checked_sub(started.elapsed()) {
            let Said::Line(line) = self.process.said_within(left) else { return None };
            let value: Value = serde_json::from_str(&line).unwrap_or_else(|e| panic!("{e}: {line}"));
            if value.get("event").is_none() {
                return Some(value);
            }
            self.events.push(value);
        }
        None
    }

    /// The next event that `fits`, of those that came since the last look or come within `limit`.
    pub fn event_within(&mut self, limit: Duration, fits: impl Fn(&Value) -> bool) -> Option<Value> {
        let started = Instant::now();
        let mut seen: Vec<Value> = self.events.drain(..).collect();
        loop {
            if let Some(found) = seen.drain(..).find(|event| fits(event)) {
                return Some(found);
            }
            let left = limit.checked_sub(started.elapsed())?;
            let Said::Line(line) = self.process.said_within(left) else { return None };
            seen.push(serde_json::from_str(&line).unwrap_or_else(|e| panic!("{e}: {line}")));
        }
    }

    pub fn process(&self) -> &Process {
        &self.process
    }

    pub fn process_id(&self) -> u32 {
        self.process.id()
    }

    /// False after a kill or a stop.
    pub fn runs(&self) -> bool {
        self.process.runs()
    }

    /// kill -9.
    pub fn kill(&mut self) {
        self.process.kill();
    }

    /// SIGTERM; the exit code.
    pub fn stop(&mut self) -> Option<i32> {
        self.process.terminate(Duration::from_secs(10)).code()
    }

    /// Starts the same till again after its end; the cashier has to sign in anew.
    pub fn restart(&mut self) {
        let setup = self.setup.clone();
        self.restart_as(&setup);
    }

    /// Starts it again in another way: another clock, another printer.
    pub fn restart_as(&mut self, setup: &Setup) {
        self.process.kill();
        let presses = self.presses;
        *self = Till { presses, ..Till::start(setup) };
    }

    /// The size of `file` in the data folder, bytes; 0 when there is none.
    pub fn size_of(&self, file: &str) -> u64 {
        std::fs::metadata(self.setup.data().join(file)).map_or(0, |data| data.len())
    }
}
