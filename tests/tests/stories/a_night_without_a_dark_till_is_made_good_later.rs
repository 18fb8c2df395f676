//! Headquarters closes the day while one till is dark: its store is missing, not zero. What it sold comes
//! later; the closed total stays, the late list is the difference, and the next count agrees.

use std::process::Output;

use serde_json::{Value, json};
use suanpan_tests::hq::{self, STORE};
use suanpan_tests::world::World;

fn nightly(world: &World, date: &str) -> (Option<i32>, Value, String) {
    let Output { status, stdout, .. } = hq::run(world.folder(), &["nightly", "--date", date, "--json"]);
    let said = String::from_utf8_lossy(&stdout).into_owned();
    let mut lines = said.lines();
    let report = lines.next().and_then(|line| serde_json::from_str(line).ok());
    let report: Value = report.unwrap_or_else(|| panic!("a report: {said}"));
    (status.code(), report["stores"][0].clone(), lines.last().unwrap_or_default().to_owned())
}

#[test]
fn a_night_without_a_dark_till_is_made_good_later() {
    let mut world = World::open(2);
    let goods = world.goods_worth(20_00);
    let goods: Vec<&str> = goods.iter().map(String::as_str).collect();
    let date = world.tills[0].screen().business_day;
    let in_time = world.tills[0].sell(&goods).total_fen;
    world.tills[0].close_day(in_time);
    world.tills[0].wait_drained();
    world.darken(1);
    let dark = world.tills[1].sell(&goods);
    let back = world.tills[1].sell(&goods);
    world.tills[1].refund(&back.receipt_no);

    let (code, store, last) = nightly(&world, &date);
    assert_eq!((code, last), (Some(1), format!("{date}: 1 stores, 0 agreed, 0 differ, 1 missing")));
    let states: Vec<&Value> =
        store["tills"].as_array().into_iter().flatten().map(|till| &till["state"]).collect();
    assert_eq!(states, ["agreed", "missing"], "{store}");
    assert_eq!((&store["booked_fen"], &store["till_total_fen"]), (&json!(in_time), &json!(in_time)));
    assert_eq!(
        nightly(&world, &date),
        (code, store, format!("{date}: 1 stores, 0 agreed, 0 differ, 1 missing"))
    );

    world.tills[1].close_day(dark.total_fen);
    world.light(1);
    world.tills[1].wait_drained();
    let late = world.operator.day(STORE, &date)["late"].as_array().cloned().unwrap_or_default();
    assert_eq!(late.len(), 3, "two sales and a refund: {late:?}");
    let terminal = late[0]["terminal"].as_u64().and_then(|n| n.try_into().ok()).expect("a terminal");
    let event = world.operator.event(terminal, &dark.epoch, dark.seq);
    assert_eq!(event.map(|e| (e.verdict, e.code)), Some(("applied".to_owned(), "late".to_owned())));
    let (code, store, last) = nightly(&world, &date);
    assert_eq!((code, last), (Some(0), format!("{date}: 1 stores, 1 agreed, 0 differ, 0 missing")));
    assert_eq!(store["booked_fen"], json!(in_time), "the closed total stays");
    assert_eq!(store["late_of_fen"], json!(dark.total_fen), "the late list is the difference");
    assert_eq!(store["till_total_fen"], json!(in_time + dark.total_fen));
    assert!(world.operator.open_cases().is_empty(), "{:?}", world.operator.open_cases());
}
