//! The program itself on a shared database.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::database;

fn command(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_suanpan-hq"));
    command.args(arguments).arg("--data").arg(data).env("SUANPAN_LOG", "debug");
    command
}

/// What a command prints; the password is in nothing that it says.
fn said(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{errors}");
    assert!(!errors.contains("only-for-tests"), "{errors}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn init_code_token_read_and_serve_work_on_one_database() {
    let Some((cluster, name)) = database::new() else { return };
    let (url, folder) = (cluster.by_loopback(&name), tempfile::tempdir().unwrap());
    let on = |arguments: &[&str]| {
        let mut command = command(folder.path(), arguments);
        command.args(["--database", &url]);
        command
    };
    let made: Value = serde_json::from_str(&said(&mut on(&["init", "--demo", "--members", "20"]))).unwrap();
    assert_eq!(made["members"], 20);
    assert!(!folder.path().join("hq.db").exists());
    let mut server = on(&["serve", "--http"]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut ready = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut ready).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&ready).unwrap()["ready"], true);
    let code: Value =
        serde_json::from_str(&said(&mut on(&["code", "--store", "S001", "--till", "1"]))).unwrap();
    assert!(code["code"].as_str().unwrap().ends_with("-0000-0000"));
    assert!(said(&mut on(&["token"])).contains("token"));
    let mut by_variable = command(folder.path(), &["read", "/v1/read/trial-balance"]);
    assert!(said(by_variable.env("SUANPAN_DATABASE", &url)).contains("\"sums\""));
    server.kill().unwrap();
    server.wait().unwrap();
}

#[test]
fn a_database_of_another_machine_or_of_nobody_is_refused_without_its_password() {
    let folder = tempfile::tempdir().unwrap();
    for (url, why) in [
        ("postgres://hq:geheim@192.0.2.1/suanpan", "loopback"),
        ("postgres://hq:geheim@127.0.0.1:1/suanpan", "error connecting to server: Connection refused"),
        ("nonsense://hq:geheim@", "no postgres:// address"),
    ] {
        let output = command(folder.path(), &["token", "--database", url]).output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(3), "{errors}");
        assert!(!errors.contains("geheim") && errors.contains(why), "{errors}");
    }
}
