//! R6: a name that says nothing collects what belongs nowhere.

use super::tree::Tree;

const SAY_NOTHING: &[&str] =
    &["util", "utils", "common", "helper", "helpers", "misc", "manager", "managers", "stuff"];

/// Every file or folder with such a name.
pub fn check(tree: &Tree) -> Vec<String> {
    let bad = tree.paths().filter(|path| path.split('/').any(says_nothing));
    bad.map(|path| format!("{path}: name it for the trade")).collect()
}

fn says_nothing(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or(part).to_lowercase();
    SAY_NOTHING.contains(&stem.as_str()) || stem.ends_with("manager") || stem.ends_with("helpers")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_folders_named_for_nothing_are_found() {
        let tree = Tree::planted(&[
            ("till/src/utils.rs", ""),
            ("ui/kit/common/price.ts", ""),
            ("ui/till/src/CartManager.vue", ""),
            ("till/src/command/cart.rs", ""),
        ]);
        assert_eq!(check(&tree).len(), 3);
    }
}
