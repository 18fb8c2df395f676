//! Headquarters as a real program on a demo shop: serve, kill, serve again.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use serde::Deserialize;

use crate::process::{Process, Said};
use crate::programs;

const START_LIMIT: Duration = Duration::from_secs(30);
/// The store of the demo shop whose tills the stories play at.
pub const STORE: &str = "S001";

/// Enough for every story, few enough to load in a moment.
const MEMBERS: &str = "120";

/// The one line that `serve` prints once it has bound.
#[derive(Clone, Debug, Deserialize)]
pub struct Ready {
    pub url: String,
    pub console: String,
    pub tls_sha256: Option<String>,
}

#[derive(Deserialize)]
struct CodeLine {
    code: String,
}

#[derive(Deserialize)]
struct TokenLine {
    token: String,
}

/// With TLS as in a shop, or plain on loopback, where a test must see inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    Tls,
    Plain,
}

/// A headquarters that was made and serves; it ends when dropped.
pub struct Hq {
    folder: PathBuf,
    line: Line,
    /// A PostgreSQL instead of the file in the folder.
    database: Option<String>,
    process: Process,
    ready: Ready,
    /// What `init` said; holds the first administrator's one-time password.
    pub said_at_init: String,
}

impl Hq {
    /// Makes the demo shop below `folder` and serves it on a free port.
    ///
    /// # Panics
    /// When headquarters does not start.
    pub fn demo(folder: &Path, line: Line) -> Hq {
        Self::demo_on(folder, line, None)
    }

    /// The same on a PostgreSQL, by its address.
    ///
    /// # Panics
    /// When headquarters does not start.
    pub fn demo_on(folder: &Path, line: Line, database: Option<&str>) -> Hq {
        let made = run_on(folder, database, &["init", "--demo", "--members", MEMBERS]);
        assert!(made.status.success(), "init: {}", String::from_utf8_lossy(&made.stderr));
        let (process, ready) = serve(folder, line, database, "127.0.0.1:0");
        let said_at_init = String::from_utf8_lossy(&made.stdout).into_owned();
        let database = database.map(str::to_owned);
        Hq { folder: folder.to_owned(), line, database, process, ready, said_at_init }
    }

    /// Where its data lies, but for a PostgreSQL.
    pub fn data(&self) -> PathBuf {
        self.folder.join("hq")
    }

    pub fn process(&self) -> &Process {
        &self.process
    }

    pub fn url(&self) -> &str {
        &self.ready.url
    }

    pub fn ready(&self) -> &Ready {
        &self.ready
    }

    /// # Panics
    /// When it listens at something that is no socket address.
    pub fn address(&self) -> SocketAddr {
        let host = self.ready.url.split("://").nth(1).unwrap_or_default();
        host.trim_end_matches('/').parse().expect("headquarters listens at a loopback address")
    }

    /// The address of a cable to it, in its own scheme.
    pub fn url_at(&self, address: SocketAddr) -> String {
        let scheme = self.ready.url.split("://").next().unwrap_or("https");
        format!("{scheme}://{address}")
    }

    /// A new one-time code for till `till_no` of [`STORE`].
    ///
    /// # Panics
    /// When none is given.
    pub fn code(&self, till_no: u32) -> String {
        let said = self.command(&["code", "--store", STORE, "--till", &till_no.to_string()]);
        serde_json::from_str::<CodeLine>(said.trim()).unwrap_or_else(|e| panic!("{e}: {said}")).code
    }

    /// A token for scripts that read.
    ///
    /// # Panics
    /// When none is given.
    pub fn token(&self) -> String {
        let said = self.command(&["token"]);
        serde_json::from_str::<TokenLine>(said.trim()).unwrap_or_else(|e| panic!("{e}: {said}")).token
    }

    /// What a command of `suanpan-hq` on this data prints.
    ///
    /// # Panics
    /// When it fails.
    pub fn command(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Runs a command of `suanpan-hq` on this data to its end, however that is.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn run(&self, arguments: &[&str]) -> Output {
        run_on(&self.folder, self.database.as_deref(), arguments)
    }

    /// kill -9.
    pub fn kill(&mut self) {
        self.process.kill();
    }

    /// Serves the same data at the same address again.
    pub fn restart(&mut self) {
        self.process.kill();
        let address = self.address();
        (self.process, self.ready) =
            serve(&self.folder, self.line, self.database.as_deref(), &address.to_string());
    }

    /// SIGTERM; true when it ended cleanly.
    pub fn stop(&mut self) -> bool {
        self.process.terminate(Duration::from_secs(10)).success()
    }

    pub fn log(&self) -> String {
        self.process.log()
    }
}

/// Runs `suanpan-hq` to its end.
///
/// # Panics
/// When it cannot be started.
pub fn run(folder: &Path, arguments: &[&str]) -> Output {
    run_on(folder, None, arguments)
}

fn run_on(folder: &Path, database: Option<&str>, arguments: &[&str]) -> Output {
    let mut command = Command::new(programs::path(programs::HQ));
    command.args(arguments).arg("--data").arg(folder.join("hq"));
    command.envs(database.map(|url| ("SUANPAN_DATABASE", url)));
    command.output().expect("suanpan-hq was built")
}

/// A server that ends when the thread that started it ends without saying so.
#[cfg(target_os = "linux")]
fn bound_to_us(program: &Path) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL", "--"]).arg(program);
    command
}

#[cfg(not(target_os = "linux"))]
fn bound_to_us(program: &Path) -> Command {
    Command::new(program)
}

fn serve(folder: &Path, line: Line, database: Option<&str>, listen: &str) -> (Process, Ready) {
    let mut command = bound_to_us(&programs::path(programs::HQ));
    command.args(["serve", "--listen", listen, "--data"]).arg(folder.join("hq"));
    command.envs(database.map(|url| ("SUANPAN_DATABASE", url)));
    if line == Line::Plain {
        command.arg("--http");
    }
    let process = Process::spawn("headquarters", &mut command, &folder.join("hq.log"));
    match process.said_within(START_LIMIT) {
        Said::Line(text) => {
            let ready = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {text}"));
            (process, ready)
        }
        silent => panic!("headquarters: {silent:?}\n{}", process.log()),
    }
}
