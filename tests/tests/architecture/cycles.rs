//! R2: no two files import each other, over however many others.

use std::collections::{BTreeMap, BTreeSet};

use super::tree::Tree;
use super::{paths, scripts};

/// From each file to the files that it uses.
type Graph = BTreeMap<String, BTreeSet<String>>;

/// Circles between the Rust files of one crate.
pub fn check_rust(tree: &Tree) -> Vec<String> {
    let roots: BTreeSet<&str> = tree
        .paths()
        .filter_map(|path| path.strip_suffix("lib.rs").or_else(|| path.strip_suffix("main.rs")))
        .filter(|folder| folder.ends_with("/src/") || *folder == "tests/tests/")
        .collect();
    roots.into_iter().flat_map(|folder| circles(&rust_graph(tree, folder))).collect()
}

/// Circles between the TypeScript and Vue files, type imports included.
pub fn check_scripts(tree: &Tree) -> Vec<String> {
    let mut graph = Graph::new();
    for (from, to) in scripts::arrows(tree) {
        graph.entry(from).or_default().insert(to);
    }
    circles(&graph)
}

fn rust_graph(tree: &Tree, folder: &str) -> Graph {
    let mut graph = Graph::new();
    for arrow in paths::arrows(tree, folder) {
        graph.entry(arrow.from).or_default().insert(arrow.to);
    }
    graph
}

/// One line per arrow that closes a circle.
fn circles(graph: &Graph) -> Vec<String> {
    let (mut done, mut found) = (BTreeSet::new(), Vec::new());
    for file in graph.keys() {
        walk(graph, file, &mut Vec::new(), &mut done, &mut found);
    }
    found
}

fn walk<'a>(
    graph: &'a Graph,
    file: &'a str,
    way: &mut Vec<&'a str>,
    done: &mut BTreeSet<&'a str>,
    found: &mut Vec<String>,
) {
    if let Some(start) = way.iter().position(|earlier| *earlier == file) {
        found.push(format!("{} > {file}", way[start..].join(" > ")));
        return;
    }
    if done.contains(file) {
        return;
    }
    way.push(file);
    for next in graph.get(file).into_iter().flatten() {
        walk(graph, next, way, done, found);
    }
    way.pop();
    done.insert(file);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_circle_over_three_rust_files_is_found() {
        let tree = Tree::planted(&[
            ("x/src/lib.rs", "mod a; mod b; mod c;"),
            ("x/src/a.rs", "use crate::b::B;"),
            ("x/src/b.rs", "use crate::c::C;"),
            ("x/src/c.rs", "use crate::a::A;"),
        ]);
        assert_eq!(check_rust(&tree), ["x/src/a.rs > x/src/b.rs > x/src/c.rs > x/src/a.rs"]);
    }

    #[test]
    fn a_circle_closed_by_a_type_import_is_found() {
        let tree = Tree::planted(&[
            ("ui/till/stores/cart.ts", "import type { Member } from './member'"),
            ("ui/till/stores/member.ts", "import {\n  type Cart,\n} from './cart'"),
            ("ui/till/views/Pay.vue", "<script setup>\nimport { x } from '../stores/cart'\n</script>"),
        ]);
        assert_eq!(check_scripts(&tree).len(), 1);
    }
}
