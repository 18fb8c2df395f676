//! Scans among typed keys, by recorded timings.
use hardware::scanner::wedge::{Burst, Key, WedgeRules, read_keys};

/// `code:gap` pairs as recorded; an upper-case letter key is pressed with Shift.
fn keys(recorded: &str) -> Vec<Key> {
    let mut t_ms = 0;
    let one = |entry: &str| {
        let (code, gap) = entry.split_once(':').unwrap();
        t_ms += gap.parse::<i64>().unwrap();
        let (code, shift) = code.strip_prefix('^').map_or((code, false), |code| (code, true));
        Key { code: code.into(), shift, t_ms }
    };
    recorded.split_whitespace().map(one).collect()
}

fn read(recorded: &str) -> Vec<Burst> {
    read_keys(&keys(recorded), &WedgeRules::default())
}

#[test]
fn a_burst_with_enter_is_a_scan_even_behind_an_input_method() {
    let scan = "Digit6:900 Digit9:8 Digit0:8 Digit1:9 Digit2:8 Digit3:8 Digit4:31 Digit5:8 Enter:8";
    assert_eq!(read(scan), [Burst::Scan("69012345".into())]);
}

#[test]
fn shift_makes_capitals_and_the_colon() {
    let scan =
        "ShiftLeft:0 ^KeyM:4 ^KeyB:8 ^Digit1:8 ShiftLeft:4 ^Semicolon:8 Digit7:8 Numpad7:8 KeyA:8 Enter:8";
    let scan = scan.replace("^Digit1", "Digit1");
    assert_eq!(read(&scan), [Burst::Scan("MB1:77a".into())]);
}

#[test]
fn a_scanner_without_suffix_ends_by_silence() {
    let scan = "KeyS:0 KeyT:9 Digit1:9 Digit0:9 Digit0:9 Digit1:9 KeyX:500";
    assert_eq!(read(scan), [Burst::Scan("st1001".into()), Burst::Typed("x".into())]);
}

#[test]
fn a_fast_typist_and_a_short_burst_are_typing() {
    let typed = "Digit1:0 Digit3:62 Digit8:70 Digit0:55 Digit0:66 Digit1:71 Digit3:58 Enter:60";
    assert_eq!(read(typed), [Burst::Typed("1380013".into())]);
    assert_eq!(read("Digit8:0 Digit0:9 Digit0:9 Digit0:9 Enter:9"), [Burst::Typed("8000".into())]);
    assert_eq!(read("Enter:0 ShiftLeft:300"), []);
}
