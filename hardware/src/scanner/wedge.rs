//! A scanner in keyboard mode: tells its bursts of keys from typing, by the physical keys.
//!
//! Physical keys (`KeyboardEvent.code`) are read, because under a Chinese input method the
//! characters arrive as "Process". Pure: events in, bursts out; US layout.

/// One key that went down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// `KeyboardEvent.code`, e.g. `Digit6`, `KeyA`, `Enter`.
    pub code: String,
    pub shift: bool,
    /// Milliseconds on any steady clock.
    pub t_ms: i64,
}

/// When keys are a scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WedgeRules {
    /// Longest median gap between keys.
    pub median_gap_ms: i64,
    /// Longest single gap; a longer one ends the burst.
    pub max_gap_ms: i64,
    /// Fewest characters of a scan.
    pub min_keys: usize,
}

impl Default for WedgeRules {
    fn default() -> Self {
        Self { median_gap_ms: 35, max_gap_ms: 80, min_keys: 6 }
    }
}

/// Keys that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Burst {
    /// From a scanner; its Enter or Tab is eaten with it.
    Scan(String),
    /// From a person; to be given to the focused field.
    Typed(String),
}

/// Cuts keys into bursts (at Enter, Tab or a long gap) and sorts each.
pub fn read_keys(keys: &[Key], rules: &WedgeRules) -> Vec<Burst> {
    let mut bursts = Vec::new();
    let mut burst: Vec<&Key> = Vec::new();
    for key in keys {
        if burst.last().is_some_and(|last| key.t_ms - last.t_ms > rules.max_gap_ms) {
            bursts.extend(sort(&burst, rules));
            burst.clear();
        }
        burst.push(key);
        if is_end(&key.code) {
            bursts.extend(sort(&burst, rules));
            burst.clear();
        }
    }
    bursts.extend(sort(&burst, rules));
    bursts
}

fn is_end(code: &str) -> bool {
    matches!(code, "Enter" | "NumpadEnter" | "Tab")
}

fn sort(burst: &[&Key], rules: &WedgeRules) -> Option<Burst> {
    let text: String = burst.iter().filter_map(|key| character(&key.code, key.shift)).collect();
    if text.is_empty() {
        return None;
    }
    let fast = median_gap_ms(burst) <= rules.median_gap_ms;
    let long = text.chars().count() >= rules.min_keys;
    Some(if fast && long { Burst::Scan(text) } else { Burst::Typed(text) })
}

fn median_gap_ms(burst: &[&Key]) -> i64 {
    let mut gaps: Vec<i64> = burst.windows(2).map(|pair| pair[1].t_ms - pair[0].t_ms).collect();
    gaps.sort_unstable();
    gaps.get(gaps.len() / 2).copied().unwrap_or(i64::MAX)
}

/// The character of a physical key on a US keyboard; `None` for modifiers, Enter and the like.
fn character(code: &str, shift: bool) -> Option<char> {
    let single = |prefix: &str| {
        let mut rest = code.strip_prefix(prefix)?.chars();
        rest.next().filter(|_| rest.next().is_none())
    };
    if let Some(letter) = single("Key") {
        return Some(if shift { letter } else { letter.to_ascii_lowercase() });
    }
    if let Some(digit) = single("Digit") {
        let at = usize::try_from(digit.to_digit(10)?).ok()?;
        return Some(if shift { char::from(b")!@#$%^&*("[at]) } else { digit });
    }
    if let Some(digit) = single("Numpad") {
        return Some(digit);
    }
    let (plain, shifted) = match code {
        "Minus" => ('-', '_'),
        "Equal" => ('=', '+'),
        "Comma" => (',', '<'),
        "Period" => ('.', '>'),
        "Slash" => ('/', '?'),
        "Semicolon" => (';', ':'),
        "Quote" => ('\'', '"'),
        "BracketLeft" => ('[', '{'),
        "BracketRight" => (']', '}'),
        "Backslash" => ('\\', '|'),
        "Backquote" => ('`', '~'),
        "Space" => (' ', ' '),
        "NumpadDecimal" => ('.', '.'),
        "NumpadSubtract" => ('-', '-'),
        _ => return None,
    };
    Some(if shift { shifted } else { plain })
}
