//! Programs beside the demo: nothing may outlive it.
#![cfg(unix)]

use std::process::Command;
use std::time::Duration;

use xtask::demo::processes::Process;
use xtask::wait;

const SOON: Duration = Duration::from_secs(10);

fn shell(script: &str) -> (Process, tempfile::TempDir) {
    let logs = tempfile::tempdir().unwrap();
    let process =
        Process::spawn("a shell", Command::new("sh").args(["-c", script]), &logs.path().join("log")).unwrap();
    (process, logs)
}

fn is_alive(id: &str) -> bool {
    Command::new("kill").args(["-0", id.trim()]).output().unwrap().status.success()
}

#[test]
fn a_conversation_goes_line_by_line() {
    let (mut process, _logs) = shell("echo ready; while read x; do echo \"got $x\"; done");
    assert_eq!(process.line_within(SOON).unwrap(), "ready");
    process.tell("one").unwrap();
    assert_eq!(process.line_within(SOON).unwrap(), "got one");
}

#[test]
fn silence_and_the_end_are_told_apart() {
    let (process, _logs) = shell("sleep 30");
    assert!(process.line_within(Duration::from_millis(50)).unwrap_err().to_string().contains("said nothing"));
    let (process, _logs) = shell("exit 3");
    assert!(process.line_within(SOON).unwrap_err().to_string().contains("ended"));
}

#[test]
fn what_a_program_started_ends_with_it() {
    let (process, _logs) = shell("sleep 300 & echo $!; wait");
    let grandchild = process.line_within(SOON).unwrap();
    assert!(is_alive(&grandchild));
    drop(process);
    wait::until("the grandchild is gone", SOON, || Ok((!is_alive(&grandchild)).then_some(()))).unwrap();
}

#[test]
fn a_program_that_is_asked_to_end_may_end_in_its_own_way() {
    let (process, _logs) = shell("trap 'echo bye; exit 0' TERM; echo ready; while :; do sleep 0.05; done");
    process.line_within(SOON).unwrap();
    assert!(process.stop().unwrap().success());
}
