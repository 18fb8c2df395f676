//! The rules of docs/ARCHITECTURE.md, read from the tree as it is. Each rule's file also holds a test
//! that plants a violation and sees it found.

mod arrows;
mod commands;
mod cycles;
mod lengths;
mod names;
mod order;
mod paths;
mod scan;
mod scripts;
mod tree;
mod words;

use tree::Tree;

#[track_caller]
fn holds(rule: &str, violations: Vec<String>) {
    assert!(violations.is_empty(), "{rule}:\n  {}", violations.join("\n  "));
}

#[test]
fn crates_depend_only_downwards() {
    holds("R1", arrows::check(&Tree::of_the_project()));
}

#[test]
fn a_module_of_the_ledger_uses_only_those_above_it() {
    holds("R2", order::check(&Tree::of_the_project()));
}

#[test]
fn no_two_rust_files_import_each_other() {
    holds("R2", cycles::check_rust(&Tree::of_the_project()));
}

#[test]
fn no_two_files_of_the_ui_import_each_other() {
    holds("R2", cycles::check_scripts(&Tree::of_the_project()));
}

#[test]
fn words_of_the_outside_stay_in_their_folders() {
    holds("R3", words::check_places(&Tree::of_the_project()));
}

#[test]
fn deciding_reads_no_clock_no_environment_and_no_dice() {
    holds("R4", words::check_purity(&Tree::of_the_project()));
}

#[test]
fn money_and_the_wire_know_no_floating_point() {
    holds("R5", words::check_floats(&Tree::of_the_project()));
}

#[test]
fn no_file_is_named_for_nothing() {
    holds("R6", names::check(&Tree::of_the_project()));
}

#[test]
fn what_is_too_long_only_gets_shorter() {
    let tree = Tree::of_the_project();
    holds("R7", lengths::check(&tree, &lengths::Ratchet::of_the_project()));
}

#[test]
fn the_window_answers_exactly_the_commands_that_the_ui_sends() {
    holds("R8", commands::check(&Tree::of_the_project()));
}
