//! The day is closed, one more customer comes: the sale counts for the next day and names the close that
//! it missed, on the till, on paper and at headquarters.

use ledger::time::BusinessDay;
use serde_json::{Value, json};
use suanpan_tests::hq::STORE;
use suanpan_tests::world::World;
use till::view::DayReport;

#[test]
fn a_sale_after_the_close_belongs_to_the_next_day() {
    let mut world = World::open(1);
    let goods = world.goods_worth(20_00);
    let goods: Vec<&str> = goods.iter().map(String::as_str).collect();
    let till = &mut world.tills[0];
    let day = till.screen().business_day;
    let in_time = till.sell(&goods);
    let closed = till.close_day(in_time.total_fen);
    assert_eq!((closed.business_day.as_str(), closed.late.len()), (day.as_str(), 0));

    till.open_shop();
    let next: BusinessDay = day.parse().expect("a day");
    assert_eq!(till.screen().business_day, next.plus_days(1).to_string());
    let late = till.sell(&goods);
    assert_eq!(till.sale(&in_time.receipt_no).late_of, None);
    assert_eq!(till.sale(&late.receipt_no).late_of.as_deref(), Some(day.as_str()));
    let so_far: DayReport = till.call("report.x", json!({}));
    let report = till.close_day(late.total_fen);
    for late_list in [so_far.late, report.late] {
        let [sum] = &late_list[..] else { panic!("one closed day: {late_list:?}") };
        assert_eq!((sum.business_day.as_str(), sum.report_no), (day.as_str(), closed.report_no));
        assert_eq!((sum.count, sum.total_fen), (1, late.total_fen));
    }
    till.wait_drained();

    let at_hq = world.operator.day(STORE, &day);
    assert_eq!((&at_hq["state"], &at_hq["total_fen"]), (&json!("agreed"), &json!(in_time.total_fen)));
    let listed: Vec<&Value> = at_hq["late"].as_array().into_iter().flatten().collect();
    assert_eq!(listed.len(), 1, "{at_hq}");
    assert_eq!((&listed[0]["closed_by"], &listed[0]["seq"]), (&json!("till"), &json!(late.seq)));
    let terminal = listed[0]["terminal"].as_u64().and_then(|n| n.try_into().ok()).expect("a terminal");
    let event = world.operator.event(terminal, &late.epoch, late.seq);
    assert_eq!(event.map(|e| (e.verdict, e.code)), Some(("applied".to_owned(), "ok".to_owned())));
}
