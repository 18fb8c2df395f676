//! R7: files of 400 lines, Vue files of 200, functions of 70. What is longer today is written down in
//! fixtures/ratchet.json and may only get shorter: when it does, the number there is lowered.

use std::collections::BTreeMap;

use super::scan::{Language, closing, find_word, mask};
use super::tree::{Tree, root};

const FILE_LINES_MAX: usize = 400;
const VUE_LINES_MAX: usize = 200;
const FUNCTION_LINES_MAX: usize = 70;

/// The longest of today, by path or by `path::function`, in lines.
pub struct Ratchet(BTreeMap<String, usize>);

impl Ratchet {
    /// The one that is kept with the project.
    pub fn of_the_project() -> Ratchet {
        let text =
            std::fs::read_to_string(root().join("fixtures/ratchet.json")).expect("the ratchet is kept");
        Ratchet(serde_json::from_str(&text).expect("the ratchet maps names to lines"))
    }
}

/// What is too long and not written down, what grew, and what shrank without the number being lowered.
pub fn check(tree: &Tree, ratchet: &Ratchet) -> Vec<String> {
    let too_long: BTreeMap<String, usize> = lengths(tree)
        .into_iter()
        .filter(|length| length.lines > length.lines_max)
        .map(|length| (length.name, length.lines))
        .collect();
    let mut violations = Vec::new();
    for (name, lines) in &too_long {
        match ratchet.0.get(name) {
            None => violations.push(format!("{name}: {lines} lines are too long")),
            Some(was) if lines > was => violations.push(format!("{name}: grew from {was} to {lines} lines")),
            Some(was) if lines < was => {
                violations.push(format!("{name}: write {lines} into fixtures/ratchet.json"))
            }
            Some(_) => {}
        }
    }
    let cured = ratchet.0.keys().filter(|name| !too_long.contains_key(*name));
    violations.extend(
        cured.map(|name| format!("{name}: no longer too long; take it out of fixtures/ratchet.json")),
    );
    violations
}

struct Length {
    name: String,
    lines: usize,
    lines_max: usize,
}

fn lengths(tree: &Tree) -> Vec<Length> {
    let kinds = [(".rs", FILE_LINES_MAX), (".ts", FILE_LINES_MAX), (".vue", VUE_LINES_MAX)];
    let mut all = Vec::new();
    for (kind, lines_max) in kinds {
        for (path, text) in tree.ending(kind) {
            all.push(Length { name: path.to_string(), lines: text.lines().count(), lines_max });
            let (language, word) =
                if kind == ".rs" { (Language::Rust, "fn") } else { (Language::Script, "function") };
            all.extend(functions(path, &mask(script_of(text, kind), language), word));
        }
    }
    all
}

/// The part of a Vue file that is code; other files are code throughout.
fn script_of<'a>(text: &'a str, kind: &str) -> &'a str {
    if kind != ".vue" {
        return text;
    }
    let inside = text.split_once("<script").and_then(|(_, rest)| rest.split_once("</script>"));
    inside.map_or("", |(script, _)| script)
}

fn functions(path: &str, code: &str, word: &str) -> Vec<Length> {
    let bytes = code.as_bytes();
    let starts = find_word(code, word).collect::<Vec<_>>();
    let measured = starts.into_iter().filter_map(|start| {
        let name: String = code[start + word.len()..]
            .trim_start()
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect();
        let body = body_of(bytes, start)?;
        let lines = code[start..closing(bytes, body)].lines().count();
        (!name.is_empty()).then(|| Length {
            name: format!("{path}::{name}"),
            lines,
            lines_max: FUNCTION_LINES_MAX,
        })
    });
    measured.collect()
}

/// Where the block of a function opens; a declaration without one ends with a semicolon.
fn body_of(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    while at < bytes.len() {
        match bytes[at] {
            b'{' => return Some(at),
            b';' => return None,
            b'(' | b'[' => at = closing(bytes, at),
            _ => at += 1,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn long_function(lines: usize) -> String {
        format!("fn short() {{}}\nfn long(a: [u8; 2]) {{\n{}}}\n", "    a();\n".repeat(lines - 2))
    }

    fn violations(text: &str, ratchet: &[(&str, usize)]) -> Vec<String> {
        let ratchet = Ratchet(ratchet.iter().map(|(name, lines)| ((*name).to_string(), *lines)).collect());
        check(&Tree::planted(&[("x/src/a.rs", text)]), &ratchet)
    }

    #[test]
    fn a_long_function_and_a_long_file_are_found() {
        assert!(violations(&long_function(70), &[]).is_empty());
        assert_eq!(violations(&long_function(71), &[]), ["x/src/a.rs::long: 71 lines are too long"]);
        assert_eq!(violations(&"\n".repeat(401), &[]), ["x/src/a.rs: 401 lines are too long"]);
        let vue = Tree::planted(&[("ui/till/views/Pay.vue", &"\n".repeat(201))]);
        assert_eq!(check(&vue, &Ratchet(BTreeMap::new())).len(), 1);
    }

    #[test]
    fn what_is_written_down_may_only_get_shorter() {
        let name = "x/src/a.rs::long";
        assert!(violations(&long_function(80), &[(name, 80)]).is_empty());
        assert_eq!(
            violations(&long_function(81), &[(name, 80)]),
            [format!("{name}: grew from 80 to 81 lines")]
        );
        assert_eq!(violations(&long_function(75), &[(name, 80)]).len(), 1, "the number has to follow");
        assert_eq!(violations(&long_function(60), &[(name, 80)]).len(), 1, "the entry has to go");
    }
}
