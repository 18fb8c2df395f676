//! Headquarters' database is lost and an older backup takes its place: the tills offer again what it does not
//! hold, everything is decided once, nothing is called safe that no proved backup holds, and nobody who was
//! erased comes back.

use std::path::Path;
use std::time::Duration;

use ledger::id::MemberId;
use serde_json::{Value, json};
use suanpan_tests::postgres::Cluster;
use suanpan_tests::till::Till;
use suanpan_tests::wait;
use suanpan_tests::world::World;
use till::view::Paid;

const TOLD_LIMIT: Duration = Duration::from_secs(60);
const DATABASE: &str = "suanpan";

fn said(world: &World, arguments: &[&str]) -> Value {
    serde_json::from_str(&world.hq.command(arguments)).expect("one line of JSON")
}

/// Waits until the till has heard how far it is safe: the answer to its next push says so.
fn stable(world: &mut World, through: u64) {
    let till = &mut world.tills[0];
    wait::until(&format!("events through {through} are stable"), Duration::from_secs(20), || {
        till.sync_now();
        (till.sync().stable_through >= through).then_some(())
    });
}

/// The till has nothing left to tell, and knows what became of everything.
fn told(till: &mut Till, last: &Paid) {
    wait::until("the till has told everything again", TOLD_LIMIT, || {
        let status = till.sync();
        (status.unreceived == 0 && status.decided_through == last.seq).then_some(())
    });
}

fn applied(world: &mut World, sales: &[&Paid]) {
    for sale in sales {
        let terminal = world.tills[0].sale(&sale.receipt_no).receipt_code;
        let terminal = terminal.split(':').nth(1).and_then(|n| n.parse().ok()).expect("SP1:<terminal>:…");
        let event = world.operator.event(terminal, &sale.epoch, sale.seq).expect("headquarters has it");
        assert_eq!((event.verdict.as_str(), event.code.as_str()), ("applied", "ok"));
    }
}

fn is_erased(world: &World, member: MemberId) {
    wait::until("the erased member is erased again", TOLD_LIMIT, || {
        let (_, member) = world.operator.try_get(&format!("/v1/read/members/{member}"))?;
        (member["state"] == "erased").then_some(())
    });
}

/// Two people go after the backup was made; one of them had joined after it, too.
fn two_are_erased(world: &mut World, buyer: MemberId) -> [MemberId; 2] {
    let joined = world.tills[0].join("13900007777", "赵小雨").member.member_id.parse().expect("an id");
    world.tills[0].wait_drained();
    let members = world.snapshot().members;
    let known = members.iter().map(|(row, ..)| row.id).find(|id| *id != buyer && *id != joined);
    let gone = [known.expect("the demo shop has members"), joined];
    for member in gone {
        let done = said(world, &["erase", &member.to_string()]);
        assert!(!done["entries"].as_array().expect("a list").is_empty(), "{done}");
    }
    gone
}

/// A newer backup whose file was damaged is refused.
fn a_damaged_backup_is_refused(world: &World, backups: &str) {
    let newest = said(world, &["backup", "--to", backups])["backup"].as_str().expect("a path").to_owned();
    let file = Path::new(&newest).join("hq.db");
    let bytes = std::fs::read(&file).expect("a backup has a database");
    std::fs::write(&file, &bytes[..bytes.len() - 4096]).expect("the test's own file");
    let refused = world.hq.run(&["restore", "--from", &newest]);
    assert_eq!(refused.status.code(), Some(3));
}

/// `lose` takes headquarters' database away for ever.
fn story(mut world: World, lose: impl Fn(&World)) {
    let (member, before) = world.rich_member();
    let goods = world.goods_worth(20_00);
    let goods: Vec<&str> = goods.iter().map(String::as_str).collect();
    let backups = world.folder().join("backups");
    let backups = backups.to_str().expect("a path");

    let first = world.tills[0].sell_to(&member.card_no, &goods);
    world.tills[0].wait_drained();
    let image = said(&world, &["backup", "--to", backups])["backup"].as_str().expect("a path").to_owned();
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
    let gone = two_are_erased(&mut world, member.id);

    world.hq.kill();
    let refused = world.hq.run(&["restore", "--from", &image]);
    assert_eq!(refused.status.code(), Some(3), "a chain is never overwritten");
    a_damaged_backup_is_refused(&world, backups);
    lose(&world);
    let restored = said(&world, &["restore", "--from", &image]);
    assert_ne!(restored["log_epoch"], proved["log_epoch"], "the log has another name");
    assert_eq!(restored["erased_again"], 1, "{restored}");
    world.hq.restart();
    let fourth = world.tills[0].sell(&goods);
    told(&mut world.tills[0], &fourth);
    applied(&mut world, &[&first, &second, &third, &fourth]);
    gone.iter().for_each(|member| is_erased(&world, *member));
    let earned = first.points_earned + second.points_earned;
    assert_eq!(world.points_of(member.id), before + earned, "nothing twice");
    assert_eq!(world.tills[0].sync().stable_through, 0, "no backup of this log was proved");
    said(&world, &["backup", "--to", backups]);
    let proved = said(&world, &["verify", "--from", backups]);
    assert_eq!(proved["newly_stable"], json!(fourth.seq), "{proved}");
    world.tills[0].sell(&goods);
    stable(&mut world, fourth.seq);
    assert_eq!(world.tills[0].sync().stable_through, fourth.seq);
}

#[test]
fn a_restored_headquarters_is_told_everything_again() {
    story(World::open(1), |world| {
        std::fs::remove_dir_all(world.hq.data()).expect("the disk is lost");
    });
}

#[test]
fn a_headquarters_restored_on_postgresql_is_told_everything_again() {
    let Some(cluster) = Cluster::start() else { return };
    story(World::on(1, &cluster.database(DATABASE)), |world| {
        std::fs::remove_dir_all(world.hq.data()).expect("the folder is lost with the database");
        cluster.empty(DATABASE);
    });
}
