//! The existence filter at a till of its store's members: loaded whole or not at all, added to with the cursor,
//! and only ever as old as the cursors.

use ledger::existence::{Filter, Key};
use ledger::time::Timestamp;
use serde_json::{Value, json};
use sync::protocol::existence::parts;
use sync::store::existence::{self, Word};
use sync::store::fold;
use sync::store::snapshot::{LoadError, Loader};

use super::hq::{Books, shard_of};
use super::interest::{frame, job, post};
use super::shop::{NOW, Shop, member};

const MEMBER: Key = Key(0x1111_2222_3333_4444);
const NOBODY: Key = Key(0x5555_6666_7777_8888);
const JOINED_LATER: Key = Key(0x9999_aaaa_bbbb_cccc);
/// Members of a filter of two parts.
const TWO_PARTS: u64 = 4_000_000;

fn filter(room: u64) -> Vec<Vec<u8>> {
    let mut filter = Filter::with_room_for(room);
    filter.add(MEMBER);
    parts(&filter).map(|part| part.bytes()).collect()
}

/// Loads member 1 as a till of S001, or of all members, with these parts.
fn load(shop: &Shop, books: &Books, store: Option<&str>, parts: &[&[u8]]) -> Result<(), LoadError> {
    let mut lines = books.snapshot();
    let mut head: Value = serde_json::from_str(&lines[0]).unwrap();
    if let Some(store) = store {
        head["members_of"] = json!(store);
    }
    lines[0] = head.to_string();
    let mut loader = Loader::new(shop.ledger.clone());
    let end = lines.pop().unwrap();
    loader.take(&lines)?;
    parts.iter().try_for_each(|part| loader.existence(part))?;
    loader.take(&[end])?;
    loader.finish().map(drop)
}

fn word(shop: &Shop, key: Key) -> Option<Word> {
    shop.ledger.read(|r| existence::ask(r, key)).unwrap()
}

fn books() -> Books {
    let mut books = Books { members: vec![member(1)], ..Books::default() };
    books.points.insert(member(1), 100);
    books
}

#[test]
fn a_stores_till_knows_who_is_nobody_and_one_of_all_members_was_never_in_doubt() {
    let (shop, books) = (Shop::new(1), books());
    let parts = filter(0);
    load(&shop, &books, Some("S001"), &[&parts[0]]).unwrap();
    assert_eq!(word(&shop, MEMBER), Some(Word::Perhaps));
    assert_eq!(word(&shop, NOBODY), Some(Word::Nobody { as_of: NOW }));
    load(&shop, &books, Some("S001"), &[]).unwrap();
    assert_eq!(word(&shop, NOBODY), Some(Word::Perhaps), "without a filter nobody is denied");
    load(&shop, &books, None, &[]).unwrap();
    assert_eq!(word(&shop, NOBODY), None);
}

#[test]
fn a_filter_that_is_not_whole_changes_nothing_and_one_of_another_version_is_none() {
    let (shop, books) = (Shop::new(1), books());
    let parts = filter(TWO_PARTS);
    load(&shop, &books, Some("S001"), &[&parts[0], &parts[1]]).unwrap();
    let broken: [&[&[u8]]; 5] = [
        &[&parts[0]],
        &[&parts[1]],
        &[&parts[1], &parts[0]],
        &[&parts[0], &parts[0]],
        &[&parts[0][..5_000], &parts[1]],
    ];
    for parts in broken {
        assert!(matches!(load(&shop, &books, Some("S001"), parts), Err(LoadError::Incomplete)));
        assert_eq!(
            (word(&shop, MEMBER), word(&shop, NOBODY)),
            (Some(Word::Perhaps), Some(Word::Nobody { as_of: NOW }))
        );
    }
    let mut newer = parts.clone();
    newer.iter_mut().for_each(|part| part[4] = 2);
    load(&shop, &books, Some("S001"), &[&newer[0], &newer[1]]).unwrap();
    assert_eq!(word(&shop, NOBODY), Some(Word::Perhaps));
}

#[test]
fn who_joined_elsewhere_is_added_with_the_cursor_and_the_word_grows_younger_with_it() {
    let (shop, mut books) = (Shop::new(1), books());
    load(&shop, &books, Some("S001"), &[&filter(0)[0]]).unwrap();
    let later = |minutes: i64| Timestamp(NOW.0 + minutes * 60_000);
    let as_of = |shop: &Shop| match word(shop, NOBODY) {
        Some(Word::Nobody { as_of }) => as_of,
        other => panic!("{other:?}"),
    };
    books.append(shard_of(member(1)), job(), vec![post(member(2), 60, 60)]);
    let mut joined = frame(&shop, &books, &[1]);
    joined.frame.existence = vec![JOINED_LATER];
    let mut unproved = joined.clone();
    unproved.frame.to_chain = ledger::id::Hash::ZERO;
    fold::answer(&shop.ledger, &shop.own, &[unproved], Some(later(9))).unwrap();
    assert_eq!(word(&shop, JOINED_LATER), Some(Word::Nobody { as_of: NOW }), "nothing of it was taken");
    fold::answer(&shop.ledger, &shop.own, &[joined], None).unwrap();
    assert_eq!(
        (word(&shop, JOINED_LATER), as_of(&shop)),
        (Some(Word::Perhaps), NOW),
        "there was more to come"
    );
    books.append(shard_of(member(1)), job(), vec![post(member(2), 5, 65)]);
    fold::answer(&shop.ledger, &shop.own, &[frame(&shop, &books, &[2])], Some(later(9))).unwrap();
    assert_eq!(as_of(&shop), later(8), "less the minute by which the feed may be late");
}
