//! The line stays down. A person carries the till's unsent sales to headquarters in a file that only
//! headquarters can read; in the end the line comes back, and everything is booked once.

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use suanpan_tests::cashier::CASHIER_PIN;
use suanpan_tests::programs;
use suanpan_tests::till::Setup;
use suanpan_tests::world::World;

fn export(setup: &Setup, out: &Path) -> (bool, String) {
    let mut command = Command::new(programs::path(programs::TILL));
    command.args(["export", "--out"]).arg(out).arg("--data").arg(setup.data());
    command.arg("--key-file").arg(setup.key_file.as_ref().expect("tests have a key file"));
    let output = command.output().expect("suanpan-till was built");
    let said = if output.status.success() { output.stdout } else { output.stderr };
    (output.status.success(), String::from_utf8_lossy(&said).into_owned())
}

fn import(world: &World, file: &Path) -> Value {
    let said = world.hq.command(&["import-events", file.to_str().expect("a plain path")]);
    serde_json::from_str(said.trim()).unwrap_or_else(|e| panic!("{e}: {said}"))
}

#[test]
fn a_file_carried_to_headquarters_counts_once() {
    let mut world = World::open(1);
    let (member, before) = world.rich_member();
    let goods = world.goods_worth(30_00);
    let goods: Vec<&str> = goods.iter().map(String::as_str).collect();
    world.darken(0);
    let setup = world.tills[0].setup().clone();
    let mut earned = world.tills[0].sell_to(&member.card_no, &goods).points_earned;
    let (first, second) = (world.folder().join("first.suanpan"), world.folder().join("second.suanpan"));
    assert!(!export(&setup, &first).0, "a running till keeps its ledger to itself");
    world.tills[0].stop();
    let (ok, said) = export(&setup, &first);
    assert!(ok, "{said}");
    world.tills[0].restart();
    world.tills[0].sign_in(CASHIER_PIN);
    earned += world.tills[0].sell_to(&member.card_no, &goods).points_earned;
    earned += world.tills[0].sell_to(&member.card_no, &goods).points_earned;
    world.tills[0].stop();
    assert!(export(&setup, &second).0);
    let bytes = std::fs::read(&second).expect("the file was written");
    assert!(!bytes.windows(9).any(|part| part == b"\"receipt_"), "nobody else can read it");

    let half = import(&world, &first);
    let taken = half["taken"].as_u64().expect("a number");
    assert!(taken >= 1 && half["known"] == 0, "{half}");
    let whole = import(&world, &second);
    assert_eq!((&whole["known"], &whole["taken"]), (&half["taken"], &Value::from(2)), "{whole}");
    assert_eq!(import(&world, &second)["taken"], 0);
    assert_eq!(world.points_of(member.id), before + earned);

    // The line comes back: everything is here already.
    world.tills[0].restart();
    world.tills[0].sign_in(CASHIER_PIN);
    world.light(0);
    world.tills[0].wait_drained();
    assert_eq!(world.points_of(member.id), before + earned);
    assert!(world.operator.open_cases().is_empty(), "{:?}", world.operator.open_cases());
}
