//! What keeps a spread-out database possible, read from a live catalogue and from the text of every query.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use hq::store::tables::TABLES;

use crate::database;
use crate::postgres::Cluster;

/// Tables that grow with people and shops, not with sales: their keys may begin with anything.
const SMALL: &[&str] =
    &["meta", "store", "staff", "item", "enrol_code", "operator", "operator_token", "schema_version"];
/// What a key of any other table begins with.
const LEADS: &[&str] = &["shard", "pshard", "terminal"];
/// `shard.id` is a shard and `terminal.id` is a terminal.
const IS_ONE: &[(&str, &str)] = &[("shard", "id"), ("terminal", "id")];
/// Words of one server that others do not have, or have otherwise.
const FORBIDDEN: &[&str] = &[
    "serial",
    "bigserial",
    "smallserial",
    "sequence",
    "nextval",
    "identity",
    "listen",
    "notify",
    "pg_advisory_lock",
    "pg_advisory_xact_lock",
    "pg_try_advisory_lock",
    "trigger",
    "references",
    "foreign",
    "exclude",
    "unique",
    "now",
    "current_timestamp",
    "clock_timestamp",
    "ctid",
    "xmin",
    "lock table",
];

fn opened() -> Option<(&'static Cluster, String)> {
    let (cluster, name) = database::new()?;
    database::connect(cluster, &name);
    Some((cluster, name))
}

/// Rows of a catalogue query, by column.
fn ask(cluster: &Cluster, name: &str, sql: &str) -> Vec<Vec<String>> {
    let said = cluster.ask(name, sql);
    let rows = said.lines().filter(|line| !line.is_empty());
    rows.map(|line| line.split('|').map(str::to_owned).collect()).collect()
}

#[test]
fn every_key_of_a_growing_table_begins_with_its_shard_or_its_terminal() {
    let Some((cluster, name)) = opened() else { return };
    let keys = ask(
        cluster,
        &name,
        "SELECT t.relname, a.attname, i.indisprimary
         FROM pg_index i
         JOIN pg_class t ON t.oid = i.indrelid
         JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0]
         WHERE i.indisunique AND t.relnamespace = 'public'::regnamespace",
    );
    let mut with_key = BTreeSet::new();
    for key in &keys {
        let (table, first) = (key[0].as_str(), key[1].as_str());
        assert_eq!(key[2], "t", "{table} has a unique index beside its key");
        let leads = LEADS.contains(&first) || IS_ONE.contains(&(table, first));
        assert!(leads || SMALL.contains(&table), "the key of {table} begins with {first}");
        with_key.insert(table.to_owned());
    }
    let tables = ask(
        cluster,
        &name,
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace",
    );
    let tables: BTreeSet<String> = tables.into_iter().map(|row| row[0].clone()).collect();
    assert_eq!(with_key, tables, "every table has a key");
    let ours = TABLES.iter().map(|table| table.name).chain(["nonce", "schema_version"]);
    assert_eq!(tables, ours.map(str::to_owned).collect(), "every table is one that a move knows");
}

#[test]
fn there_is_nothing_that_only_one_server_can_do() {
    let Some((cluster, name)) = opened() else { return };
    let sql = "SELECT relkind, relname FROM pg_class
        WHERE relkind NOT IN ('r', 'i', 't') AND relnamespace = 'public'::regnamespace";
    assert!(ask(cluster, &name, sql).is_empty(), "sequences, views or others");
    assert!(ask(cluster, &name, "SELECT tgname FROM pg_trigger").is_empty(), "triggers");
    let sql = "SELECT conname, contype FROM pg_constraint
        WHERE contype NOT IN ('p', 'c', 'n') AND connamespace = 'public'::regnamespace";
    assert!(ask(cluster, &name, sql).is_empty(), "foreign, unique or exclusion constraints");
    let sql = "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace";
    assert!(ask(cluster, &name, sql).is_empty(), "functions");
    let sql = "SELECT attrelid::regclass, attname FROM pg_attribute a
        JOIN pg_class t ON t.oid = a.attrelid
        WHERE t.relkind = 'r' AND t.relnamespace = 'public'::regnamespace AND a.attnum > 0
        AND (a.attidentity <> '' OR a.attgenerated <> '' OR a.atttypid NOT IN
            ('bigint'::regtype, 'text'::regtype, 'bytea'::regtype))";
    assert!(ask(cluster, &name, sql).is_empty(), "columns of other kinds");
}

/// Text sorts by its bytes wherever it is part of a key or an index, as SQLite sorts it.
#[test]
fn text_in_a_key_sorts_by_its_bytes() {
    let Some((cluster, name)) = opened() else { return };
    let sql = "SELECT t.relname, a.attname
        FROM pg_index i
        JOIN pg_class t ON t.oid = i.indrelid
        JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = ANY (i.indkey::int2[])
        JOIN pg_collation c ON c.oid = a.attcollation
        WHERE t.relnamespace = 'public'::regnamespace AND c.collname <> 'C'";
    assert_eq!(ask(cluster, &name, sql), Vec::<Vec<String>>::new());
}

/// Both databases have a table's columns, and no others but those that lead a key.
#[test]
fn both_databases_have_the_columns_that_a_move_copies() {
    let folder = tempfile::tempdir().unwrap();
    hq::store::sqlite::Sqlite::open(&folder.path().join("hq.db")).unwrap();
    let sqlite = columns_of_migrations("sqlite");
    for table in TABLES {
        let known: BTreeSet<&str> = table.columns.iter().map(|(name, _)| *name).collect();
        let there = &sqlite[table.name];
        assert_eq!(known, there.iter().map(String::as_str).collect(), "SQLite's {}", table.name);
    }
    let Some((cluster, name)) = opened() else { return };
    for table in TABLES {
        let sql = format!(
            "SELECT attname FROM pg_attribute WHERE attrelid = '{}'::regclass AND attnum > 0",
            table.name
        );
        let there: BTreeSet<String> =
            ask(cluster, &name, &sql).into_iter().map(|row| row[0].clone()).collect();
        let known: BTreeSet<String> = table.columns.iter().map(|(name, _)| (*name).to_owned()).collect();
        let more: Vec<&String> = there.difference(&known).collect();
        assert!(known.is_subset(&there), "{}: {known:?}, {there:?}", table.name);
        assert!(more.iter().all(|column| LEADS.contains(&column.as_str())), "{}: {more:?}", table.name);
    }
}

#[test]
fn no_query_says_what_only_one_server_understands() {
    let mut seen = 0;
    for path in sql_files("postgres") {
        let text = fs::read_to_string(&path).unwrap();
        let code: Vec<&str> = text.lines().map(|line| line.split("--").next().unwrap_or_default()).collect();
        let code = code.join("\n").to_lowercase();
        for word in FORBIDDEN {
            assert!(!has_word(&code, word), "{}: {word}", path.display());
        }
        seen += 1;
    }
    assert!(seen > 80, "only {seen} files were read");
    assert!(has_word("select now()", "now") && !has_word("select known", "now"));
}

/// Every question has a file of the same name for both databases, but for what only one of them asks.
#[test]
fn both_databases_answer_the_same_questions() {
    const ONLY_POSTGRES: &[&str] = &[
        "alias_shards",
        "nonce_note",
        "nonces_forget",
        "shards_lock",
        "shards_lock_now",
        "stream_lock",
        "terminal_lock",
        "terminals_lock",
    ];
    let names = |database| -> BTreeSet<String> {
        let files = sql_files(database).into_iter().filter(|path| path.parent().unwrap().ends_with("sql"));
        files.map(|path| path.file_stem().unwrap().to_string_lossy().into_owned()).collect()
    };
    let (sqlite, mut postgres) = (names("sqlite"), names("postgres"));
    postgres.retain(|name| !ONLY_POSTGRES.contains(&name.as_str()) && !name.starts_with("ahead_"));
    assert_eq!(sqlite, postgres);
}

fn folder(database: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store").join(database)
}

fn sql_files(database: &str) -> Vec<PathBuf> {
    let folders = ["sql", "migrations"].map(|name| folder(database).join(name));
    let files = folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap().flatten());
    files.map(|file| file.path()).filter(|path| path.extension().is_some_and(|e| e == "sql")).collect()
}

fn has_word(text: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word)
        .any(|(at, _)| !text[..at].ends_with(is_part) && !text[at + word.len()..].starts_with(is_part))
}

/// Table to columns, read from `CREATE TABLE` and `ALTER TABLE … ADD COLUMN`.
fn columns_of_migrations(database: &str) -> std::collections::BTreeMap<String, BTreeSet<String>> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder(database).join("migrations"))
        .unwrap()
        .flatten()
        .map(|file| file.path())
        .collect();
    files.sort();
    let mut tables = std::collections::BTreeMap::new();
    for file in files {
        let text = fs::read_to_string(file).unwrap();
        let code: Vec<&str> = text.lines().map(|line| line.split("--").next().unwrap_or_default()).collect();
        for statement in code.join(" ").split(';') {
            let words: Vec<&str> = statement.split_whitespace().collect();
            match words.as_slice() {
                ["CREATE", "TABLE", name, ..] => {
                    let inside = &statement[statement.find('(').unwrap() + 1..statement.rfind(')').unwrap()];
                    let columns =
                        top_level(inside).into_iter().filter(|column| !column.starts_with("PRIMARY"));
                    let names =
                        columns.filter_map(|column| column.split_whitespace().next().map(str::to_owned));
                    tables.insert((*name).to_owned(), names.collect::<BTreeSet<String>>());
                }
                ["ALTER", "TABLE", name, "ADD", "COLUMN", column, ..] => {
                    tables.get_mut(*name).unwrap().insert((*column).to_owned());
                }
                _ => {}
            }
        }
    }
    tables
}

/// Parts between the commas that stand in no parentheses.
fn top_level(text: &str) -> Vec<String> {
    let (mut parts, mut depth) = (vec![String::new()], 0);
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        match c {
            ',' if depth == 0 => parts.push(String::new()),
            _ => parts.last_mut().unwrap().push(c),
        }
    }
    parts.into_iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}
