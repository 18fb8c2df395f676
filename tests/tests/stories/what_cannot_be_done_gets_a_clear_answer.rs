//! Every "no" has a code, one sentence and one next step, and changes nothing.

use serde_json::{Value, json};
use suanpan_tests::cashier::CASHIER_PIN;
use suanpan_tests::till::{Setup, Till};
use suanpan_tests::world::World;

fn check(till: &mut Till, cmd: &str, args: Value, code: &str) {
    let before = till.screen().cart;
    let no = till.refused(cmd, args.clone());
    assert_eq!(no.code, code, "{cmd} {args}: {no:?}");
    assert_eq!(till.screen().cart, before, "{cmd} {args} changed the cart");
}

#[test]
fn what_cannot_be_done_gets_a_clear_answer() {
    let mut world = World::open(1);
    let goods = world.goods_worth(1_00);
    let till = &mut world.tills[0];
    let id = |n: u32| format!("01970000-0000-7000-8000-0000000000{n:02}");
    check(till, "pay", json!({"request_id": id(1)}), "cart_empty");
    check(till, "cart.recall", json!({}), "held_empty");
    check(till, "cart.scan", json!({"text": "6999999999997"}), "unknown_code");
    check(till, "cart.scan", json!({"text": "6999999999990"}), "bad_check_digit");
    check(till, "cart.scan", json!({"text": "6901234567892"}), "unknown_code");
    till.scan(&goods[0]);
    let due = till.screen().cart.due_fen;
    let short = json!({"request_id": id(2), "tenders": [{"kind": "cash", "amount_fen": due - 1}]});
    check(till, "pay", short, "tender_too_small");
    let none = json!({"request_id": id(3), "tenders": [{"kind": "cash", "amount_fen": 0}]});
    check(till, "pay", none, "bad_tender");
    check(till, "cart.quantity", json!({"line": 7, "qty_milli": 1000}), "no_such_line");
    check(till, "sale.refund", json!({"request_id": id(4), "receipt": "99-990101-0001"}), "unknown_receipt");
    check(till, "cart.dance", json!({}), "unknown_command");
    check(till, "pay", json!({"request_id": id(5), "discount": 1}), "bad_args");
    assert_eq!(till.raw("this is no JSON")["id"], Value::Null);
    assert_eq!(till.raw("{\"cmd\":")["ok"], false);
    assert_eq!(till.pay().total_fen, due, "after all of it the sale goes on");
}

#[test]
fn the_same_press_of_the_pay_key_sells_once() {
    let mut world = World::open(1);
    let goods = world.goods_worth(1_00);
    let till = &mut world.tills[0];
    till.scan(&goods[0]);
    let press = json!({"request_id": till.next_press()});
    let first = till.ask("pay", press.clone()).expect("the first press sells");
    let again = till.ask("pay", press.clone()).expect("the second returns the same");
    assert_eq!(first, again);
    till.scan(&goods[0]);
    assert_eq!(till.ask("pay", press).expect("also beside a new cart"), first);
    assert_eq!(till.screen().cart.pieces, 1, "the new cart is still there");
    assert_eq!(till.sales().len(), 1);
}

#[test]
fn five_wrong_pins_lock_and_a_restart_does_not_help() {
    let mut world = World::open(1);
    let till = &mut world.tills[0];
    let _: Value = till.call("staff.sign_out", json!({}));
    for _ in 0..4 {
        assert_eq!(till.refused("staff.sign_in", json!({"pin": "000000"})).code, "wrong_pin");
    }
    for pin in ["000000", CASHIER_PIN] {
        assert_eq!(till.refused("staff.sign_in", json!({"pin": pin})).code, "locked_out");
    }
    let setup = till.setup().clone();
    till.restart_as(&setup);
    assert_eq!(till.refused("staff.sign_in", json!({"pin": CASHIER_PIN})).code, "locked_out");
    till.restart_as(&Setup { clock_offset_ms: 6 * 60_000, ..setup });
    till.sign_in(CASHIER_PIN);
}

#[test]
fn a_clock_set_back_a_day_warns_and_sells() {
    let mut world = World::open(1);
    let goods = world.goods_worth(1_00);
    let till = &mut world.tills[0];
    let today = till.sell(&[&goods[0]]);
    let back = Setup { clock_offset_ms: -ledger::time::DAY_MS, ..till.setup().clone() };
    till.restart_as(&back);
    till.sign_in(CASHIER_PIN);
    let yesterday = till.sell(&[&goods[0]]);
    assert!(yesterday.seq > today.seq && yesterday.receipt_no != today.receipt_no);
    let warnings = till.screen().warnings;
    assert!(warnings.iter().any(|warning| warning.code == "clock_back"), "{warnings:?}");
}

#[test]
fn nothing_is_sold_before_enrolment_sign_in_and_shift() {
    let folder = tempfile::tempdir().expect("a folder for this test");
    let mut till = Till::start(&Setup::below(folder.path()));
    assert_eq!(till.hello().terminal, None);
    for (cmd, args) in [
        ("staff.sign_in", json!({"pin": CASHIER_PIN})),
        ("cart.scan", json!({"text": "6901234567892"})),
        ("pay", json!({"request_id": "01970000-0000-7000-8000-000000000001"})),
    ] {
        assert_eq!(till.refused(cmd, args).code, "not_enrolled", "{cmd}");
    }
    let mut world = World::open(1);
    let goods = world.goods_worth(1_00);
    let till = &mut world.tills[0];
    let _: Value = till.call("shift.close", json!({"counted_fen": 0}));
    till.scan(&goods[0]);
    let press = json!({"request_id": till.next_press()});
    assert_eq!(till.refused("pay", press.clone()).code, "shift_closed");
    let _: Value = till.call("staff.sign_out", json!({}));
    assert_eq!(till.refused("pay", press).code, "not_signed_in");
    till.sign_in(CASHIER_PIN);
}
