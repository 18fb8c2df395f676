//! No class of conflict is left out: each has a story, a place in the rules' table that exists, and a line
//! in PROTOCOL.

use std::collections::BTreeSet;
use std::path::Path;

use sync::decide::table::{ALL, CLASSES};

use crate::shelf;

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn catalogue() -> Vec<String> {
    (1..=36).map(|n| format!("C{n}")).collect()
}

#[test]
fn every_class_has_a_story_whose_file_is_named_after_it() {
    let mut told = BTreeSet::new();
    for (name, story) in shelf::all() {
        let number: u32 = story.class.trim_start_matches('C').parse().expect("a class is C and a number");
        assert!(name.starts_with(&format!("C{number:02}_")), "{name} tells {}", story.class);
        assert!(story.story.chars().count() > 40, "{name}: say what happens");
        told.insert(story.class);
    }
    let silent: Vec<_> = catalogue().into_iter().filter(|class| !told.contains(class)).collect();
    assert!(silent.is_empty(), "no story tells {silent:?}");
}

#[test]
fn every_class_has_a_row_that_names_a_file_of_ours() {
    let rows: Vec<&str> = CLASSES.iter().map(|row| row.class).collect();
    assert_eq!(rows, catalogue());
    for row in CLASSES {
        assert!(root().join(row.place).is_file(), "{}: no file {}", row.class, row.place);
    }
    for rule in ALL {
        let strange: Vec<_> = rule.classes.iter().filter(|class| !rows.contains(class)).collect();
        assert!(strange.is_empty(), "{} answers {strange:?}", rule.code);
    }
}

#[test]
fn every_class_has_a_line_in_protocol() {
    let page = std::fs::read_to_string(root().join("docs/PROTOCOL.md")).unwrap();
    let missing: Vec<_> =
        catalogue().into_iter().filter(|class| !page.contains(&format!("\n| {class} |"))).collect();
    assert!(missing.is_empty(), "docs/PROTOCOL.md has no line for {missing:?}");
}
