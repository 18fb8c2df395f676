//! Which file of the UI imports which other, by relative path or by an alias of its tsconfig.json.

use super::tree::Tree;

/// `(from, to)` for every import between two files of the UI.
pub fn arrows(tree: &Tree) -> Vec<(String, String)> {
    let mut arrows = Vec::new();
    for (path, text) in files(tree) {
        let targets = imports(text).into_iter().filter_map(|import| resolve(tree, path, import));
        arrows.extend(targets.map(|to| (path.to_string(), to)));
    }
    arrows
}

/// The files that import this package or a part of it.
pub fn importers_of<'a>(tree: &'a Tree, package: &str) -> Vec<&'a str> {
    let names = |text: &str| imports(text).iter().any(|import| import.starts_with(package));
    files(tree).filter(|(_, text)| names(text)).map(|(path, _)| path).collect()
}

fn files(tree: &Tree) -> impl Iterator<Item = (&str, &str)> {
    tree.below("ui/").filter(|(path, _)| path.ends_with(".ts") || path.ends_with(".vue"))
}

/// What stands in quotes after `from`, `import` or `import(`.
fn imports(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for quote in ['"', '\''] {
        let mut pieces = text.split(quote);
        let mut before = pieces.next().unwrap_or_default();
        for piece in pieces {
            let lead = before.trim_end();
            if ["from", "import", "import("].iter().any(|word| ends_with_word(lead, word))
                && !piece.contains('\n')
            {
                found.push(piece);
            }
            before = piece;
        }
    }
    found
}

fn ends_with_word(text: &str, word: &str) -> bool {
    let before = text.strip_suffix(word).map(|rest| rest.chars().next_back());
    before.is_some_and(|c| c.is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != '.'))
}

fn resolve(tree: &Tree, from: &str, import: &str) -> Option<String> {
    let wanted = if import.starts_with('.') {
        join(from.rsplit_once('/')?.0, import)
    } else {
        through_alias(tree, from, import)?
    };
    let ends = ["", ".ts", ".vue", "/index.ts", ".d.ts"];
    ends.iter().map(|end| format!("{wanted}{end}")).find(|path| tree.get(path).is_some())
}

/// `"@kit/*": ["../kit/*"]` in the tsconfig.json of the app that the file belongs to.
fn through_alias(tree: &Tree, from: &str, import: &str) -> Option<String> {
    let app = from.splitn(3, '/').take(2).collect::<Vec<_>>().join("/");
    let config: serde_json::Value = serde_json::from_str(tree.get(&format!("{app}/tsconfig.json"))?).ok()?;
    let aliases = config["compilerOptions"]["paths"].as_object()?;
    aliases.iter().find_map(|(alias, targets)| {
        let target = targets[0].as_str()?;
        let rest = match alias.strip_suffix('*') {
            Some(start) => import.strip_prefix(start)?,
            None => (import == alias).then_some("")?,
        };
        Some(join(&app, &target.replace('*', rest)))
    })
}

/// `ui/till/views` and `../stores/cart` make `ui/till/stores/cart`.
fn join(folder: &str, relative: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').collect();
    for part in relative.split('/') {
        match part {
            "." | "" => {}
            ".." => drop(parts.pop()),
            name => parts.push(name),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_of_importing_is_read() {
        let text = "import a from './a'\nexport * from \"./b\"\nconst c = () => import('./c')\nimport './d'\n\
                    const from = 'e'; text.from('f')";
        let mut found = imports(text);
        found.sort_unstable();
        assert_eq!(found, ["./a", "./b", "./c", "./d"]);
    }

    #[test]
    fn an_alias_leads_to_the_file_it_stands_for() {
        let config =
            r#"{"compilerOptions":{"paths":{"@kit/*":["../kit/*"],"@backend":["./backend/tauri.ts"]}}}"#;
        let tree = Tree::planted(&[
            ("ui/till/tsconfig.json", config),
            ("ui/till/App.vue", "import '@kit/format/money'\nimport '@backend'\nimport 'vue'"),
            ("ui/kit/format/money.ts", ""),
            ("ui/till/backend/tauri.ts", ""),
        ]);
        let to: Vec<_> = arrows(&tree).into_iter().map(|(_, to)| to).collect();
        assert_eq!(to, ["ui/kit/format/money.ts", "ui/till/backend/tauri.ts"]);
    }
}
