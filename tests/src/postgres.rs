//! A private PostgreSQL: a cluster of its own in a temporary folder, reached by socket and loopback, gone
//! with the test however the test ends. Syncs to disk like a real one.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tempfile::TempDir;

const BINARIES: &str = "/usr/lib/postgresql";
const SUPERUSER: &str = "suanpan";
const PASSWORD: &str = "only-for-tests";
const START_LIMIT: Duration = Duration::from_secs(60);
/// Another program may take the port between our looking and the server's binding.
const STARTS_MAX: usize = 5;
const READY: &str = "ready to accept connections";
/// Starts the server and ends it when its own input does, which happens however this process ends. A line
/// of input ends it in the immediate mode, as a power cut does, and starts it again: on what it had written
/// (`crash`), after its files were copied (`copy`), or on that copy (`back`).
const KEEPER: &str = r#"
folder=$1; shift
"$@" & server=$!
while read -r order; do
  kill -QUIT "$server"; wait "$server"
  case "$order" in
    copy) rm -rf "$folder/copy"; cp -a "$folder/data" "$folder/copy" ;;
    back) rm -rf "$folder/data"; cp -a "$folder/copy" "$folder/data" ;;
  esac
  "$@" & server=$!
done
kill -INT "$server"; wait "$server"
rm -rf "$folder"
"#;

/// A running server. Dropping it ends it.
pub struct Cluster {
    folder: TempDir,
    binaries: PathBuf,
    user: Option<User>,
    port: u16,
    keeper: Child,
    /// What the server says; only whoever restarts it listens.
    said: Mutex<Receiver<String>>,
}

/// Whom the server runs as when the tests run as root, which it refuses.
#[derive(Clone, Copy)]
struct User {
    uid: u32,
    gid: u32,
}

impl Cluster {
    /// Makes and starts one; None where there is no PostgreSQL, said in a line that nothing hides.
    ///
    /// # Panics
    /// When there is one and it does not start.
    pub fn start() -> Option<Cluster> {
        match find() {
            Ok((binaries, user)) => Some(Self::make(&binaries, user)),
            Err(why) => {
                // Not a print: those are shown for failing tests only.
                let _ = writeln!(std::io::stderr(), "SKIPPED: tests on PostgreSQL: {why}");
                None
            }
        }
    }

    fn make(binaries: &Path, user: Option<User>) -> Cluster {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let password = folder.path().join("password");
        fs::write(&password, PASSWORD).expect("the folder can be written");
        #[cfg(unix)]
        if let Some(User { uid, gid }) = user {
            for path in [folder.path(), &password] {
                std::os::unix::fs::chown(path, Some(uid), Some(gid)).expect("root may give a file away");
            }
        }
        let made = as_user(user, &binaries.join("initdb"))
            .args(["--no-instructions", "--encoding=UTF8", "--locale=C", "--auth=scram-sha-256"])
            .args(["--no-sync", "--username", SUPERUSER, "--pwfile"])
            .arg(&password)
            .arg(folder.path().join("data"))
            .output()
            .expect("initdb can be run");
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        fs::remove_file(&password).expect("the folder is ours");
        for _ in 0..STARTS_MAX {
            if let Some((keeper, port, said)) = serve(binaries, user, folder.path()) {
                let (binaries, said) = (binaries.to_owned(), Mutex::new(said));
                return Cluster { folder, binaries, user, port, keeper, said };
            }
        }
        panic!("PostgreSQL did not start");
    }

    /// A new database, as an address by its socket.
    ///
    /// # Panics
    /// When it cannot be made.
    pub fn database(&self, name: &str) -> String {
        let made = as_user(self.user, &self.binaries.join("createdb"))
            .env("PGPASSWORD", PASSWORD)
            .args(["--username", SUPERUSER, "--host"])
            .arg(self.folder.path())
            .args(["--port", &self.port.to_string(), name])
            .output()
            .expect("createdb can be run");
        assert!(made.status.success(), "createdb: {}", String::from_utf8_lossy(&made.stderr));
        let folder = self.folder.path().display();
        format!("postgres:///{name}?host={folder}&port={}&user={SUPERUSER}&password={PASSWORD}", self.port)
    }

    /// The server ends at once, as when its machine loses power, and starts again.
    ///
    /// # Panics
    /// When it does not start again.
    pub fn crash(&self) {
        self.order("crash");
    }

    /// The same; in between its files are copied, for [`Cluster::turn_back`].
    ///
    /// # Panics
    /// When it does not start again.
    pub fn copy(&self) {
        self.order("copy");
    }

    /// The same; in between its files become those of the copy, and everything since is gone.
    ///
    /// # Panics
    /// When it does not start again.
    pub fn turn_back(&self) {
        self.order("back");
    }

    fn order(&self, order: &str) {
        let said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        said.try_iter().for_each(drop);
        let mut input = self.keeper.stdin.as_ref().expect("it was piped, and is taken only on drop");
        writeln!(input, "{order}").and_then(|()| input.flush()).expect("the keeper lives as long as we do");
        // The sessions that ended say that it was fatal for them.
        assert!(is_ready(&said, |_| false), "PostgreSQL did not start again after {order}");
    }

    /// The database as it never was; whoever is connected to it is thrown out.
    ///
    /// # Panics
    /// When it cannot be dropped or made.
    pub fn empty(&self, name: &str) {
        self.ask("postgres", &format!("DROP DATABASE {name} WITH (FORCE)"));
        self.database(name);
    }

    /// The same database by loopback.
    pub fn by_loopback(&self, name: &str) -> String {
        format!("postgres://{SUPERUSER}:{PASSWORD}@127.0.0.1:{}/{name}", self.port)
    }

    /// What one statement prints: columns by `|`, rows by line.
    ///
    /// # Panics
    /// When it fails.
    pub fn ask(&self, name: &str, sql: &str) -> String {
        let said = as_user(self.user, &self.binaries.join("psql"))
            .args(["-X", "-A", "-t", "-c", sql])
            .arg(self.by_loopback(name))
            .output()
            .expect("psql can be run");
        assert!(said.status.success(), "{sql}: {}", String::from_utf8_lossy(&said.stderr));
        String::from_utf8_lossy(&said.stdout).trim_end().to_owned()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        // A keeper that has gone already has ended its server.
        let _ = self.keeper.wait();
    }
}

fn find() -> Result<(PathBuf, Option<User>), String> {
    let versions = fs::read_dir(BINARIES).into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = versions.map(|version| version.path().join("bin")).collect();
    found.retain(|folder| folder.join("initdb").exists() && folder.join("postgres").exists());
    found.sort();
    let newest = found.pop().ok_or(format!("none in {BINARIES}; apt-get install postgresql"))?;
    let root = fs::metadata("/proc/self").is_ok_and(|process| is_root(&process));
    let user = root.then(|| user_of("postgres").or_else(|| user_of("nobody")));
    match user {
        None => Ok((newest, None)),
        Some(Some(user)) => Ok((newest, Some(user))),
        Some(None) => Err("it refuses root, and there is no user postgres or nobody".to_owned()),
    }
}

#[cfg(unix)]
fn is_root(process: &fs::Metadata) -> bool {
    std::os::unix::fs::MetadataExt::uid(process) == 0
}

#[cfg(not(unix))]
fn is_root(_process: &fs::Metadata) -> bool {
    false
}

fn user_of(name: &str) -> Option<User> {
    let users = fs::read_to_string("/etc/passwd").ok()?;
    let mut fields =
        users.lines().find_map(|line| line.strip_prefix(&format!("{name}:")))?.split(':').skip(1);
    Some(User { uid: fields.next()?.parse().ok()?, gid: fields.next()?.parse().ok()? })
}

fn as_user(user: Option<User>, program: &Path) -> Command {
    let Some(User { uid, gid }) = user else { return Command::new(program) };
    let mut command = Command::new("setpriv");
    command.args([format!("--reuid={uid}"), format!("--regid={gid}"), "--clear-groups".into(), "--".into()]);
    command.arg(program).current_dir("/");
    command
}

/// None when it ended by itself, as it does when its port was taken meanwhile.
fn serve(binaries: &Path, user: Option<User>, folder: &Path) -> Option<(Child, u16, Receiver<String>)> {
    let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    let port = free.expect("loopback has a free port").port();
    let mut keeper = as_user(user, Path::new("/bin/sh"))
        .args(["-c", KEEPER, "keeper"])
        .arg(folder)
        .arg(binaries.join("postgres"))
        .arg("-D")
        .arg(folder.join("data"))
        .arg("-k")
        .arg(folder)
        .args(["-h", "127.0.0.1", "-p", &port.to_string()])
        .args(["-c", "max_connections=60", "-c", "shared_buffers=64MB", "-c", "log_min_messages=warning"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a shell can be run");
    let stderr = keeper.stderr.take().expect("stderr was piped");
    let (sender, said) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stderr).lines().map_while(Result::ok) {
            // Mostly nobody listens; it must be able to go on talking.
            let _ = sender.send(line);
        }
    });
    if is_ready(&said, |line| line.contains("FATAL")) {
        return Some((keeper, port, said));
    }
    let _ = keeper.kill();
    let _ = keeper.wait();
    None
}

/// False when it takes too long, or `gives_up` at something that it said.
fn is_ready(said: &Receiver<String>, gives_up: fn(&str) -> bool) -> bool {
    while let Ok(line) = said.recv_timeout(START_LIMIT) {
        if line.contains(READY) || gives_up(&line) {
            return line.contains(READY);
        }
    }
    false
}
