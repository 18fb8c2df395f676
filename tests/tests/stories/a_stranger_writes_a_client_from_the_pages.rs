//! fixtures/client knows docs/PROTOCOL.md and nothing else; it talks to a real headquarters.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use suanpan_tests::hq::{Hq, Line};
use suanpan_tests::operator::Operator;

fn client(hq: &Hq, code: &str) -> Output {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/client/client.mjs");
    let mut node = Command::new("node");
    node.arg(program).arg(hq.url()).arg(code).output().expect("node is installed")
}

fn talks(line: Line) {
    let folder = tempfile::tempdir().expect("a folder");
    let hq = Hq::demo(folder.path(), line);
    let said = client(&hq, &hq.code(7));
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    let told: Value = serde_json::from_slice(&said.stdout).expect("one JSON line");
    assert_eq!((&told["verdict"], &told["code"]), (&"applied".into(), &"ok".into()), "{told}");
    let number = |name: &str| told[name].as_i64().unwrap_or_else(|| panic!("{name}: {told}"));
    assert_eq!(number("points_after"), number("points_before") + 49, "{told}");
    let operator = Operator::of(&hq, &hq.token());
    let member = operator.get(&format!("/v1/read/members/{}", told["member"].as_str().unwrap_or_default()));
    assert_eq!(member["points"], told["points_after"], "{member}");
}

#[test]
fn a_stranger_enrols_pushes_and_pulls_over_tls() {
    talks(Line::Tls);
}

#[test]
fn a_stranger_enrols_pushes_and_pulls_over_plain_loopback() {
    talks(Line::Plain);
}

#[test]
fn a_stranger_gives_no_code_to_a_headquarters_that_is_not_the_codes() {
    let folder = tempfile::tempdir().expect("a folder");
    let hq = Hq::demo(folder.path(), Line::Tls);
    let code = hq.code(7);
    let elsewhere = format!("{}0000-0000", &code[..code.len() - 9]);
    let said = client(&hq, &elsewhere);
    assert!(!said.status.success());
    assert_eq!(String::from_utf8_lossy(&said.stderr).trim(), "this is not the headquarters of the code");
    assert!(client(&hq, &code).status.success(), "the code was not given away and still works");
}
