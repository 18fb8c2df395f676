//! No room for one more sale: it is refused with a sentence, nothing of it stays, and later it works.

use std::process::Command;

use serde_json::json;
use suanpan_tests::paper;
use suanpan_tests::till::Till;
use suanpan_tests::world::World;

/// Lets no file of the till grow beyond `bytes`; None lifts the limit.
fn limit(till: &Till, bytes: Option<u64>) {
    let soft = bytes.map_or_else(|| "unlimited".to_owned(), |bytes| bytes.to_string());
    let done = Command::new("prlimit")
        .args(["--pid", &till.process_id().to_string(), &format!("--fsize={soft}:unlimited")])
        .status();
    assert!(done.is_ok_and(|status| status.success()), "prlimit limits a child");
}

/// Sells until the disk is full; returns the receipts and the refusal.
fn check(till: &mut Till, code: &str) -> (Vec<String>, till::failure::Failure) {
    let mut receipts = Vec::new();
    for _ in 0..300 {
        till.scan(code);
        let press = json!({"request_id": till.next_press()});
        match till.ask("pay", press) {
            Ok(paid) => receipts.push(paid["receipt_no"].as_str().expect("a receipt number").to_owned()),
            Err(no) => return (receipts, no),
        }
    }
    panic!("the disk never became full");
}

#[test]
fn a_full_disk_refuses_the_sale() {
    let mut world = World::open(0);
    world.add_till(|setup| {
        // What writes beyond the limit gets an error, not a signal.
        setup.before = ["sh", "-c", "trap '' XFSZ; exec \"$@\"", "sh"].map(str::to_owned).to_vec();
    });
    let goods = world.goods_worth(1_00);
    world.darken(0);
    let till = &mut world.tills[0];
    till.sell(&[&goods[0]]);
    limit(till, Some(till.size_of("ledger.db-wal") + 60_000));
    let (receipts, no) = check(till, &goods[0]);
    assert_eq!(no.code, "disk_full", "{no:?}");
    assert!(!no.message.is_empty() && !no.hint.is_empty());
    let sales = till.sales();
    assert_eq!(sales.len(), receipts.len() + 1, "nothing of the refused sale is there");
    let unreceived = till.sync().unreceived;
    let printed = paper::receipts_in(&till.setup().paper());
    assert!(printed.iter().all(|number| sales.iter().any(|sale| sale.receipt_no == *number)), "{printed:?}");

    limit(till, None);
    let paid = till.pay();
    assert_eq!(till.sync().unreceived, unreceived + 1);
    let last = receipts.last().map_or(0, |number| running_number(number));
    assert_eq!(running_number(&paid.receipt_no), last + 1, "no receipt number was lost on the way");
    world.light(0);
    world.tills[0].wait_drained();
}

fn running_number(receipt_no: &str) -> u32 {
    receipt_no.rsplit('-').next().and_then(|number| number.parse().ok()).expect("it ends in a number")
}
