//! R8: what the window answers and what the UI may send are the same names.

use std::collections::BTreeSet;

use super::scan::{Language, closing, mask};
use super::tree::Tree;

const PORT: &str = "ui/till/backend/port.ts";
const WINDOW: &str = "src-tauri/src/";

/// Names on one side only. Nothing to compare while one side does not exist.
pub fn check(tree: &Tree) -> Vec<String> {
    let answered: BTreeSet<String> =
        tree.below(WINDOW).flat_map(|(_, text)| commands_of(&mask(text, Language::Rust))).collect();
    let sent = tree.get(PORT).map(names_of).unwrap_or_default();
    if answered.is_empty() || sent.is_empty() {
        return Vec::new();
    }
    let unheard = sent
        .difference(&answered)
        .map(|name| format!("{name}: {PORT} sends it, nothing in {WINDOW} answers"));
    let unsent =
        answered.difference(&sent).map(|name| format!("{name}: answered in {WINDOW}, absent from {PORT}"));
    unheard.chain(unsent).collect()
}

/// The functions under `#[tauri::command]`; `#[command]` alone is also an argument parser's mark.
fn commands_of(code: &str) -> Vec<String> {
    code.match_indices("#[tauri::command")
        .filter_map(|(at, _)| {
            let name = code[at..].split_once("fn ")?.1;
            name.split(|c: char| !c.is_alphanumeric() && c != '_').next().map(String::from)
        })
        .collect()
}

/// The keys of `interface Commands { name: {…}; }`.
fn names_of(text: &str) -> BTreeSet<String> {
    let code = mask(text, Language::Script);
    let Some(open) = code.find("interface Commands").and_then(|at| Some(at + code[at..].find('{')?)) else {
        return BTreeSet::new();
    };
    let inside = &code[open + 1..closing(code.as_bytes(), open) - 1];
    let (mut names, mut at) = (BTreeSet::new(), 0);
    while let Some(colon) = inside[at..].find(':') {
        names.insert(inside[at..at + colon].trim_matches([' ', '\n', ';', ',']).to_string());
        let value = at + colon;
        let brace = inside[value..].find('{').map_or(inside.len(), |brace| value + brace);
        at = closing(inside.as_bytes(), brace);
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    const UI: &str = "export interface Commands {\n  // what: { it: is }\n  pay: { args: Pay; answer: { a: number } };\n\
                      \n  cart_scan: { args: null; answer: null };\n}";

    #[test]
    fn a_command_on_one_side_only_is_found() {
        let rust = "#[tauri::command]\npub async fn pay() {}\n#[tauri::command(async)]\nfn day_close() {}";
        let tree = Tree::planted(&[(PORT, UI), ("src-tauri/src/commands.rs", rust)]);
        let violations = check(&tree);
        assert_eq!(violations.len(), 2, "{violations:?}");
        assert!(violations[0].starts_with("cart_scan:") && violations[1].starts_with("day_close:"));
    }

    #[test]
    fn the_same_names_on_both_sides_hold() {
        let rust = "#[command(version)]\nstruct Args;\nfn main() {}\n\
                    #[tauri::command]\nfn pay() {}\n#[tauri::command]\nfn cart_scan() {}";
        assert!(check(&Tree::planted(&[(PORT, UI), ("src-tauri/src/commands.rs", rust)])).is_empty());
    }
}
