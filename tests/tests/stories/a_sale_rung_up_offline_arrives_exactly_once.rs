//! The cable is out; the shop sells; the cable comes back.

use std::time::Duration;

use suanpan_tests::world::World;
use suanpan_tests::{paper, wait};
use till::view::{Paid, Standing};

/// What must hold of a sale once headquarters has it.
fn check(world: &mut World, till: usize, paid: &Paid) {
    let terminal = world.tills[till].hello().terminal;
    let terminal = terminal.unwrap_or_else(|| panic!("till {till} was restarted after it was enrolled"));
    let event = world.operator.event(terminal, &paid.epoch, paid.seq);
    let event = event.unwrap_or_else(|| panic!("{} did not arrive", paid.receipt_no));
    assert_eq!((event.verdict.as_str(), event.code.as_str()), ("applied", "ok"), "{}", paid.receipt_no);
    assert!(event.lsn > 0);
    assert_eq!(world.tills[till].sale(&paid.receipt_no).standing, Standing::Decided);
}

#[test]
fn a_sale_rung_up_offline_arrives_exactly_once() {
    let mut world = World::open(1);
    let (member, points) = world.rich_member();
    let goods = world.goods_worth(50_00);
    let goods: Vec<&str> = goods.iter().map(String::as_str).collect();
    world.darken(0);
    world.tills[0].restart();
    world.tills[0].sign_in(suanpan_tests::cashier::CASHIER_PIN);
    let till = &mut world.tills[0];
    let alone = till.sell(&goods);
    let to_member = till.sell_to(&member.card_no, &goods);
    assert!(to_member.points_earned > 0);
    assert_eq!(to_member.balance_confirmed, Some(points));
    assert_eq!(to_member.balance_pending, Some(to_member.points_earned));
    let waiting = till.sync();
    assert!(
        !waiting.online && waiting.unreceived >= 2 && waiting.oldest_unreceived_at.is_some(),
        "{waiting:?}"
    );
    assert_eq!(till.sale(&to_member.receipt_no).standing, Standing::Local);

    world.light(0);
    world.tills[0].wait_drained();
    for paid in [&alone, &to_member] {
        check(&mut world, 0, paid);
    }
    assert_eq!(world.points_of(member.id), points + to_member.points_earned);
    for paid in [&alone, &to_member] {
        let slips = wait::until("the receipt is printed", Duration::from_secs(10), || {
            let slips = paper::slips(&world.tills[0].setup().paper());
            slips.iter().any(|slip| slip.text.contains(&paid.receipt_no)).then_some(slips)
        });
        let count = slips.iter().filter(|slip| slip.text.contains(&paid.receipt_no)).count();
        assert_eq!(count, 1, "{} was printed once", paid.receipt_no);
    }
}
