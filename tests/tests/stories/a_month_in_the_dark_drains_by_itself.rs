//! Thirty days without contact: sales, refunds, closes; then the cable comes back and nobody helps.

use std::collections::BTreeSet;
use std::time::Duration;

use ledger::time::DAY_MS;
use suanpan_tests::cashier::CASHIER_PIN;
use suanpan_tests::till::Setup;
use suanpan_tests::world::World;

const DAYS: i64 = 30;

/// One business day of the till, from the morning's sign-in to the close. Returns its receipts and total.
fn check(world: &mut World, setup: &Setup, day: i64, card_no: &str, goods: &[&str]) -> (Vec<String>, i64) {
    let till = &mut world.tills[0];
    till.restart_as(&Setup { clock_offset_ms: day * DAY_MS, ..setup.clone() });
    if day == 0 {
        till.sign_in(CASHIER_PIN);
    } else {
        till.open_shop();
    }
    let alone = till.sell(goods);
    let to_member = till.sell_to(card_no, goods);
    let mut receipts = vec![alone.receipt_no.clone(), to_member.receipt_no.clone()];
    let mut total = alone.total_fen + to_member.total_fen;
    if day % 7 == 3 {
        let back = till.refund(&to_member.receipt_no);
        receipts.push(back.receipt_no);
        total -= back.total_fen;
    }
    let report = till.close_day(total);
    assert_eq!((report.total_fen, report.cash_difference_fen), (total, Some(0)), "day {day}");
    assert_eq!(report.sales_count, 2, "day {day}: {report:?}");
    (receipts, total)
}

#[test]
fn a_month_in_the_dark_drains_by_itself() {
    let mut world = World::open(1);
    let (member, before) = world.rich_member();
    let goods = world.goods_worth(20_00);
    let goods: Vec<&str> = goods.iter().map(String::as_str).collect();
    world.darken(0);
    let setup = world.tills[0].setup().clone();
    let mut receipts = Vec::new();
    for day in 0..DAYS {
        receipts.extend(check(&mut world, &setup, day, &member.card_no, &goods).0);
    }
    assert_eq!(receipts.iter().collect::<BTreeSet<_>>().len(), receipts.len(), "no number twice");
    let waiting = world.tills[0].sync();
    assert!(waiting.unreceived >= 4 * 30, "{waiting:?}");

    world.cables[0].heal();
    let drained = world.tills[0].wait_drained_within(Duration::from_secs(90));
    assert_eq!(drained.received_through, drained.decided_through);
    let earned: i64 = world.tills[0]
        .sales()
        .iter()
        .filter(|sale| sale.member_name.is_some())
        .map(|sale| if sale.kind == "refund" { -sale.points_earned.abs() } else { sale.points_earned })
        .sum();
    assert_eq!(world.points_of(member.id), before + earned);
    assert!(world.operator.open_cases().is_empty(), "{:?}", world.operator.open_cases());
}
