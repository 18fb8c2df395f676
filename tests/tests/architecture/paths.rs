//! Which Rust file of a crate uses which other, read from its paths; a re-export leads to where the item is.

use std::collections::BTreeMap;

use super::scan::{find_word, line_at, product_code};
use super::tree::Tree;

/// A way from module to module; re-exports that lead in circles end here.
const DEPTH_MAX: usize = 8;
const DEFINING: &[&str] =
    &["fn", "struct", "enum", "union", "trait", "type", "const", "static", "mod", "macro_rules!"];

/// File `from` uses something that file `to` of the same crate defines.
#[derive(Debug, PartialEq, Eq)]
pub struct Arrow {
    pub from: String,
    pub to: String,
    pub line: usize,
}

/// Every arrow within the crate whose sources lie in this folder, which ends with a slash.
pub fn arrows(tree: &Tree, folder: &str) -> Vec<Arrow> {
    let modules = Modules::read(tree, folder);
    modules.0.iter().flat_map(|(name, module)| modules.arrows_of(name, module)).collect()
}

type Name = Vec<String>;

struct Modules(BTreeMap<Name, Module>);

struct Module {
    file: String,
    code: String,
    paths: Vec<Path>,
}

/// `a::b::c`, as written; from a `use` it also gives a name to what it leads to.
struct Path {
    segments: Name,
    at: usize,
    gives: Option<String>,
    is_public: bool,
}

impl Modules {
    fn read(tree: &Tree, folder: &str) -> Modules {
        let has_lib = tree.get(&format!("{folder}lib.rs")).is_some();
        let files = tree.below(folder).filter(|(path, _)| path.ends_with(".rs"));
        let modules = files.filter_map(|(file, text)| {
            let name = module_name(&file[folder.len()..], has_lib)?;
            let code = product_code(text);
            let paths = Reader::new(&code).paths();
            Some((name, Module { file: file.to_string(), code, paths }))
        });
        Modules(modules.collect())
    }

    fn arrows_of(&self, name: &Name, module: &Module) -> Vec<Arrow> {
        let mut arrows = Vec::new();
        for path in module.paths.iter().filter(|path| !is_only_passed_on(path, module)) {
            for to in self.resolve(name, &path.segments, 0).into_iter().filter(|to| *to != module.file) {
                arrows.push(Arrow { from: module.file.clone(), to, line: line_at(&module.code, path.at) });
            }
        }
        arrows
    }

    /// The files that a path written in module `here` leads to; none when it leads out of the crate.
    fn resolve(&self, here: &[String], path: &[String], depth: usize) -> Vec<String> {
        let Some((first, mut rest)) = path.split_first() else { return Vec::new() };
        if depth > DEPTH_MAX {
            return Vec::new();
        }
        let mut at = match first.as_str() {
            "crate" => Vec::new(),
            "self" => here.to_vec(),
            "super" => parent(here),
            child if self.0.contains_key(&below(here, child)) => below(here, child),
            named => return self.follow_import(here, named, rest, depth),
        };
        while let Some((segment, after)) = rest.split_first() {
            if segment == "super" {
                at = parent(&at);
            } else if self.0.contains_key(&below(&at, segment)) {
                at = below(&at, segment);
            } else {
                return self.find_item(&at, segment, depth);
            }
            rest = after;
        }
        self.0.get(&at).map(|module| module.file.clone()).into_iter().collect()
    }

    fn follow_import(&self, here: &[String], name: &str, rest: &[String], depth: usize) -> Vec<String> {
        let Some(module) = self.0.get(here) else { return Vec::new() };
        let import = module.paths.iter().find(|path| path.gives.as_deref() == Some(name));
        let Some(import) = import.filter(|import| import.segments.first().is_some_and(|first| first != name))
        else {
            return Vec::new();
        };
        self.resolve(here, &[import.segments.as_slice(), rest].concat(), depth + 1)
    }

    /// Where module `at` has the item from: itself, a named re-export, or else all that it re-exports whole.
    fn find_item(&self, at: &[String], item: &str, depth: usize) -> Vec<String> {
        let Some(module) = self.0.get(at) else { return Vec::new() };
        let named = module.paths.iter().find(|path| path.gives.as_deref() == Some(item));
        if let Some(named) = named {
            return self.resolve(at, &named.segments, depth + 1);
        }
        let wholes = module.paths.iter().filter(|path| path.is_public && path.gives.as_deref() == Some("*"));
        let passed_on: Vec<_> =
            wholes.flat_map(|whole| self.resolve(at, &whole.segments, depth + 1)).collect();
        if defines(&module.code, item) || passed_on.is_empty() {
            vec![module.file.clone()]
        } else {
            passed_on
        }
    }
}

/// A public `use` only passes a name on, unless the module uses the name itself.
fn is_only_passed_on(path: &Path, module: &Module) -> bool {
    let Some(name) = path.gives.as_deref().filter(|_| path.is_public) else { return false };
    name == "*" || find_word(&module.code, name).count() < 2
}

fn defines(code: &str, item: &str) -> bool {
    find_word(code, item).any(|at| DEFINING.iter().any(|word| code[..at].trim_end().ends_with(word)))
}

/// `store/open.rs` is `["store", "open"]`; binaries beside a library are crates of their own.
fn module_name(file: &str, has_lib: bool) -> Option<Name> {
    let mut parts: Name = file.trim_end_matches(".rs").split('/').map(String::from).collect();
    match (parts.len(), parts.last().map(String::as_str)) {
        (1, Some("lib")) => return Some(Vec::new()),
        (1, Some("main")) => return (!has_lib).then(Vec::new),
        _ if parts[0] == "bin" => return None,
        (_, Some("mod")) => drop(parts.pop()),
        _ => {}
    }
    Some(parts)
}

fn parent(name: &[String]) -> Name {
    name[..name.len().saturating_sub(1)].to_vec()
}

fn below(name: &[String], child: &str) -> Name {
    [name, &[child.to_string()]].concat()
}

/// Reads the paths of a file from its tokens: words, `::`, and single signs.
struct Reader<'a> {
    tokens: Vec<(usize, &'a str)>,
}

impl<'a> Reader<'a> {
    fn new(code: &'a str) -> Reader<'a> {
        let (mut tokens, mut at) = (Vec::new(), 0);
        while let Some(c) = code[at..].chars().next() {
            let rest = &code[at..];
            let is_word = |c: char| c.is_alphanumeric() || c == '_';
            let length = match c {
                _ if rest.starts_with("r#") => 2,
                _ if is_word(c) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
                _ if rest.starts_with("::") => 2,
                _ => c.len_utf8(),
            };
            if !c.is_whitespace() && !rest.starts_with("r#") {
                tokens.push((at, &rest[..length]));
            }
            at += length;
        }
        Reader { tokens }
    }

    fn token(&self, at: usize) -> &'a str {
        self.tokens.get(at).map_or("", |(_, token)| token)
    }

    fn paths(&self) -> Vec<Path> {
        let (mut paths, mut at) = (Vec::new(), 0);
        while at < self.tokens.len() {
            let before = at.checked_sub(1).map_or("", |at| self.token(at));
            if self.token(at) == "use" {
                let first = paths.len();
                at = self.use_tree(at + 1, &[], &mut paths);
                let is_public = before == "pub" || before == ")";
                paths[first..].iter_mut().for_each(|path| path.is_public = is_public);
            } else if self.token(at + 1) == "::" && is_name(self.token(at)) && before != "::" && before != "."
            {
                at = self.plain_path(at, &mut paths);
            } else {
                at += 1;
            }
        }
        paths
    }

    /// `a::b::c` in an expression or a type; hands back where it ends.
    fn plain_path(&self, start: usize, paths: &mut Vec<Path>) -> usize {
        let (mut segments, mut at) = (vec![self.token(start).to_string()], start + 1);
        while self.token(at) == "::" && is_name(self.token(at + 1)) {
            segments.push(self.token(at + 1).to_string());
            at += 2;
        }
        paths.push(Path { segments, at: self.tokens[start].0, gives: None, is_public: false });
        at
    }

    /// One branch of a `use`, with the branches below it; hands back where it ends.
    fn use_tree(&self, start: usize, prefix: &[String], paths: &mut Vec<Path>) -> usize {
        let (mut segments, mut at) = (prefix.to_vec(), start);
        loop {
            match self.token(at) {
                "::" => at += 1,
                "{" => {
                    at += 1;
                    while !matches!(self.token(at), "}" | "") {
                        at = self.use_tree(at, &segments, paths);
                        at += usize::from(self.token(at) == ",");
                    }
                    return at + 1;
                }
                "*" => {
                    self.push_use(start, segments, Some("*"), paths);
                    return at + 1;
                }
                "as" => {
                    self.push_use(start, segments, Some(self.token(at + 1)), paths);
                    return at + 2;
                }
                word if is_name(word) => {
                    // `a::{self}` names `a`.
                    if word != "self" || segments.is_empty() {
                        segments.push(word.to_string());
                    }
                    at += 1;
                }
                _ => {
                    self.push_use(start, segments, None, paths);
                    return at.max(start + 1);
                }
            }
        }
    }

    fn push_use(&self, start: usize, segments: Name, gives: Option<&str>, paths: &mut Vec<Path>) {
        let gives = gives.map(String::from).or_else(|| segments.last().cloned());
        paths.push(Path { segments, at: self.tokens[start].0, gives, is_public: false });
    }
}

fn is_name(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_') && token != "use"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrows_between(files: &[(&str, &str)]) -> Vec<String> {
        let mut found: Vec<_> = arrows(&Tree::planted(files), "x/src/")
            .into_iter()
            .map(|arrow| format!("{} > {}", &arrow.from[6..], &arrow.to[6..]))
            .collect();
        found.sort();
        found.dedup();
        found
    }

    #[test]
    fn nested_uses_and_plain_paths_are_arrows() {
        let found = arrows_between(&[
            ("x/src/lib.rs", "mod a; mod b; mod c;"),
            ("x/src/a.rs", "use crate::{b::B, c::{self, C}};"),
            ("x/src/b.rs", "fn f() { super::c::g::<u8>() }"),
            ("x/src/c.rs", "use std::fmt;"),
        ]);
        assert_eq!(found, ["a.rs > b.rs", "a.rs > c.rs", "b.rs > c.rs"]);
    }

    #[test]
    fn a_re_export_leads_to_where_the_item_is() {
        let found = arrows_between(&[
            ("x/src/lib.rs", ""),
            ("x/src/a.rs", "use crate::store::{Db, Row};"),
            ("x/src/store/mod.rs", "mod open; mod row; pub use open::Db; pub use row::*;"),
            ("x/src/store/open.rs", "pub struct Db;"),
            ("x/src/store/row.rs", "pub struct Row;"),
        ]);
        assert_eq!(found, ["a.rs > store/open.rs", "a.rs > store/row.rs"]);
    }

    #[test]
    fn a_parent_that_calls_its_child_is_an_arrow() {
        let found = arrows_between(&[
            ("x/src/lib.rs", ""),
            ("x/src/sync/mod.rs", "mod step; pub struct S; fn run() { step::go() }"),
            ("x/src/sync/step.rs", "use super::S; #[cfg(test)] mod tests { use crate::other; }"),
            ("x/src/other.rs", ""),
        ]);
        assert_eq!(found, ["sync/mod.rs > sync/step.rs", "sync/step.rs > sync/mod.rs"]);
    }
}
