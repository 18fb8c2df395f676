//! docs/COMMANDS.md is what the program prints, and every command of the table can be called.

use std::path::Path;

use serde_json::Value;

use crate::shop::Shop;

#[test]
fn the_commands_page_is_what_the_program_prints() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/COMMANDS.md");
    let printed = till::schema::markdown();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &printed).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == printed,
        "docs/COMMANDS.md has drifted; run `suanpan-till commands-doc > docs/COMMANDS.md`"
    );
}

#[test]
fn every_command_of_the_schema_is_known_by_its_name() {
    let shop = Shop::closed();
    let schema = till::schema::schema();
    let commands = schema["commands"].as_object().unwrap();
    assert!(commands.len() >= 35, "{}", commands.len());
    for name in commands.keys() {
        if let Err(failure) = shop.till.dispatch(name, Value::Null) {
            assert_ne!(failure.code, "unknown_command", "{name}");
        }
    }
    assert_eq!(shop.till.dispatch("nothing", Value::Null).unwrap_err().code, "unknown_command");
    let wrong = serde_json::json!({"text": "1", "colour": "red"});
    assert_eq!(shop.till.dispatch("cart.scan", wrong).unwrap_err().code, "bad_args");
}
