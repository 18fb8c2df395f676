//! Enrolment, certificates and plain HTTP: who may speak with whom.

use serde_json::json;
use suanpan_tests::hq::{Hq, Line, run};
use suanpan_tests::proxy::Cable;
use suanpan_tests::terminal::Terminal;
use suanpan_tests::till::{Setup, Till};
use suanpan_tests::world::World;
use sync::protocol::problem::ProblemCode;

/// Enrolling with `code` is refused with the reason `code_of_failure`, and the till stays without a shop.
fn check(url: &str, code: &str, code_of_failure: &str) {
    let folder = tempfile::tempdir().expect("a folder for this test");
    let mut till = Till::start(&Setup::below(folder.path()));
    let no = till.refused("enrol", json!({"url": url, "code": code}));
    assert_eq!(no.code, code_of_failure, "{no:?}");
    assert_eq!(till.refused("staff.sign_in", json!({"pin": "135790"})).code, "not_enrolled");
}

#[test]
fn an_enrolment_code_works_once() {
    let mut world = World::open(0);
    let code = world.hq.code(5);
    assert!(Terminal::enrol(world.hq.url(), &code, 5).is_ok());
    let second = Terminal::enrol(world.hq.url(), &code, 6).err().expect("it was used");
    assert_eq!((second.0, second.1.code), (403, ProblemCode::EnrolCode));
    check(world.hq.url(), &code, "enrol_code");
    let end = code.rsplitn(3, '-').map(str::to_owned).collect::<Vec<_>>();
    check(world.hq.url(), &format!("ZZZZ-ZZZZ-{}-{}", end[1], end[0]), "enrol_code");
    world.leave_unsettled("no till, nothing moved");
}

#[test]
fn a_headquarters_with_another_certificate_gets_no_code() {
    let folder = tempfile::tempdir().expect("a folder for this test");
    let (one, other) = (folder.path().join("one"), folder.path().join("other"));
    for place in [&one, &other] {
        std::fs::create_dir_all(place).expect("a folder for headquarters");
    }
    let (true_hq, false_hq) = (Hq::demo(&one, Line::Tls), Hq::demo(&other, Line::Tls));
    let code = true_hq.code(1);
    check(false_hq.url(), &code, "enrol_code");
    let mut till = Till::start(&Setup::below(&folder.path().join("till")));
    till.enrol(true_hq.url(), &code);
}

#[test]
fn after_enrolment_no_other_certificate_is_accepted() {
    let mut world = World::open(1);
    let elsewhere = world.folder().join("elsewhere");
    std::fs::create_dir_all(&elsewhere).expect("a folder for headquarters");
    let false_hq = Hq::demo(&elsewhere, Line::Tls);
    let cable = Cable::to(false_hq.address());
    let goods = world.goods_worth(1_00);
    let setup = world.tills[0].setup().clone();
    let led_astray = Setup { hq: Some(false_hq.url_at(cable.address())), ..setup.clone() };
    world.tills[0].restart_as(&led_astray);
    world.tills[0].sign_in(suanpan_tests::cashier::CASHIER_PIN);
    world.tills[0].sell(&[&goods[0]]);
    world.tills[0].sync_now();
    world.tills[0].wait_offline();
    assert_eq!(world.tills[0].sync().unreceived, 1);
    let asked = false_hq.log();
    assert!(!asked.contains("hello"), "nothing was said to a stranger: {asked}");
    world.tills[0].restart_as(&setup);
    world.tills[0].wait_online();
}

#[test]
fn plain_http_is_served_on_loopback_only() {
    let folder = tempfile::tempdir().expect("a folder for this test");
    assert!(run(folder.path(), &["init", "--demo"]).status.success());
    let refused = run(folder.path(), &["serve", "--http", "--listen", "0.0.0.0:0"]);
    assert_eq!(refused.status.code(), Some(3), "{refused:?}");
    let sentence = String::from_utf8_lossy(&refused.stderr);
    assert!(sentence.contains("http") || sentence.contains("HTTP"), "{sentence}");
    check("http://192.0.2.1:1", "ABCD-EFGH-0000-0000", "network");
}
