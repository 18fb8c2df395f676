//! A till's confirmed state changes behind everybody's back: the digest finds it, headquarters hears of it.

use std::path::Path;
use std::time::Duration;

use ledger::id::MemberId;
use ledger::posting::{Account, Unit};
use ledger::store::{Key, Options, accounts, open};
use suanpan_tests::terminal::now;
use suanpan_tests::till::Setup;
use suanpan_tests::wait;
use suanpan_tests::world::World;

/// Adds points to what headquarters confirmed, in a till that does not run.
fn bend(setup: &Setup, counter: &Path, member: MemberId, points: i64) {
    let key = std::fs::read_to_string(setup.key_file.as_ref().expect("it has one")).expect("the key file");
    let digits = key.trim().as_bytes();
    let key = std::array::from_fn(|n| {
        let pair = std::str::from_utf8(&digits[2 * n..2 * n + 2]).expect("hex digits");
        u8::from_str_radix(pair, 16).expect("hex digits")
    });
    let options = Options {
        dir: &setup.data(),
        key: Key(key),
        generation_file: counter,
        migrations: sync::store::MIGRATIONS,
        now: now(),
        random: 1,
    };
    let opened = open(&options).expect("the ledger opens with its key");
    let account = Account::Member(member);
    opened
        .ledger
        .write(|tx| {
            let confirmed = accounts::confirmed(tx, &account, Unit::Points)?.confirmed.0;
            let shard = sync::protocol::digest::shard_of(member);
            let lsn = sync::store::cursors::of(tx, shard)?.lsn;
            accounts::confirm(tx, &account, Unit::Points, confirmed + points, lsn, now())
        })
        .expect("the ledger is written");
}

#[test]
fn a_balance_bent_in_a_till_is_found_and_put_right() {
    let mut world = World::open(1);
    let (member, points) = world.rich_member();
    let setup = world.tills[0].setup().clone();
    let clean = world.tills[0].wait_heard();
    assert_eq!((clean.compared, clean.differed, clean.repaired_rows), (256, 0, 0), "{clean:?}");

    world.tills[0].stop();
    bend(&setup, &world.folder().join("counter"), member.id, 777);
    world.tills[0].restart();
    world.tills[0].sign_in(suanpan_tests::cashier::CASHIER_PIN);
    world.tills[0].wait_online();
    assert_eq!(world.tills[0].member(&member.card_no).balance.confirmed, points + 777);

    let found = world.tills[0].wait_heard();
    assert_eq!((found.differed, found.repaired_rows), (1, 1), "{found:?}");
    assert_eq!(world.tills[0].member(&member.card_no).balance.confirmed, points);
    let again = world.tills[0].wait_heard();
    assert_eq!((again.differed, again.repaired_rows), (0, 0), "{again:?}");

    let cases = wait::until("headquarters has a case", Duration::from_secs(10), || {
        let cases = world.operator.open_cases();
        (!cases.is_empty()).then_some(cases)
    });
    let kinds: Vec<&str> = cases.iter().filter_map(|case| case["kind"].as_str()).collect();
    assert_eq!(kinds, ["diverged"], "{cases:?}");
    assert_eq!(cases[0]["amount"], 0, "nobody owes anything for it");
}
