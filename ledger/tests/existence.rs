//! The existence filter: nobody is ever denied, and how often somebody is taken for a member who is none.

use ledger::existence::{Filter, Key, PAGE_BYTES, pages_for};
use ledger::id::Hash;
use proptest::collection::vec;
use proptest::prelude::*;

/// Keys as even as those of a keyed hash; the same for ever.
fn keys(series: &str, count: u32) -> impl Iterator<Item = Key> {
    (0..count).map(move |n| Key::phone(&Hash::of(format!("{series}:{n}").as_bytes())))
}

/// Strangers in ten thousand whom the filter takes for members.
fn mistaken_per_10_000(filter: &Filter) -> u32 {
    const ASKED: u32 = 200_000;
    let mistaken = keys("stranger", ASKED).filter(|key| filter.may_hold(*key)).count();
    u32::try_from(mistaken).unwrap() * 10_000 / ASKED
}

proptest! {
    #[test]
    fn a_member_is_never_denied(members in vec(any::<u64>(), 0..400), room in 0_u64..2_000) {
        let mut filter = Filter::with_room_for(room);
        members.iter().for_each(|key| filter.add(Key(*key)));
        prop_assert!(members.iter().all(|key| filter.may_hold(Key(*key))));
        prop_assert_eq!(filter.keys(), members.len() as u64);
    }

    #[test]
    fn a_key_is_on_one_of_the_pages(key in any::<u64>(), pages in 1_u32..10_000) {
        prop_assert!(Key(key).page(pages) < pages);
    }

    #[test]
    fn a_key_is_read_as_it_is_written(key in any::<u64>()) {
        prop_assert_eq!(Key(key).to_string().parse(), Ok(Key(key)));
    }
}

#[test]
fn one_stranger_in_a_hundred_is_taken_for_a_member_and_more_only_beyond_the_room() {
    const MEMBERS: u32 = 400_000;
    let mut filter = Filter::with_room_for(u64::from(MEMBERS));
    keys("member", MEMBERS).for_each(|key| filter.add(key));
    let built = mistaken_per_10_000(&filter);
    assert!((70..=115).contains(&built), "{built} of 10,000");
    keys("later", MEMBERS / 16).for_each(|key| filter.add(key));
    let full = mistaken_per_10_000(&filter);
    assert!((built..=150).contains(&full), "{full} of 10,000");
    keys("much later", MEMBERS / 2).for_each(|key| filter.add(key));
    let beyond = mistaken_per_10_000(&filter);
    assert!((full..=700).contains(&beyond), "{beyond} of 10,000");
    assert!(keys("member", MEMBERS).chain(keys("later", MEMBERS / 16)).all(|key| filter.may_hold(key)));
}

#[test]
fn ten_million_members_are_twenty_five_megabytes_and_no_more() {
    let file_bytes = |members: u64| u64::from(pages_for(2 * members)) * 4_096;
    assert_eq!((pages_for(20_000_000), file_bytes(10_000_000)), (6_025, 24_678_400));
    assert_eq!((pages_for(560_000), file_bytes(280_000)), (169, 692_224));
    assert_eq!(pages_for(0), 1);
}

#[test]
fn every_program_of_this_version_sets_the_same_bits() {
    let card = Key::card(&[7; 32], "8600000000017");
    assert_eq!(card.to_string(), "d608aae63ba184cf");
    assert_eq!(Key::phone(&Hash::of(b"a number")).to_string(), "92edef0760e7bdc0");
    let mut filter = Filter::with_room_for(0);
    filter.add(card);
    let set = |(byte, bits): (usize, &u8)| {
        (0..8).filter(|n| bits >> n & 1 == 1).map(|n| byte * 8 + n).collect::<Vec<_>>()
    };
    let bits: Vec<usize> = filter.bits().iter().enumerate().flat_map(set).collect();
    assert_eq!((filter.bits().len(), bits), (PAGE_BYTES, vec![8035, 15306, 20123, 26552, 30128, 30717]));
}

#[test]
fn what_is_no_key_is_none() {
    for text in ["", "0123456789abcde", "0123456789ABCDEF", "0123456789abcdef0", "+123456789abcdef"] {
        assert!(text.parse::<Key>().is_err(), "{text}");
    }
}
