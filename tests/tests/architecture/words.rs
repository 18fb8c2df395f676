//! R3, R4, R5: words that may stand in certain folders only.

use super::scan::{Language, find_word, line_at, mask, product_code};
use super::scripts;
use super::tree::Tree;

/// A crate of others and the only folders that may name it. Tests of the whole system may name any.
const PLACES: &[(&str, &[&str])] = &[
    ("rusqlite", &["ledger/src/store/", "sync/src/store/", "till/src/store/", "hq/src/store/"]),
    ("reqwest", &["sync/src/client/"]),
    ("axum", &["hq/"]),
    ("tauri", &["src-tauri/"]),
    ("tauri_build", &["src-tauri/build.rs"]),
    ("tokio_postgres", &["hq/src/store/postgres/"]),
];

/// What reads a clock, the environment, a random source or the disk.
const IMPURE: &[&str] = &[
    "SystemTime::now",
    "Instant::now",
    "Utc::now",
    "Local::now",
    "std::env",
    "env::var",
    "getrandom",
    "rand",
    "thread_rng",
    "OsRng",
    "now_v7",
    "new_v4",
    "std::fs",
    "std::net",
    "std::thread",
];
/// Folders that only decide, and what lies in them but is an edge.
const PURE: &[(&str, &[&str])] = &[
    ("ledger/src/", &["ledger/src/store/", "ledger/src/store.rs"]),
    ("sync/src/", &["sync/src/store/", "sync/src/store.rs", "sync/src/client/", "sync/src/client.rs"]),
    ("hq/src/decide", &[]),
];

/// Where every number is an integer.
const INTEGER_ONLY: &[&str] = &["ledger/", "sync/src/protocol/", "sync/src/protocol.rs"];

/// R3: a crate named outside its folders; `@tauri-apps` in more than one file.
pub fn check_places(tree: &Tree) -> Vec<String> {
    let mut violations = Vec::new();
    for (path, text) in tree.ending(".rs").filter(|(path, _)| !is_test(path)) {
        let code = product_code(text);
        for (word, folders) in PLACES {
            // A module and its folder are one place: `store.rs` is the head of `store/`.
            let is_home = |home: &&&str| {
                path.starts_with(**home) || path == format!("{}.rs", home.trim_end_matches('/'))
            };
            if folders.iter().any(|home| is_home(&home)) {
                continue;
            }
            violations.extend(found(path, &code, word));
        }
    }
    let doors = scripts::importers_of(tree, "@tauri-apps");
    if doors.len() > 1 {
        violations.push(format!("@tauri-apps is imported in {}; one door only", doors.join(", ")));
    }
    violations
}

/// R4: deciding that reads something which is not its input.
pub fn check_purity(tree: &Tree) -> Vec<String> {
    let mut violations = Vec::new();
    for (folder, edges) in PURE {
        let inside = tree.below(folder).filter(|(path, _)| path.ends_with(".rs") && !is_test(path));
        for (path, text) in inside.filter(|(path, _)| !edges.iter().any(|edge| path.starts_with(edge))) {
            let code = product_code(text);
            violations.extend(IMPURE.iter().flat_map(|word| found(path, &code, word)));
        }
    }
    violations
}

/// R5: a floating-point type where money or the wire is, tests included.
pub fn check_floats(tree: &Tree) -> Vec<String> {
    let inside =
        tree.ending(".rs").filter(|(path, _)| INTEGER_ONLY.iter().any(|place| path.starts_with(place)));
    inside
        .flat_map(|(path, text)| {
            let code = mask(text, Language::Rust);
            ["f32", "f64"].into_iter().flat_map(|word| found(path, &code, word)).collect::<Vec<_>>()
        })
        .collect()
}

fn found(path: &str, code: &str, word: &str) -> Vec<String> {
    find_word(code, word)
        .map(|at| format!("{path}:{}: {word} does not belong here", line_at(code, at)))
        .collect()
}

fn is_test(path: &str) -> bool {
    path.starts_with("tests/") || path.contains("/tests/") || path.ends_with("/tests.rs")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_outside_a_store_is_found_and_inside_is_not() {
        let text = "use rusqlite::Connection;\n";
        let tree = Tree::planted(&[("till/src/command/pay.rs", text), ("ledger/src/store/open.rs", text)]);
        assert_eq!(check_places(&tree), ["till/src/command/pay.rs:1: rusqlite does not belong here"]);
    }

    #[test]
    fn a_second_door_to_the_window_is_found() {
        let text = "import { invoke } from '@tauri-apps/api/core'\n";
        let one = [("ui/till/src/backend/window.ts", text)];
        assert!(check_places(&Tree::planted(&one)).is_empty());
        let two = [
            one[0],
            ("ui/till/src/views/Pay.vue", "<script setup>\nimport x from '@tauri-apps/api'\n</script>"),
        ];
        assert_eq!(check_places(&Tree::planted(&two)).len(), 1);
    }

    #[test]
    fn a_clock_in_the_core_is_found_and_in_its_tests_is_not() {
        let now = "fn f() { let t = std::time::SystemTime::now(); }";
        let tree = Tree::planted(&[
            ("ledger/src/sale.rs", now),
            ("ledger/src/store/open.rs", now),
            ("sync/src/engine/mod.rs", &format!("#[cfg(test)]\nmod tests {{ {now} }}")),
            ("hq/src/decide/coupon.rs", "fn f() { std::env::var(\"X\"); }"),
        ]);
        let violations = check_purity(&tree);
        assert!(
            violations.iter().all(|line| line.contains("sale.rs") || line.contains("coupon.rs")),
            "{violations:?}"
        );
        assert_eq!(violations.len(), 3, "SystemTime::now; std::env and env::var: {violations:?}");
    }

    #[test]
    fn a_float_near_money_is_found_but_not_in_a_comment() {
        let tree = Tree::planted(&[
            ("ledger/src/money.rs", "// never f64\nfn tax(rate: f64) {}"),
            ("sync/src/protocol/push.rs", "struct P { x: f32 }"),
            ("hardware/src/receipt/render.rs", "fn scale(x: f32) {}"),
        ]);
        let violations = check_floats(&tree);
        assert_eq!(
            violations,
            [
                "ledger/src/money.rs:2: f64 does not belong here",
                "sync/src/protocol/push.rs:1: f32 does not belong here"
            ]
        );
    }
}
