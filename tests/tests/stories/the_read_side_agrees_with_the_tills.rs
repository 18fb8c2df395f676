//! What a script reads at headquarters is what the tills show.

use suanpan_tests::hq::STORE;
use suanpan_tests::world::World;

/// The balance of points that the read side names for a member, wherever it stands in the answer.
fn check(world: &World, member_id: &str) -> i64 {
    let answer = world.operator.get(&format!("/v1/read/members/{member_id}"));
    let account = format!("member:{member_id}");
    let balances = answer["balances"].as_array().unwrap_or_else(|| panic!("no balances: {answer}"));
    let row = balances.iter().find(|row| row["account"] == account.as_str() && row["unit"] == "points");
    row.and_then(|row| row["balance"].as_i64()).unwrap_or_else(|| panic!("no balance of {account}: {answer}"))
}

#[test]
fn the_read_side_agrees_with_the_tills() {
    let mut world = World::open(2);
    let (member, _) = world.rich_member();
    let goods = world.goods_worth(20_00);
    let goods: Vec<&str> = goods.iter().map(String::as_str).collect();
    let mut sold = 0;
    for index in [0, 1, 0] {
        sold += world.tills[index].sell_to(&member.card_no, &goods).total_fen;
    }
    let back = world.tills[0].sales().first().map(|sale| sale.receipt_no.clone()).expect("there are sales");
    sold -= world.tills[0].refund(&back).total_fen;
    let date = world.tills[0].screen().business_day;
    let mut tills = 0;
    for till in &mut world.tills {
        let drawer: till::view::DayReport = till.call("report.x", serde_json::json!({}));
        let closed = till.close_day(drawer.total_fen);
        assert_eq!(closed.cash_difference_fen, Some(0));
        tills += closed.total_fen;
        till.wait_drained();
    }
    world.settle();
    assert_eq!(tills, sold);
    let at_till = world.tills[0].member(&member.card_no);
    assert_eq!(at_till.balance.confirmed, check(&world, &at_till.member_id));
    let day = world.operator.day(STORE, &date).to_string();
    assert!(
        day.contains(&format!("\"total_fen\":{sold}")) || day.contains(&sold.to_string()),
        "{sold}: {day}"
    );
    assert!(world.operator.open_cases().is_empty(), "{:?}", world.operator.open_cases());
    assert_eq!(world.operator.ask("/v1/read/events/1/0000000000000001/999999").status, 404);
}

#[test]
fn nobody_reads_without_a_token() {
    let mut world = World::open(0);
    let stranger = suanpan_tests::operator::Operator::of(&world.hq, "not-a-token");
    for path in
        ["/v1/read/trial-balance", "/v1/read/cases?state=open", "/v1/read/stores/S001/days/2026-11-21"]
    {
        assert_eq!(stranger.ask(path).status, 401, "{path}");
    }
    world.leave_unsettled("no till, nothing moved");
}
