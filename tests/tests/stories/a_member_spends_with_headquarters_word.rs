//! In contact a member's funds are set aside before they are spent: two tills cannot have them at once, and
//! the same question has the same answer for ever.

use std::time::Duration;

use ledger::grant::{AuthId, Grant, Spend};
use ledger::id::MemberId;
use ledger::money::Fen;
use ledger::points::Points;
use serde_json::json;
use suanpan_tests::terminal::Terminal;
use suanpan_tests::wait;
use suanpan_tests::world::World;
use sync::protocol::authorize::{
    AuthorizeRequest, Authorized, DenyCode, ReleaseAnswer, ReleaseRequest, Released,
};
use sync::protocol::path;
use uuid::Uuid;

fn question(n: u128, member: MemberId, points: i64, ttl_s: u32) -> AuthorizeRequest {
    let spend = Spend { member, points: Points(points), stored_fen: Fen::ZERO, coupons: Vec::new() };
    AuthorizeRequest { auth_id: AuthId(Uuid::from_u128(n)), spend, ttl_s, reason: String::new() }
}

/// The exact bytes of the answer.
fn ask(terminal: &mut Terminal, question: &AuthorizeRequest) -> Vec<u8> {
    let body = serde_json::to_vec(question).unwrap();
    terminal.signed("POST", path::AUTHORIZE, body, &[]).expect("headquarters answers").body
}

fn read(answer: &[u8]) -> Authorized {
    serde_json::from_slice(answer).unwrap()
}

fn granted(answer: &[u8]) -> Grant {
    match read(answer) {
        Authorized::Grant { grant, .. } => grant,
        Authorized::Deny { code, balances } => panic!("{code:?}, {balances:?}"),
    }
}

fn release(terminal: &mut Terminal, auth_id: AuthId) -> Released {
    let body = serde_json::to_vec(&ReleaseRequest { auth_id }).unwrap();
    let answer = terminal.signed("POST", path::RELEASE, body, &[]).expect("headquarters answers");
    answer.json::<ReleaseAnswer>().state
}

#[test]
fn two_tills_in_contact_cannot_overdraw_one_member() {
    let mut world = World::open(2);
    let (member, points) = world.rich_member();
    let worth = world.programme().worth(Points(points)).0;
    let goods = world.goods_worth(worth * 3);
    for till in &mut world.tills {
        till.scan_card(&member.card_no);
        for code in &goods {
            till.scan(code);
        }
        till.redeem(points / 100 * 100);
    }
    let paid = world.tills[0].pay();
    assert_eq!(paid.points_redeemed, points / 100 * 100);
    let request_id = world.tills[1].next_press();
    let no = world.tills[1].refused("pay", json!({"request_id": request_id}));
    assert_eq!(no.code, "points_short", "{no:?}");
    world.hq.restart();
    world.tills[1].wait_online();
    let _: serde_json::Value = world.tills[1].call("cart.redeem", json!({"choice": "none"}));
    let second = world.tills[1].pay();
    world.settle();
    assert!(world.operator.open_cases().is_empty());
    let left = world.points_of(member.id);
    assert_eq!(left, points - paid.points_redeemed + paid.points_earned + second.points_earned);
    granted(&ask(&mut world.auditor, &question(5, member.id, left, 60)));
}

#[test]
fn a_lost_answer_and_a_restart_change_nothing_and_a_hold_ends_by_itself() {
    let mut world = World::plain(0);
    let (member, points) = world.rich_member();
    let asker = &mut world.auditor;
    let first = question(1, member.id, points, 600);
    let answer = ask(asker, &first);
    let grant = granted(&answer);
    assert_eq!(ask(asker, &first), answer, "the same id is the same question");
    let Authorized::Deny { code, balances } = read(&ask(asker, &question(2, member.id, 100, 60))) else {
        panic!("more was granted than there is");
    };
    assert_eq!((code, balances.points), (DenyCode::Insufficient, 0));

    world.hq.restart();
    let asker = &mut world.auditor;
    assert_eq!(ask(asker, &first), answer, "headquarters remembers its word");
    assert_eq!(release(asker, grant.auth_id), Released::Released);
    assert_eq!(release(asker, grant.auth_id), Released::Released);
    assert_eq!(release(asker, AuthId(Uuid::from_u128(99))), Released::Unknown);

    granted(&ask(asker, &question(3, member.id, points, 1)));
    let mut n = 10;
    wait::until("the hold ends by itself", Duration::from_secs(10), || {
        n += 1;
        match read(&ask(&mut world.auditor, &question(n, member.id, points, 60))) {
            Authorized::Grant { .. } => Some(()),
            Authorized::Deny { .. } => None,
        }
    });
    let nobody = question(4, MemberId::from([9; 16]), 100, 60);
    let Authorized::Deny { code, .. } = read(&ask(&mut world.auditor, &nobody)) else {
        panic!("nobody spends")
    };
    assert_eq!(code, DenyCode::UnknownMember);
}
