//! Headquarters' disk is lost and an older backup takes its place: the tills offer again what it does not
//! hold, everything is decided once, and nothing is called safe that no proved backup holds.

use std::time::Duration;

use serde_json::Value;
use suanpan_tests::hq;
use suanpan_tests::wait;
use suanpan_tests::world::World;

fn said(world: &World, arguments: &[&str]) -> Value {
    let output = hq::run(world.folder(), arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("one line of JSON")
}

/// Waits until the till has heard how far it is safe: the answer to its next push says so.
fn stable(world: &mut World, through: u64) {
    let till = &mut world.tills[0];
    wait::until(&format!("events through {through} are stable"), Duration::from_secs(20), || {
        till.sync_now();
        (till.sync().stable_through >= through).then_some(())
    });
}

#[test]
fn a_restored_headquarters_is_told_everything_again() {
    let mut world = World::open(1);
    let (member, before) = world.rich_member();
    let goods = world.goods_worth(20_00);
    let goods: Vec<&str> = goods.iter().map(String::as_str).collect();
    let backups = world.folder().join("backups");
    let backups = backups.to_str().expect("a path");

    let first = world.tills[0].sell_to(&member.card_no, &goods);
    world.tills[0].wait_drained();
    said(&world, &["backup", "--to", backups]);
    let held = world.tills[0].sync().received_through;
    let second = world.tills[0].sell_to(&member.card_no, &goods);
    world.tills[0].wait_drained();
    assert_eq!(world.tills[0].sync().stable_through, 0, "a backup that nobody proved is none");
    let proved = said(&world, &["verify", "--from", backups]);
    assert_eq!(proved["newly_stable"], held, "{proved}");
    let third = world.tills[0].sell(&goods);
    world.tills[0].wait_drained();
    stable(&mut world, held);
    assert_eq!(world.tills[0].sync().stable_through, held, "what came after the backup is not in it");

    world.hq.kill();
    let refused = hq::run(world.folder(), &["restore", "--from", backups]);
    assert_eq!(refused.status.code(), Some(3), "a chain is never overwritten");
    std::fs::remove_dir_all(world.folder().join("hq")).expect("the disk is lost");
    let restored = said(&world, &["restore", "--from", backups]);
    assert_ne!(restored["log_epoch"], proved["log_epoch"], "the log has another name");
    world.hq.restart();
    let fourth = world.tills[0].sell(&goods);
    wait::until("the till has told everything again", Duration::from_secs(60), || {
        let status = world.tills[0].sync();
        (status.unreceived == 0 && status.decided_through == fourth.seq).then_some(())
    });
    for sale in [&first, &second, &third, &fourth] {
        let terminal = world.tills[0].sale(&sale.receipt_no).receipt_code;
        let terminal = terminal.split(':').nth(1).and_then(|n| n.parse().ok()).expect("SP1:<terminal>:…");
        let event = world.operator.event(terminal, &sale.epoch, sale.seq).expect("headquarters has it");
        assert_eq!((event.verdict.as_str(), event.code.as_str()), ("applied", "ok"));
    }
    let earned = first.points_earned + second.points_earned;
    assert_eq!(world.points_of(member.id), before + earned, "nothing twice");
    assert_eq!(world.tills[0].sync().stable_through, 0, "no backup of this log was proved");
    said(&world, &["backup", "--to", backups]);
    let proved = said(&world, &["verify", "--from", backups]);
    assert_eq!(proved["newly_stable"], fourth.seq, "{proved}");
    world.tills[0].sell(&goods);
    stable(&mut world, fourth.seq);
    assert_eq!(world.tills[0].sync().stable_through, fourth.seq);
}
