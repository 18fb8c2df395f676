//! The twenty failures of a shop in docs/HARDWARE.md: each has its words in both languages, a test that is
//! there, and a picture that is taken and listed.
use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

const FAILURES: usize = 20;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// One row of the table: its cells, the names in each taken out of their backquotes.
struct Row {
    number: usize,
    words: Vec<String>,
    tests: Vec<String>,
    pictures: Vec<String>,
}

fn names(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

fn rows(page: &str) -> Vec<Row> {
    let section = page.split("## Twenty failures").nth(1).expect("the section is there");
    let section = section.split("\n## ").next().unwrap_or(section);
    let cells = |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
    let lines = section.lines().filter(|line| line.starts_with('|')).map(cells);
    lines.filter_map(|cells: Vec<String>| row(&cells)).collect()
}

fn row(cells: &[String]) -> Option<Row> {
    let [number, _, words, tests, pictures] = cells else { return None };
    let number = number.parse().ok()?;
    Some(Row { number, words: names(words), tests: names(tests), pictures: names(pictures) })
}

/// All text under some folders, file by file.
fn sources(folders: &[&str]) -> String {
    let mut text = String::new();
    let mut waiting: Vec<PathBuf> = folders.iter().map(|folder| root().join(folder)).collect();
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|end| end == "rs" || end == "ts") {
                text += &fs::read_to_string(path).unwrap();
            }
        }
    }
    text
}

/// The pictures of the walk and of the drawn states, by their names in the file system.
fn pictures() -> HashSet<String> {
    let quoted = |line: &str| line.split('"').nth(1).map(str::to_owned);
    let walk = read("xtask/src/demo/walk.rs");
    let steps = walk.lines().filter(|line| line.trim_start().starts_with("(\"")).filter_map(quoted);
    let slug = |name: String| name.to_lowercase().replace('\'', "").replace(' ', "-");
    let states = read("ui/till/scripts/shots.mjs");
    let drawn = states
        .lines()
        .filter_map(|line| line.trim().split_once(": ["))
        .map(|(name, _)| name.trim_matches('"'));
    steps.map(slug).chain(drawn.map(str::to_owned)).collect()
}

fn has_words(locale: &Value, key: &str) -> bool {
    key.split('.').try_fold(locale, |at, part| at.get(part)).is_some()
}

/// What is missing from the page.
fn missing(page: &str) -> Vec<String> {
    let rows = rows(page);
    let numbers: Vec<usize> = rows.iter().map(|row| row.number).collect();
    let mut missing = Vec::new();
    if numbers != (1..=FAILURES).collect::<Vec<_>>() {
        missing.push(format!("the rows are {numbers:?}"));
    }
    let code = sources(&["hardware/tests", "hardware/src", "till/tests", "tests/tests", "ui/till/tests"]);
    let locales = ["zh-CN", "en"].map(|language| {
        serde_json::from_str::<Value>(&read(&format!("ui/till/locales/{language}.json"))).unwrap()
    });
    let (taken, listed) = (pictures(), read("docs/SCREENS.md"));
    for row in &rows {
        let mut lacks = |what: String| missing.push(format!("failure {}: {what}", row.number));
        if row.words.is_empty() || row.tests.is_empty() || row.pictures.is_empty() {
            lacks("a cell is empty".to_owned());
        }
        row.words
            .iter()
            .filter(|key| !locales.iter().all(|locale| has_words(locale, key)))
            .for_each(|key| lacks(format!("no words {key}")));
        row.tests
            .iter()
            .filter(|name| !code.contains(&format!("fn {name}(")))
            .for_each(|name| lacks(format!("no test {name}")));
        row.pictures
            .iter()
            .filter(|name| !taken.contains(*name))
            .for_each(|name| lacks(format!("no picture {name}")));
        row.pictures
            .iter()
            .filter(|name| !listed.contains(name.as_str()))
            .for_each(|name| lacks(format!("SCREENS.md does not list {name}")));
    }
    missing
}

#[test]
fn each_of_the_twenty_failures_has_its_words_its_test_and_its_picture() {
    assert_eq!(missing(&read("docs/HARDWARE.md")), Vec::<String>::new());
}

#[test]
fn a_row_that_goes_and_a_test_that_is_renamed_are_noticed() {
    let page = read("docs/HARDWARE.md");
    let third = page.lines().find(|line| line.starts_with("| 3 |")).unwrap();
    assert!(!missing(&page.replace(third, "")).is_empty());
    let renamed =
        page.replace("`a_drawer_left_open_is_told_of_and_no_more_once_it_is_shut`", "`nobody_proved_this`");
    assert_eq!(missing(&renamed), ["failure 13: no test nobody_proved_this"]);
    let unseen = page.replace("`another-till-holds-the-printer`", "`a-picture-of-nobody`");
    assert_eq!(missing(&unseen).len(), 2, "neither taken nor listed");
}
