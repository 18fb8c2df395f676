//! One instance, the right key, a key at all: otherwise exit code 3 and one sentence, nothing touched.

use suanpan_tests::cashier::CASHIER_PIN;
use suanpan_tests::till::{Refused, Setup, Till};
use suanpan_tests::world::World;

fn check(setup: &Setup, word: &str) -> Refused {
    let refused = match Till::try_start(setup) {
        Err(refused) => refused,
        Ok(_) => panic!("it started: {word}"),
    };
    assert_eq!(refused.exit_code, Some(3), "{refused:?}");
    assert!(refused.stderr.contains(word), "{word}: {}", refused.stderr);
    let panicked = refused.stderr.contains("panicked") || refused.stderr.contains("RUST_BACKTRACE");
    assert!(!panicked, "a sentence, not a crash: {}", refused.stderr);
    refused
}

#[test]
fn a_second_instance_on_the_same_folder_is_refused() {
    let mut world = World::open(1);
    let goods = world.goods_worth(1_00);
    check(world.tills[0].setup(), "另一个");
    world.tills[0].sell(&[&goods[0]]);
    world.tills[0].kill();
    world.tills[0].restart();
    world.tills[0].sign_in(CASHIER_PIN);
    assert_eq!(world.tills[0].sales().len(), 1, "a lock of the dead does not hold");
}

#[test]
fn a_wrong_key_opens_nothing_and_sets_nothing_aside() {
    let mut world = World::open(1);
    let goods = world.goods_worth(1_00);
    let paid = world.tills[0].sell(&[&goods[0]]);
    world.tills[0].wait_drained();
    world.tills[0].kill();
    let setup = world.tills[0].setup().clone();
    let wrong = setup.folder.join("wrong.key");
    std::fs::write(&wrong, format!("{}\n", "5a".repeat(32))).expect("the key file is written");
    let files = |setup: &Setup| {
        let names = std::fs::read_dir(setup.data()).expect("the data folder").filter_map(Result::ok);
        let mut names: Vec<_> = names.map(|entry| entry.file_name()).collect();
        names.sort();
        names
    };
    let before = files(&setup);
    check(&Setup { key_file: Some(wrong), ..setup.clone() }, "密钥");
    check(&Setup { key_file: Some(setup.folder.join("no-such.key")), ..setup.clone() }, "密钥");
    let no_damage = |name: &std::ffi::OsString| !name.to_string_lossy().contains("damaged");
    assert!(files(&setup).iter().all(no_damage), "{:?} was {before:?}", files(&setup));
    world.tills[0].restart();
    world.tills[0].sign_in(CASHIER_PIN);
    assert_eq!(world.tills[0].sales()[0].receipt_no, paid.receipt_no);
    let warnings = world.tills[0].screen().warnings;
    assert!(warnings.iter().any(|warning| warning.code == "key_file_in_use"), "{warnings:?}");
}

#[test]
fn without_key_store_and_key_file_it_does_not_start() {
    let folder = tempfile::tempdir().expect("a folder for this test");
    let setup = Setup { key_file: None, ..Setup::below(folder.path()) };
    check(&setup, "--key-file");
    let inside = Setup { key_file: Some(setup.data().join("till.key")), ..setup };
    check(&inside, "数据文件夹");
}

#[test]
fn sigterm_ends_it_cleanly() {
    let mut world = World::open(1);
    let goods = world.goods_worth(1_00);
    world.tills[0].sell(&[&goods[0]]);
    assert_eq!(world.tills[0].stop(), Some(0));
    assert!(world.hq.stop(), "headquarters too");
    world.leave_unsettled("everybody was asked to end");
}
