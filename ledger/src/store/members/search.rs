//! Finding members as a cashier types: last four digits, name, pinyin, initials.

use super::row::member;
use crate::member::Member;
use crate::store::error::StoreError;
use crate::store::tx::Reader;

/// Members whose phone number ends with, or whose name, pinyin or initials begin with `query`, at most
/// `limit`. A whole phone number is not searched here: it is found by its hash.
///
/// # Errors
/// The store's.
pub fn search(r: &Reader, query: &str, limit: usize) -> Result<Vec<Member>, StoreError> {
    let query = query.trim();
    if query.is_empty() || limit == 0 {
        return Ok(Vec::new());
    }
    let folded: String = query.to_lowercase().split_whitespace().collect();
    let mut found = Vec::new();
    for (sql, prefix) in questions(query, &folded) {
        let limit_now = i64::try_from(limit - found.len()).unwrap_or(i64::MAX);
        for (member, _) in r.all(sql, (prefix, after(prefix), limit_now), member)? {
            if !found.iter().any(|known: &Member| known.id == member.id) {
                found.push(member);
            }
        }
        if found.len() >= limit {
            break;
        }
    }
    Ok(found)
}

/// Which index answers: digits are numbers, Latin letters are pinyin, anything else is a name.
fn questions<'a>(query: &'a str, folded: &'a str) -> Vec<(&'static str, &'a str)> {
    if query.bytes().all(|b| b.is_ascii_digit()) {
        return vec![(include_str!("search_last4.sql"), query)];
    }
    if folded.is_ascii() {
        return vec![
            (include_str!("search_initials.sql"), folded),
            (include_str!("search_pinyin.sql"), folded),
            (include_str!("search_name.sql"), query),
        ];
    }
    vec![(include_str!("search_name.sql"), query)]
}

/// The end of the range of texts that begin with `prefix`.
fn after(prefix: &str) -> String {
    format!("{prefix}\u{10FFFF}")
}
