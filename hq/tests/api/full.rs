//! The program itself when the system gives it no more connections.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// More files than an empty house needs, fewer than there are guests.
const FILES: usize = 64;
const GUESTS: usize = 100;
const PROGRAM: &str = env!("CARGO_BIN_EXE_suanpan-hq");
const REFUSED: &str = "a connection could not be accepted";

/// The program under a limit that `kind` says how to set (POSIX shell, `ulimit`).
struct House {
    program: Child,
    address: String,
}

impl House {
    fn open(folder: &Path, kind: &str) -> House {
        let mut init = Command::new(PROGRAM);
        init.args(["init", "--demo", "--members", "20", "--data"]).arg(folder);
        assert!(init.output().unwrap().status.success());
        let script = format!("ulimit {kind} {FILES} && exec \"$0\" serve --http --data \"$1\"");
        let mut program = Command::new("sh")
            .args(["-c", &script, PROGRAM])
            .arg(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut ready = String::new();
        BufReader::new(program.stdout.take().unwrap()).read_line(&mut ready).unwrap();
        let ready: Value = serde_json::from_str(&ready).unwrap();
        let address = ready["url"].as_str().unwrap().trim_start_matches("http://").to_owned();
        House { program, address }
    }

    /// A guest says nothing.
    fn guests(&self) -> Vec<TcpStream> {
        (0..GUESTS).map(|_| TcpStream::connect(&self.address).unwrap()).collect()
    }

    fn answers(&self) -> bool {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream.write_all(b"GET /nowhere HTTP/1.1\r\nHost: hq\r\nConnection: close\r\n\r\n").unwrap();
        let mut said = String::new();
        stream.read_to_string(&mut said).is_ok() && said.starts_with("HTTP/1.1 404")
    }
}

impl Drop for House {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

#[test]
fn a_server_that_gets_no_more_connections_asks_again_in_its_own_time_and_serves_those_who_come_later() {
    let folder = tempfile::tempdir().unwrap();
    let mut house = House::open(folder.path(), "-n");
    let guests = house.guests();
    let log = BufReader::new(house.program.stderr.take().unwrap());
    let mut refusals = log.lines().map_while(Result::ok).filter(|line| line.contains(REFUSED));
    assert!(refusals.next().is_some());
    let first = Instant::now();
    assert!(refusals.nth(7).is_some());
    assert!(first.elapsed() > Duration::from_secs(1), "it asked again at once");
    drop(guests);
    // The log goes on being read: a full pipe would hold the program up.
    let reading = std::thread::spawn(move || refusals.count());
    assert!(house.answers());
    drop(house);
    assert!(reading.join().is_ok());
}

#[test]
fn a_server_raises_the_limit_that_a_system_starts_programs_with() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::open(folder.path(), "-S -n");
    let guests = house.guests();
    assert!(house.answers());
    drop(guests);
}
