//! Finding a member: exactly, against a bare prepared query on the same file; and as typed.

use ledger::member::{card_no, phone_hash};
use ledger::store::{Ledger, members};
use rusqlite::Connection;
use till::identity::Identity;

use super::Bench;
use super::figure::{Budget, Figure, Slice, Unit};
use super::fixture::{self, Size, phone};
use super::times::Times;
use crate::chance::Chance;

const LARGE: Size = Size { members: 1_000_000, goods: 200_000 };
const SMALL: Size = super::fixture::SHOP;
/// Made and measured only in long runs: the file has four gigabytes.
const HUGE: Size = Size { members: 10_000_000, goods: 2_000 };
const SLICES: usize = 10;
const LOOKUPS: usize = 1_000;
/// What a list on the screen shows.
const SHOWN: usize = 20;
const BY_CARD: &str = "SELECT id, name, points, quota FROM member WHERE card_no = ?1";
const BY_PHONE: &str = "SELECT id, name, points, quota FROM member WHERE phone_hash = ?1";
const PROMISE: &str = "p50 <= 3x a bare prepared query beside it, 1,000,000 members";

/// A shop of some size, opened by the product and beside it.
struct Shop {
    ledger: Ledger,
    bare: Connection,
    lookup_key: [u8; 32],
    members: u64,
}

impl Shop {
    fn open(bench: &Bench, size: Size) -> Shop {
        let folder = fixture::made(bench, size);
        let ledger = fixture::ledger(&folder);
        let key = ledger.read(|r| Identity::load(r)?.map(|identity| identity.lookup_key()).transpose());
        let lookup_key = key.expect("the ledger can be read").expect("the fixture is enrolled");
        Shop { ledger, bare: fixture::bare(&folder), lookup_key, members: u64::from(size.members) }
    }

    fn cards(&self, seed: u64) -> impl FnMut() -> String {
        let (mut chance, members) = (Chance::seeded(seed), self.members);
        move || card_no(any(&mut chance, members))
    }

    fn phones(&self, seed: u64) -> impl FnMut() -> [u8; 32] {
        let (mut chance, members, key) = (Chance::seeded(seed), self.members, self.lookup_key);
        move || phone_hash(&key, &format!("+86{}", phone(any(&mut chance, members)))).0
    }

    fn by_card(&self, seed: u64, count: usize) -> Times {
        let mut cards: Vec<String> = repeat(self.cards(seed), count);
        Times::of(count, || {
            let card = cards.pop().expect("as many as are timed");
            let found = self.ledger.read(|r| members::by_card(r, &card)).expect("the ledger can be read");
            assert!(found.is_some(), "member {card} exists");
        })
    }

    fn by_phone(&self, seed: u64, count: usize) -> Times {
        let mut hashes = repeat(self.phones(seed), count);
        Times::of(count, || {
            let hash = ledger::id::Hash(hashes.pop().expect("as many as are timed"));
            let found = self.ledger.read(|r| members::by_phone_hash(r, &hash));
            assert!(found.expect("the ledger can be read").is_some(), "the member exists");
        })
    }

    /// Other numbers than the product's, so that nobody warms the cache for the other.
    fn bare_by<K: rusqlite::ToSql>(&self, sql: &str, mut keys: Vec<K>) -> Times {
        let mut select = self.bare.prepare(sql).expect("the ledger's own columns");
        Times::of(keys.len(), || {
            let key = keys.pop().expect("as many as are timed");
            let row = select.query_row([key], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)));
            let _: ([u8; 16], String, i64, i64) = row.expect("the member exists");
        })
    }
}

/// # Panics
/// When the fixture cannot be read.
pub fn exact(bench: &Bench) -> Vec<Figure> {
    let shop = Shop::open(bench, LARGE);
    let slices = bench.times(SLICES);
    let (mut cards, mut phones) = (Vec::new(), Vec::new());
    for n in 0..slices as u64 {
        let floor = shop.bare_by(BY_CARD, repeat(shop.cards(n + 1_000), LOOKUPS));
        cards.push(Slice { value: shop.by_card(n, LOOKUPS), floor: Some(floor) });
        let floor = shop.bare_by(BY_PHONE, repeat(shop.phones(n + 1_000), LOOKUPS));
        phones.push(Slice { value: shop.by_phone(n, LOOKUPS), floor: Some(floor) });
    }
    let small = Shop::open(bench, SMALL).by_card(1, LOOKUPS * 5).p50();
    let mut by_card =
        Figure::new("member_by_card", Unit::Us, Budget::TimesFloor(3.0), PROMISE).with_slices(cards);
    by_card.count("p50_us_at_280000", small.as_secs_f64() * 1e6);
    if bench.full {
        let huge = Shop::open(bench, HUGE).by_card(1, LOOKUPS * 5).p50();
        by_card.count("p50_us_at_10000000", huge.as_secs_f64() * 1e6);
        by_card.count("times_280000_at_10000000", huge.as_secs_f64() / small.as_secs_f64());
        by_card.ceilings = &[("times_280000_at_10000000", 4.0)];
    }
    let by_phone =
        Figure::new("member_by_phone", Unit::Us, Budget::TimesFloor(3.0), PROMISE).with_slices(phones);
    vec![by_card, by_phone]
}

/// # Panics
/// When the fixture cannot be read.
pub fn as_typed(bench: &Bench) -> Vec<Figure> {
    let of = |name, size, promise| {
        let shop = Shop::open(bench, size);
        let value = (0..bench.times(SLICES) as u64).map(|seed| typed(&shop, seed));
        let slices = value.map(|value| Slice { value, floor: None }).collect();
        Figure::new(name, Unit::Ms, Budget::Goal, promise).with_slices(slices)
    };
    vec![
        of("search_280k", SMALL, "name, pinyin, last four among 280,000: p99 <= 1 ms"),
        of("search_1m", LARGE, "the same among 1,000,000: p99 <= 5 ms"),
    ]
}

fn typed(shop: &Shop, seed: u64) -> Times {
    let mut chance = Chance::seeded(seed);
    let words = ["王", "李小", "张伟", "wangw", "liuj", "cxy", "ouyang", "zzx", "陈子轩", "hehaoran"];
    let mut queries: Vec<String> = repeat(
        || match chance.below(3) {
            0 => format!("{:04}", chance.below(10_000)),
            _ => (*chance.pick(&words)).to_owned(),
        },
        LOOKUPS / 2,
    );
    Times::of(queries.len(), || {
        let query = queries.pop().expect("as many as are timed");
        let found = shop.ledger.read(|r| members::search(r, &query, SHOWN));
        assert!(found.expect("the ledger can be read").len() <= SHOWN);
    })
}

fn any(chance: &mut Chance, members: u64) -> u32 {
    u32::try_from(chance.below(members) + 1).unwrap_or(1)
}

fn repeat<T>(mut make: impl FnMut() -> T, count: usize) -> Vec<T> {
    (0..count).map(|_| make()).collect()
}
