//! The real binary over its stdin and stdout, as a script or a kiosk uses it.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;

use serde_json::{Value, json};
use till::clock::SetClock;

use crate::shop::{MILK, morning, start, stock};
use crate::wire::Wire;

struct Headless {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: BufReader<ChildStdout>,
}

fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_suanpan-till"));
    command.arg("--data").arg(folder.join("data")).arg("--key-file").arg(folder.join("till.key"));
    command.args(["--printer", &format!("virtual:?dir={}", folder.join("receipts").display())]);
    command
}

impl Headless {
    fn start(folder: &Path) -> Self {
        let mut child = command(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let stdin = child.stdin.take();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        Headless { child, stdin, stdout }
    }

    fn say(&mut self, line: &str) {
        writeln!(self.stdin.as_mut().unwrap(), "{line}").unwrap();
    }

    fn hear(&mut self) -> Value {
        let mut line = String::new();
        self.stdout.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|e| panic!("{line:?}: {e}"))
    }

    fn ask(&mut self, id: u32, cmd: &str, args: Value) -> Value {
        self.say(&json!({"id": id, "cmd": cmd, "args": args}).to_string());
        let answer = self.hear();
        assert_eq!(answer["id"], id, "{answer}");
        answer
    }
}

/// A stocked, enrolled till in a folder that the binary then opens.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let till = start(folder.path(), &Arc::new(SetClock::at(morning())), &Wire::default());
    stock(&till.desk().ledger);
    till.stop();
    folder
}

#[test]
fn a_script_signs_in_sells_and_reads_one_answer_per_line_in_order() {
    let folder = folder();
    let mut till = Headless::start(folder.path());
    let ready = till.hear();
    assert_eq!((&ready["event"], &ready["terminal"]), (&json!("ready"), &json!(1)));
    assert!(ready["sqlite"].as_str().unwrap().starts_with("3."), "{ready}");
    till.say("this is no request");
    let malformed = till.hear();
    assert_eq!((&malformed["id"], &malformed["ok"]), (&Value::Null, &json!(false)));
    assert_eq!(malformed["error"]["code"], "malformed");
    assert_eq!(till.ask(1, "cart.scan", json!({"text": MILK}))["error"]["code"], "not_signed_in");
    assert_eq!(till.ask(2, "staff.sign_in", json!({"pin": "1234"}))["data"]["name"], "李静");
    assert_eq!(till.ask(3, "shift.open", json!({"float_fen": 20000}))["ok"], true);
    // Several at once: answered in order.
    for id in 4..7 {
        till.say(&json!({"id": id, "cmd": "cart.scan", "args": {"text": MILK}}).to_string());
    }
    for id in 4..7 {
        let answer = till.hear();
        assert_eq!((&answer["id"], &answer["data"]["kind"]), (&json!(id), &json!("goods")));
    }
    let paid = till.ask(7, "pay", json!({"request_id": "r1"}));
    assert_eq!((&paid["ok"], &paid["data"]["total_fen"]), (&json!(true), &json!(3 * 6290)));
    assert_eq!(till.ask(8, "pay", json!({"request_id": "r1"}))["data"], paid["data"]);
    let status = till.ask(9, "sync.status", json!({}));
    assert_eq!((&status["data"]["online"], &status["data"]["unreceived"]), (&json!(false), &json!(2)));
    assert_eq!(till.ask(10, "no.such", json!({}))["error"]["code"], "unknown_command");
    assert!(till.ask(11, "commands", json!({}))["data"]["commands"]["pay"].is_object());
    till.stdin = None;
    assert!(till.child.wait().unwrap().success(), "the end of input ends it with 0");
}

#[test]
fn events_come_after_they_are_asked_for() {
    let folder = folder();
    let mut till = Headless::start(folder.path());
    till.hear();
    till.ask(1, "staff.sign_in", json!({"pin": "1234"}));
    till.ask(2, "events.subscribe", json!({}));
    till.say(&json!({"id": 3, "cmd": "shift.open", "args": {"float_fen": 0}}).to_string());
    let (mut screen, mut answered) = (false, false);
    while !(screen && answered) {
        let line = till.hear();
        screen |= line["event"] == "screen" && line["data"]["phase"] == "selling";
        answered |= line["id"] == 3;
    }
}

#[cfg(unix)]
#[test]
fn sigterm_ends_it_cleanly_with_0() {
    let folder = folder();
    let mut till = Headless::start(folder.path());
    till.hear();
    let killed = Command::new("kill").arg("-TERM").arg(till.child.id().to_string()).status().unwrap();
    assert!(killed.success());
    assert_eq!(till.child.wait().unwrap().code(), Some(0));
}

#[test]
fn wrong_usage_ends_with_2_and_a_refused_start_with_3_and_one_sentence() {
    let folder = folder();
    let usage = Command::new(env!("CARGO_BIN_EXE_suanpan-till")).arg("--nonsense").output().unwrap();
    assert_eq!(usage.status.code(), Some(2));
    let mut first = Headless::start(folder.path());
    first.hear();
    let second = command(folder.path()).env("RUST_LOG", "off").output().unwrap();
    assert_eq!((second.status.code(), second.stdout.len()), (Some(3), 0));
    let said = String::from_utf8(second.stderr).unwrap();
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.contains("另一个收银程序"), "{said}");
    let version = Command::new(env!("CARGO_BIN_EXE_suanpan-till")).arg("--version").output().unwrap();
    assert!(version.status.success());
    first.stdin = None;
    assert!(first.child.wait().unwrap().success());
}
