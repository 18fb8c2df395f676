//! Every kind of event and every message as it was shipped: read for ever, nothing of it lost.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use ledger::event::Event;
use ledger::fact::Fact;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sync::protocol::{enrol, entry, export, hello, pack, problem, pull, push, snapshot};

fn folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../fixtures/protocol").join(name)
}

/// Name without its ending, and text.
fn files(name: &str) -> Vec<(String, String)> {
    let entries = fs::read_dir(folder(name)).expect("the golden files are part of the tree");
    let mut files: Vec<(String, String)> = entries
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let stem = path.file_stem().expect("a name").to_string_lossy().into_owned();
            (stem, fs::read_to_string(&path).expect("a text").trim().to_owned())
        })
        .collect();
    files.sort();
    files
}

/// What the line says, read by this build and said again.
fn again<T: DeserializeOwned + Serialize>(text: &str) -> Value {
    let read: T = serde_json::from_str(text).unwrap_or_else(|e| panic!("{e}: {text}"));
    serde_json::to_value(read).expect("it was JSON")
}

fn said(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|e| panic!("{e}: {text}"))
}

#[test]
fn every_event_ever_shipped_is_read_whole() {
    for (name, line) in files("events") {
        let kind = name.rsplit_once('-').expect("kind and version").0.to_owned();
        let event = Event::parse(&line).unwrap_or_else(|e| panic!("{e}: {line}"));
        assert_eq!(said(&event.seal().line), said(&line), "{name}");
        assert_eq!(event.fact.kind(), kind, "{name}");
        let legs = event.fact.legs();
        assert!(kind == "recovered" || legs == event.head.legs, "{name}: {legs:?}");
    }
}

#[test]
fn every_kind_of_event_has_a_golden_file() {
    let shipped: BTreeSet<String> = files("events").into_iter().map(|(name, _)| name).collect();
    for kind in Fact::KINDS {
        assert!(shipped.contains(&format!("{kind}-1")), "no fixtures/protocol/events/{kind}-1.json");
    }
}

macro_rules! messages {
    ($($name:literal: $type:ty,)*) => {
        const MESSAGES: &[(&str, fn(&str) -> Value)] = &[$(($name, again::<$type>)),*];
    };
}

messages! {
    "branch_answer": hello::BranchAnswer,
    "branch_request": hello::BranchRequest,
    "enrol_answer": enrol::EnrolAnswer,
    "enrol_request": enrol::EnrolRequest,
    "entry": entry::Entry,
    "entry_enter": entry::Entry,
    "entry_persons": entry::Entry,
    "export_head": export::ExportHead,
    "frame": pull::Frame,
    "frame_left_out": pull::Frame,
    "frame_persons": pull::Frame,
    "hashes_answer": hello::HashesAnswer,
    "hashes_request": hello::HashesRequest,
    "heads": pull::Heads,
    "hello": hello::Hello,
    "pack": pack::Pack,
    "problem": problem::Problem,
    "pull_head": pull::PullHead,
    "pull_request": pull::PullRequest,
    "push_ack": push::PushAck,
    "push_head": push::PushHead,
    "snapshot_head": snapshot::SnapshotHead,
    "verdicts_answer": push::VerdictsAnswer,
    "verdicts_request": push::VerdictsRequest,
    "welcome": hello::Welcome,
}

#[test]
fn every_message_is_read_whole_and_has_a_golden_file() {
    let shipped = files("messages");
    let names: Vec<&str> = shipped.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, MESSAGES.iter().map(|(name, _)| *name).collect::<Vec<_>>());
    for ((name, text), (_, read)) in shipped.iter().zip(MESSAGES) {
        assert_eq!(read(text), said(text), "{name}");
    }
}

#[test]
fn a_frame_tells_who_the_members_of_its_entries_are_and_nobody_else() {
    let shipped = files("messages");
    let text = |name: &str| &shipped.iter().find(|(found, _)| found == name).expect("it was shipped").1;
    let told: pull::Frame = serde_json::from_str(text("frame_persons")).expect("a frame");
    let entry: entry::Entry = serde_json::from_str(text("entry_persons")).expect("an entry");
    let committed: Vec<_> = entry.persons.values().copied().collect();
    assert_eq!(told.persons.iter().map(entry::Person::commitment).collect::<Vec<_>>(), committed);
}
