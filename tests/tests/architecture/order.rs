//! R2: the modules of the ledger's core stand in one order; each uses only those above it.

use super::paths::{self, Arrow};
use super::tree::Tree;

/// From what knows nothing to what knows most. A module that is not here yet is not built yet.
const ORDER: &[&str] = &[
    "planted",
    "text",
    "time",
    "id",
    "money",
    "points",
    "quantity",
    "catalogue",
    "member",
    "existence",
    "profile",
    "tier",
    "programme",
    "coupon",
    "promotion",
    "stored_value",
    "quota",
    "pricing",
    "offer",
    "cart",
    "tender",
    "posting",
    "grant",
    "sale",
    "given_back",
    "refund",
    "top_up",
    "shift",
    "balance",
    "receipt",
    "fact",
    "event",
    "error",
];
const FOLDER: &str = "ledger/src/";
/// Where the core is kept on disk; above all of it.
const STORE: &str = "store";

/// Every module without a place, and every use of one below.
pub fn check(tree: &Tree) -> Vec<String> {
    let core = tree.below(FOLDER).map(|(path, _)| path).filter(|path| path.ends_with(".rs"));
    let strangers = core
        .filter(|path| rank(path).is_none())
        .map(|path| format!("{path}: give the module a place in architecture/order.rs"));
    let arrows = paths::arrows(tree, FOLDER);
    strangers.chain(arrows.iter().filter(|arrow| points_down(arrow)).map(sentence)).collect()
}

fn points_down(arrow: &Arrow) -> bool {
    module_of(&arrow.from) != module_of(&arrow.to) && rank(&arrow.to) > rank(&arrow.from)
}

fn sentence(arrow: &Arrow) -> String {
    let (from, to) = (module_of(&arrow.from), module_of(&arrow.to));
    format!("{}:{}: {from} may not use {to}, which stands below it", arrow.from, arrow.line)
}

fn rank(path: &str) -> Option<usize> {
    match module_of(path) {
        "lib" => Some(ORDER.len() + 1),
        STORE => Some(ORDER.len()),
        module => ORDER.iter().position(|known| *known == module),
    }
}

fn module_of(path: &str) -> &str {
    let inside = path.strip_prefix(FOLDER).unwrap_or(path);
    inside.split('/').next().unwrap_or(inside).trim_end_matches(".rs")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_that_uses_one_below_it_is_found() {
        let tree = Tree::planted(&[
            ("ledger/src/lib.rs", "pub mod money; pub mod sale; pub mod store;"),
            ("ledger/src/money.rs", "use crate::sale::Sale;"),
            ("ledger/src/sale.rs", "use crate::money::Fen;\nfn f() { crate::store::write() }"),
            ("ledger/src/store/mod.rs", "use crate::sale::Sale;"),
        ]);
        assert_eq!(
            check(&tree),
            [
                "ledger/src/money.rs:1: money may not use sale, which stands below it",
                "ledger/src/sale.rs:2: sale may not use store, which stands below it"
            ]
        );
    }

    #[test]
    fn a_module_without_a_place_is_found() {
        let tree = Tree::planted(&[("ledger/src/lib.rs", ""), ("ledger/src/gadget.rs", "")]);
        assert_eq!(check(&tree), ["ledger/src/gadget.rs: give the module a place in architecture/order.rs"]);
    }
}
