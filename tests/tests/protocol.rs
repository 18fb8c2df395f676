//! docs/PROTOCOL.md against the code: its worked examples must be what the code computes.

use ed25519_dalek::SigningKey;
use sync::protocol::signature::{encode, request_text, sign, verify};

fn page() -> String {
    std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/PROTOCOL.md"))
        .expect("the page is part of the tree")
}

/// The value behind `name` in the worked signature example.
fn example(name: &str) -> String {
    let page = page();
    let block = page.split("signature-example -->").nth(1).expect("the example is marked");
    let line =
        block.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_else(|| panic!("no line {name}"));
    line.trim().to_owned()
}

#[test]
fn the_signature_example_of_the_protocol_page_is_right() {
    let key = SigningKey::from_bytes(&[1; 32]);
    let text = request_text(
        &example("method"),
        &example("path"),
        &example("time"),
        &example("nonce"),
        example("body").as_bytes(),
    );
    assert_eq!(example("private key (hex)"), "01".repeat(32));
    assert_eq!(example("public key"), encode(&key.verifying_key().to_bytes()));
    assert_eq!(example("signature"), sign(&key, &text));
    assert!(verify(&key.verifying_key().to_bytes(), &text, &example("signature")));
}

#[test]
fn every_code_that_headquarters_decides_stands_on_the_protocol_page() {
    let page = page();
    let missing: Vec<_> = sync::decide::table::ALL
        .iter()
        .map(|rule| rule.code)
        .filter(|code| !page.contains(&format!("`{code}`")))
        .collect();
    assert!(missing.is_empty(), "docs/PROTOCOL.md does not name {missing:?}");
}
