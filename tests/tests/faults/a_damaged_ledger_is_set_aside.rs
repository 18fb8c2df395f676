//! The disk ate a piece of the ledger: it is named, kept, and the shop opens with a new one.

use std::io::{Seek as _, SeekFrom, Write as _};

use suanpan_tests::till::{Setup, Till};
use suanpan_tests::world::World;

/// Overwrites the beginning of `file` and what its pages after it hold.
fn damage(setup: &Setup, file: &str) {
    let path = setup.data().join(file);
    let mut ledger = std::fs::OpenOptions::new().write(true).open(&path).expect("the ledger is there");
    let length = ledger.metadata().expect("its length").len();
    for at in (0..length).step_by(4096) {
        ledger.seek(SeekFrom::Start(at)).expect("inside the file");
        ledger.write_all(&[0xA5; 512]).expect("the disk writes");
    }
}

/// The files that were set aside.
fn check(setup: &Setup) -> Vec<String> {
    let names = std::fs::read_dir(setup.data()).expect("the data folder").filter_map(Result::ok);
    let names = names.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut aside: Vec<String> = names.filter(|name| name.contains("damaged")).collect();
    aside.sort();
    aside
}

#[test]
fn a_damaged_ledger_is_set_aside() {
    let mut world = World::open(1);
    let goods = world.goods_worth(1_00);
    world.darken(0);
    world.tills[0].sell(&[&goods[0]]);
    world.tills[0].stop();
    let setup = world.tills[0].setup().clone();
    let size = world.tills[0].size_of("ledger.db");
    damage(&setup, "ledger.db");
    let mut till = Till::start(&setup);
    let aside = check(&setup);
    let kept = aside.iter().find(|name| name.starts_with("ledger.db.damaged-") && !name.ends_with("-wal"));
    let kept = kept.unwrap_or_else(|| panic!("nothing was set aside: {aside:?}"));
    assert_eq!(std::fs::metadata(setup.data().join(kept)).map(|file| file.len()).ok(), Some(size));
    let warnings = till.screen().warnings;
    let named = warnings.iter().any(|w| format!("{}{}", w.message, w.hint).contains(kept.as_str()));
    assert!(named, "{kept} is named to the cashier: {warnings:?}");
    assert!(!till.log().contains("panicked"), "{}", till.log());
    assert_eq!(till.refused("staff.sign_in", serde_json::json!({"pin": "135790"})).code, "not_enrolled");

    world.cables[0].heal();
    let url = world.hq.url_at(world.cables[0].address());
    till.enrol(&url, &world.hq.code(1));
    till.open_shop();
    till.sell(&[&goods[0]]);
    world.tills[0] = till;
    assert_eq!(check(&setup), aside, "the damaged file stays");
}
