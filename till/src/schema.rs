//! The commands as a JSON Schema and as docs/COMMANDS.md.

use std::fmt::Write as _;

use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

use crate::table::{Spec, specs};

/// Every command with the schemas of its arguments and its answer; shared types lie in `$defs`.
pub fn schema() -> Value {
    let (specs, defs) = table();
    let commands: serde_json::Map<String, Value> = specs
        .into_iter()
        .map(|spec| {
            let args = spec.args.unwrap_or_else(|| json!({"type": "object", "additionalProperties": false}));
            (spec.name.to_owned(), json!({"description": spec.about, "args": args, "data": spec.data}))
        })
        .collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Commands of the till",
        "commands": commands,
        "$defs": defs,
    })
}

fn table() -> (Vec<Spec>, serde_json::Map<String, Value>) {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let specs = specs(&mut generator);
    (specs, generator.take_definitions(true))
}

/// docs/COMMANDS.md, whole.
pub fn markdown() -> String {
    let (specs, defs) = table();
    let mut out = String::from(INTRODUCTION);
    for spec in &specs {
        let _ = writeln!(
            out,
            "| `{}` | {} | {} | {} |",
            spec.name,
            shape(spec.args.as_ref()),
            shape(Some(&spec.data)),
            spec.about
        );
    }
    out.push_str(EXTRA);
    for (name, def) in &defs {
        out.push_str(&definition(name, def));
    }
    out
}

const INTRODUCTION: &str = "# Commands of the till

Written by `suanpan-till commands-doc`; a test compares this file with what the program prints.

`suanpan-till --data DIR [--hq URL] [--key-file FILE] [--printer URI] [--scanner URI]` reads one request
per line and answers each with exactly one line, in order. The window runs the same commands, with `_`
for the dot.

```
→ {\"id\":1,\"cmd\":\"cart.scan\",\"args\":{\"text\":\"6921168509256\"}}
← {\"id\":1,\"ok\":true,\"data\":{\"kind\":\"goods\",\"line\":0,\"name\":\"农夫山泉 550ml\"}}
→ {\"id\":2,\"cmd\":\"pay\",\"args\":{\"request_id\":\"a1\",\"tenders\":[{\"kind\":\"cash\",\"amount_fen\":100}]}}
← {\"id\":2,\"ok\":false,\"error\":{\"code\":\"tender_too_small\",\"message\":\"…\",\"hint\":\"…\"}}
```

The first line is `{\"event\":\"ready\",\"terminal\":…,\"sqlite\":\"…\"}`. A malformed line is answered with
`\"id\":null`. After `events.subscribe` lines `{\"event\":\"screen\",\"data\":…}`,
`{\"event\":\"customer\",\"data\":…}` and `{\"event\":\"paper\",\"data\":…}` come in between. Logs are JSON lines on stderr. The program ends with 0 on
SIGTERM and at the end of its input, with 2 on wrong usage, and with 3 and one sentence when it refuses to
start. Money is in fen, quantities in thousandths, times in RFC 3339.

| Command | Takes | Answers | What it does |
|---|---|---|---|
";

const EXTRA: &str = "| `commands` | - | JSON Schema | This list, for programs. |
| `events.subscribe` | - | null | Headless only: events follow. |

## Types

";

fn shape(schema: Option<&Value>) -> String {
    let Some(schema) = schema else { return "-".to_owned() };
    if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
        return format!("`{}`", name.rsplit('/').next().unwrap_or(name));
    }
    if let Some(choices) = schema.get("anyOf").and_then(Value::as_array) {
        return choices.iter().map(|c| shape(Some(c))).collect::<Vec<_>>().join(" or ");
    }
    match schema.get("type") {
        Some(Value::String(kind)) if kind == "array" => format!("list of {}", shape(schema.get("items"))),
        Some(Value::String(kind)) => kind.clone(),
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" or "),
        _ => match schema.get("const") {
            Some(value) => format!("`{value}`"),
            None => "any".to_owned(),
        },
    }
}

fn definition(name: &str, def: &Value) -> String {
    let mut out = format!("### {name}\n\n");
    if let Some(about) = def.get("description").and_then(Value::as_str) {
        let _ = writeln!(out, "{}\n", one_line(about));
    }
    if let Some(choices) = def.get("oneOf").or_else(|| def.get("anyOf")).and_then(Value::as_array) {
        choices.iter().for_each(|choice| out.push_str(&variant(choice)));
    }
    if let Some(names) = def.get("enum").and_then(Value::as_array) {
        let names: Vec<String> = names.iter().map(|n| format!("`{n}`")).collect();
        let _ = writeln!(out, "{}", names.join(", "));
    }
    out.push_str(&fields(def));
    out.push('\n');
    out
}

/// One form of a type that has several.
fn variant(choice: &Value) -> String {
    let kind = choice.pointer("/properties/kind/const").and_then(Value::as_str);
    let about = choice.get("description").and_then(Value::as_str).map(one_line).unwrap_or_default();
    let names = choice.get("enum").and_then(Value::as_array);
    let head = match (kind, names) {
        (Some(kind), _) => format!("kind `{kind}`"),
        (None, Some(names)) => names.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", "),
        (None, None) => shape(Some(choice)),
    };
    let about = if about.is_empty() { about } else { format!(": {about}") };
    format!("- {head}{about}\n{}", indented(&fields(choice)))
}

fn fields(def: &Value) -> String {
    let needed: Vec<&str> = def
        .get("required")
        .and_then(Value::as_array)
        .map_or(Vec::new(), |r| r.iter().filter_map(Value::as_str).collect());
    let mut out = String::new();
    for (field, schema) in def.get("properties").and_then(Value::as_object).into_iter().flatten() {
        if schema.get("const").is_some() {
            continue;
        }
        let about = schema.get("description").and_then(Value::as_str).map(one_line).unwrap_or_default();
        let optional = if needed.contains(&field.as_str()) { "" } else { ", optional" };
        let about = if about.is_empty() { about } else { format!(": {about}") };
        let _ = writeln!(out, "- `{field}` ({}{optional}){about}", shape(Some(schema)));
    }
    out
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}\n")).collect()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
