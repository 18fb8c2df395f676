//! `prev` left out of a push. Every line but the first names the hash of the line before it, which its
//! receiver reckons anyway: on the way it stands empty, and is put back before anything is hashed.

use std::borrow::Cow;

use ledger::id::Hash;

/// A JSON text never holds this inside of a string: the quotes there are escaped.
const EMPTY: &str = "\"prev\":\"\"";

/// The lines as they travel, without the hashes that follow from them. None when some line would not come
/// back as it was written; then all travel as they are.
pub fn leave_out(lines: &[String]) -> Option<Vec<Cow<'_, str>>> {
    let mut short = Vec::with_capacity(lines.len());
    let mut before: Option<Hash> = None;
    for line in lines {
        let hash = Hash::of(line.as_bytes());
        short.push(match before {
            None => Cow::Borrowed(line.as_str()),
            Some(before) => {
                let short = line.replacen(&format!("\"prev\":\"{before}\""), EMPTY, 1);
                if *put_back(short.as_bytes(), &before) != *line.as_bytes() {
                    return None;
                }
                Cow::Owned(short)
            }
        });
        before = Some(hash);
    }
    Some(short)
}

/// The line as it was written, behind one whose hash is `before`: the first empty `prev` names it.
pub fn put_back<'a>(line: &'a [u8], before: &Hash) -> Cow<'a, [u8]> {
    let Some(at) = line.windows(EMPTY.len()).position(|window| window == EMPTY.as_bytes()) else {
        return Cow::Borrowed(line);
    };
    let (head, rest) = line.split_at(at + EMPTY.len() - 1);
    Cow::Owned([head, before.to_string().as_bytes(), rest].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines as a till writes them, each with the hash of the one before it.
    fn chain(bodies: &[&str]) -> Vec<String> {
        let mut prev = Hash::ZERO;
        let mut lines = Vec::new();
        for body in bodies {
            let line = format!("{{\"seq\":1,\"prev\":\"{prev}\",\"body\":{body}}}");
            prev = Hash::of(line.as_bytes());
            lines.push(line);
        }
        lines
    }

    fn back(short: &[Cow<'_, str>]) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for line in short {
            let line = match lines.last() {
                Some(before) => put_back(line.as_bytes(), &Hash::of(before.as_bytes())),
                None => Cow::Borrowed(line.as_bytes()),
            };
            lines.push(String::from_utf8(line.into_owned()).unwrap());
        }
        lines
    }

    #[test]
    fn what_was_left_out_comes_back_to_the_byte() {
        let lines = chain(&["{}", r#"{"says":"\"prev\":\"\""}"#, r#"{"prev":"else"}"#, "{}"]);
        let short = leave_out(&lines).unwrap();
        assert!(short.iter().skip(1).all(|line| line.contains(EMPTY)));
        assert_eq!(back(&short), lines);
    }

    #[test]
    fn a_line_that_has_an_empty_prev_of_its_own_keeps_all_of_them_whole() {
        let mut lines = chain(&["{}", "{}"]);
        lines.push(r#"{"body":{"prev":""}}"#.to_owned());
        assert_eq!(leave_out(&lines), None);
    }

    #[test]
    fn a_line_that_names_no_hash_travels_as_it_is() {
        let mut lines = chain(&["{}"]);
        lines.push("noise".to_owned());
        assert_eq!(back(&leave_out(&lines).unwrap()), lines);
    }
}
