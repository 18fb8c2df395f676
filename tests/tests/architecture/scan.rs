//! Reading source as tokens, far enough for rules: comments and texts blanked, tests left out, words found.

/// Which way of quoting a file uses.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Language {
    Rust,
    Script,
}

/// The same text with comments and the contents of strings as spaces; lines and offsets stay.
pub fn mask(text: &str, language: Language) -> String {
    let bytes = text.as_bytes();
    let mut out = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let end = match (bytes[at], bytes.get(at + 1)) {
            (b'/', Some(b'/')) => find(bytes, at, b"\n"),
            (b'/', Some(b'*')) => end_of_block_comment(bytes, at, language),
            (b'r', Some(b'"' | b'#')) if language == Language::Rust && !is_word_before(bytes, at) => {
                end_of_raw_string(bytes, at)
            }
            (b'"', _) => end_of_quoted(bytes, at),
            (b'\'', _) if language == Language::Rust => end_of_char(bytes, at),
            (b'\'' | b'`', _) if language == Language::Script => end_of_quoted(bytes, at),
            (b'/', _) if language == Language::Script && starts_a_pattern(bytes, at) => {
                end_of_quoted(bytes, at)
            }
            _ => at + 1,
        };
        if end > at + 1 {
            blank(&mut out[at..end]);
        }
        at = end;
    }
    String::from_utf8(out).expect("only whole characters were blanked, with ASCII")
}

/// Masked Rust without what is compiled for tests only.
pub fn without_tests(masked: &str) -> String {
    let mut out = masked.as_bytes().to_vec();
    let mut from = 0;
    while let Some(found) = masked[from..].find("#[cfg(test)]") {
        let start = from + found;
        let end = end_of_item(masked.as_bytes(), start);
        blank(&mut out[start..end]);
        from = end;
    }
    String::from_utf8(out).expect("only whole items were blanked, with ASCII")
}

/// Masked Rust of product code: what rules about words look at.
pub fn product_code(text: &str) -> String {
    without_tests(&mask(text, Language::Rust))
}

/// The number of the line that holds this offset, from 1.
pub fn line_at(text: &str, offset: usize) -> usize {
    text.as_bytes()[..offset].iter().filter(|byte| **byte == b'\n').count() + 1
}

/// Offsets at which `word` stands with no word character on either side.
pub fn find_word<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let bytes = text.as_bytes();
    let is_word = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(|b| is_word_byte(*b));
    text.match_indices(word).map(|(at, _)| at).filter(move |at| {
        let (starts, ends) = (word.as_bytes()[0], word.as_bytes()[word.len() - 1]);
        let joined_before = is_word_byte(starts) && is_word(at.checked_sub(1));
        let joined_after = is_word_byte(ends) && is_word(Some(at + word.len()));
        !joined_before && !joined_after
    })
}

/// The offset after the bracket that closes the one at `open`.
pub fn closing(bytes: &[u8], open: usize) -> usize {
    let mut depth = 0usize;
    for (at, byte) in bytes.iter().enumerate().skip(open) {
        match byte {
            b'{' | b'(' | b'[' => depth += 1,
            b'}' | b')' | b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    bytes.len()
}

/// An item ends with its block, or with a semicolon when it has none.
fn end_of_item(bytes: &[u8], start: usize) -> usize {
    let mut at = start;
    while at < bytes.len() {
        match bytes[at] {
            b';' => return at + 1,
            b'{' => return closing(bytes, at),
            b'(' | b'[' => at = closing(bytes, at),
            _ => at += 1,
        }
    }
    bytes.len()
}

fn blank(bytes: &mut [u8]) {
    for byte in bytes.iter_mut().filter(|byte| **byte != b'\n') {
        *byte = b' ';
    }
}

fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn is_word_before(bytes: &[u8], at: usize) -> bool {
    // `br"…"` is a raw string too.
    let before = at.checked_sub(1).map(|at| bytes[at]);
    before.is_some_and(|byte| is_word_byte(byte) && byte != b'b')
}

fn find(bytes: &[u8], from: usize, end: &[u8]) -> usize {
    let found = bytes[from..].windows(end.len()).position(|window| window == end);
    found.map_or(bytes.len(), |at| from + at)
}

fn end_of_block_comment(bytes: &[u8], start: usize, language: Language) -> usize {
    let (mut depth, mut at) = (0usize, start);
    while at < bytes.len() {
        match (bytes[at], bytes.get(at + 1)) {
            (b'/', Some(b'*')) if depth == 0 || language == Language::Rust => {
                (depth, at) = (depth + 1, at + 2)
            }
            (b'*', Some(b'/')) => {
                (depth, at) = (depth - 1, at + 2);
                if depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    bytes.len()
}

fn end_of_raw_string(bytes: &[u8], start: usize) -> usize {
    let hashes = bytes[start + 1..].iter().take_while(|byte| **byte == b'#').count();
    let open = start + 1 + hashes;
    if bytes.get(open) != Some(&b'"') {
        return start + 1; // A raw identifier such as r#type.
    }
    let end = [b"\"".as_slice(), &vec![b'#'; hashes]].concat();
    (find(bytes, open + 1, &end) + end.len()).min(bytes.len())
}

fn end_of_quoted(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while at < bytes.len() && bytes[at] != bytes[start] {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(bytes.len())
}

/// `'x'` and `'\n'` are characters; `'a` in `&'a str` is a lifetime.
fn end_of_char(bytes: &[u8], start: usize) -> usize {
    if bytes.get(start + 1) == Some(&b'\\') {
        return (find(bytes, start + 3, b"'") + 1).min(bytes.len());
    }
    let width = std::str::from_utf8(&bytes[start + 1..(start + 5).min(bytes.len())])
        .or_else(|error| std::str::from_utf8(&bytes[start + 1..start + 1 + error.valid_up_to()]))
        .ok()
        .and_then(|text| text.chars().next())
        .map_or(1, char::len_utf8);
    if bytes.get(start + 1 + width) == Some(&b'\'') { start + 2 + width } else { start + 1 }
}

/// A slash after an operator or an opening bracket starts a regular expression, not a division.
fn starts_a_pattern(bytes: &[u8], at: usize) -> bool {
    let before = bytes[..at].iter().rev().find(|byte| **byte != b' ');
    before.is_some_and(|byte| b"(,=:[!&|?{};\n".contains(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_strings_and_characters_are_blanked_and_lifetimes_are_not() {
        let text = "a // f32\nb /* f32 /* f32 */ */ c \"f32 \\\" f32\" d r#\"f32\" f32\"# e '\"' f '多' g<'a> '\\'' h";
        let masked = mask(text, Language::Rust);
        assert!(!masked.contains("f32"), "{masked}");
        assert_eq!(masked.split_whitespace().collect::<String>(), "abcdefg<'a>h");
        assert_eq!(masked.len(), text.len());
    }

    #[test]
    fn scripts_quote_in_four_ways() {
        let masked = mask("a('x', `y`, /z'/) / b // c", Language::Script);
        assert_eq!(masked.split_whitespace().collect::<String>(), "a(,,)/b");
    }

    #[test]
    fn tests_are_left_out_of_product_code() {
        let code = product_code("fn a() {}\n#[cfg(test)]\nmod tests { fn b() { c(); } }\nfn d() {}");
        assert!(code.contains("fn a") && code.contains("fn d") && !code.contains("fn b"), "{code}");
    }

    #[test]
    fn a_word_is_not_part_of_another() {
        assert_eq!(find_word("f32 of32 f32x (f32)", "f32").collect::<Vec<_>>(), [0, 15]);
    }
}
