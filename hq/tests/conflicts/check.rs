//! What must come of every story, wherever it is played.

use std::collections::BTreeMap;

use ledger::posting::Account;
use sync::decide::resolve::account;

use crate::database;
use crate::plain::Plain;
use crate::play::{Played, Stage, play};
use crate::server::Server;
use crate::shelf;
use crate::story::{CaseLine, Step, Story};
use crate::told;

/// Plays a story in plain maps twice and on every database, and compares everything.
fn check(name: &str, story: &Story) {
    let pure = play(story, &mut Plain::default());
    as_told(name, story, &pure);
    holds(name, &pure);
    assert_eq!(play(story, &mut Plain::default()).log, pure.log, "{name}: again, the same bytes");
    let folder = tempfile::tempdir().unwrap();
    for (database, opener) in database::all(folder.path()) {
        let mut server = Server::new(opener);
        same(&format!("{name} on {database}"), story, &pure, &play(story, &mut server));
    }
    if story.given.any_order {
        any_order(name, story);
    }
}

fn as_told(name: &str, story: &Story, played: &Played) {
    let cases = cases(played);
    let same = played.verdicts == story.verdicts && played.entries == story.entries && cases == story.cases;
    let found = serde_json::json!({"verdicts": played.verdicts, "entries": played.entries, "cases": cases});
    assert!(same, "{name} ends otherwise: {found:#}");
}

/// In the order of the events that opened them.
fn cases(played: &Played) -> Vec<CaseLine> {
    let mut lines: Vec<CaseLine> = played.cases.iter().map(|case| told::case(&played.cast, case)).collect();
    lines.sort_by_key(|line| (line.of.clone(), line.kind.clone()));
    lines
}

/// A real headquarters wrote the same lines, verdicts, cases and balances.
fn same(name: &str, story: &Story, pure: &Played, server: &Played) {
    as_told(name, story, server);
    holds(name, server);
    assert_eq!(server.log, pure.log, "{name}: the database's log is that of the pure rules");
    assert_eq!(without_zero(&server.balances), without_zero(&pure.balances), "{name}: balances");
}

fn without_zero(balances: &BTreeMap<(String, String), i64>) -> BTreeMap<(String, String), i64> {
    balances.iter().filter(|(_, sum)| **sum != 0).map(|(key, sum)| (key.clone(), *sum)).collect()
}

/// Every unit adds up to nothing, and the open cases explain the exception accounts one by one.
fn holds(name: &str, played: &Played) {
    let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
    for ((_, unit), balance) in &played.balances {
        *sums.entry(unit).or_default() += balance;
    }
    assert!(sums.values().all(|sum| *sum == 0), "{name}: {sums:?}");
    let mut open: BTreeMap<(String, String), i64> = BTreeMap::new();
    for case in played.cases.iter().filter(|case| case.answer.is_none() && case.amount != 0) {
        let Some(kind) = account(&case.kind) else { continue };
        let account = Account::Exception(kind, case.store.clone()).to_string();
        *open.entry((account, case.unit.to_string())).or_default() -= case.amount;
    }
    let exceptions = without_zero(&played.balances);
    let exceptions: BTreeMap<_, _> =
        exceptions.into_iter().filter(|((account, _), _)| account.starts_with("exception:")).collect();
    assert_eq!(exceptions, open, "{name}: exception accounts and open cases");
}

/// Tills keep everything and hand it over at the end, in every order of the tills; nobody answers.
fn any_order(name: &str, story: &Story) {
    let mut steps = story.events.clone();
    steps.retain(|step| step.what.is_recorded());
    steps.iter_mut().for_each(|step| step.frame.offline = true);
    let tills: Vec<String> = story.given.tills.keys().cloned().collect();
    let mut first = None;
    for order in orders(&tills) {
        let balances = late(story, &steps, &order);
        let expected = first.get_or_insert_with(|| balances.clone());
        assert_eq!(balances, *expected, "{name}: {order:?}");
    }
}

fn late(story: &Story, steps: &[Step], order: &[String]) -> BTreeMap<(String, String), i64> {
    let mut hq = Plain::default();
    let mut stage = Stage::set(story, &mut hq);
    for (n, step) in steps.iter().enumerate() {
        stage.step(n, step);
    }
    order.iter().for_each(|till| stage.send(till, false));
    let mut sums = BTreeMap::new();
    for ((account, unit), balance) in without_zero(&stage.end().balances) {
        *sums.entry((of_any_store(&account), unit)).or_insert(0) += balance;
    }
    sums
}

/// Which store bears it follows from the order; what it is does not.
fn of_any_store(account: &str) -> String {
    match account.strip_prefix("exception:").and_then(|rest| rest.split_once(':')) {
        Some((kind, _)) => format!("exception:{kind}"),
        None => account.to_owned(),
    }
}

fn orders(tills: &[String]) -> Vec<Vec<String>> {
    if tills.len() < 2 {
        return vec![tills.to_vec()];
    }
    let mut all = Vec::new();
    for (n, first) in tills.iter().enumerate() {
        let rest: Vec<String> =
            tills.iter().enumerate().filter(|(m, _)| *m != n).map(|(_, till)| till.clone()).collect();
        all.extend(orders(&rest).into_iter().map(|order| [vec![first.clone()], order].concat()));
    }
    all
}

/// All stories of a class.
fn tell(class: &str) {
    let stories = shelf::all().into_iter().filter(|(_, story)| story.class == class);
    for (name, story) in stories {
        check(&name, &story);
    }
}

macro_rules! classes {
    ($($test:ident $class:literal)*) => {$(
        #[test]
        fn $test() {
            tell($class);
        }
    )*};
}

classes! {
    the_stories_of_c1_end_as_they_are_told "C1"
    the_stories_of_c2_end_as_they_are_told "C2"
    the_stories_of_c3_end_as_they_are_told "C3"
    the_stories_of_c4_end_as_they_are_told "C4"
    the_stories_of_c5_end_as_they_are_told "C5"
    the_stories_of_c6_end_as_they_are_told "C6"
    the_stories_of_c7_end_as_they_are_told "C7"
    the_stories_of_c8_end_as_they_are_told "C8"
    the_stories_of_c9_end_as_they_are_told "C9"
    the_stories_of_c10_end_as_they_are_told "C10"
    the_stories_of_c11_end_as_they_are_told "C11"
    the_stories_of_c12_end_as_they_are_told "C12"
    the_stories_of_c13_end_as_they_are_told "C13"
    the_stories_of_c14_end_as_they_are_told "C14"
    the_stories_of_c15_end_as_they_are_told "C15"
    the_stories_of_c16_end_as_they_are_told "C16"
    the_stories_of_c17_end_as_they_are_told "C17"
    the_stories_of_c18_end_as_they_are_told "C18"
    the_stories_of_c19_end_as_they_are_told "C19"
    the_stories_of_c20_end_as_they_are_told "C20"
    the_stories_of_c21_end_as_they_are_told "C21"
    the_stories_of_c22_end_as_they_are_told "C22"
    the_stories_of_c23_end_as_they_are_told "C23"
    the_stories_of_c24_end_as_they_are_told "C24"
    the_stories_of_c25_end_as_they_are_told "C25"
    the_stories_of_c26_end_as_they_are_told "C26"
    the_stories_of_c27_end_as_they_are_told "C27"
    the_stories_of_c28_end_as_they_are_told "C28"
    the_stories_of_c29_end_as_they_are_told "C29"
    the_stories_of_c30_end_as_they_are_told "C30"
    the_stories_of_c31_end_as_they_are_told "C31"
    the_stories_of_c32_end_as_they_are_told "C32"
    the_stories_of_c33_end_as_they_are_told "C33"
    the_stories_of_c34_end_as_they_are_told "C34"
    the_stories_of_c35_end_as_they_are_told "C35"
    the_stories_of_c36_end_as_they_are_told "C36"
}
