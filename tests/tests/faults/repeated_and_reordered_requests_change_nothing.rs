//! C28 and C7, by a client written by hand: the stream's number and hash decide.

use ledger::fact::Fact;
use ledger::id::{Anchor, Hash, MemberId, SaleId};
use ledger::money::Fen;
use ledger::points::Points;
use ledger::quantity::Milli;
use ledger::refund::{Refund, RefundDesk};
use ledger::sale::{Presented, Sale, SaleLine, SaleMember};
use ledger::tender::{Tender, TenderKind};
use suanpan_tests::terminal::{Terminal, now};
use suanpan_tests::world::World;
use sync::protocol::problem::ProblemCode;
use sync::protocol::push::Verdict;

/// A plain sale of ten yuan to a member.
fn sale(number: u8, member: MemberId) -> Sale {
    let amount = Fen(10_00);
    Sale {
        sale_id: SaleId::new(now(), [number; 10]),
        receipt_no: format!("77-261121-{number:04}"),
        shift_no: 1,
        staff: "1001".into(),
        lines: vec![SaleLine {
            n: 0,
            sku: "X1".into(),
            name: "茶".into(),
            barcode: "6901234567892".into(),
            unit: "件".into(),
            weighed: false,
            price_fen: amount,
            qty_milli: Milli::ONE,
            list_fen: amount,
            amount_fen: amount,
            share_fen: Fen::ZERO,
        }],
        list_total_fen: amount,
        total_fen: amount,
        tenders: vec![Tender { kind: TenderKind::Cash, amount_fen: amount }],
        change_fen: Fen::ZERO,
        member: Some(SaleMember { member_id: member, presented: Presented::Scanned, tier: "basic".into() }),
        points_earned: Points(10),
        points_redeemed: Points::ZERO,
        redeem_value_fen: Fen::ZERO,
        coupons: Vec::new(),
        programme_version: 1,
        spending: ledger::sale::Spending::default(),
    }
}

fn desk(number: u8) -> RefundDesk {
    RefundDesk {
        sale_id: SaleId::new(now(), [number; 10]),
        receipt_no: format!("77-261121-{number:04}"),
        shift_no: 1,
        staff: "1001".into(),
        approved_by: "1002".into(),
        reason: "变质".into(),
    }
}

fn terminal(world: &World, till_no: u32) -> Terminal {
    let made = Terminal::enrol(world.hq.url(), &world.hq.code(till_no), u64::from(till_no));
    let mut terminal = made.unwrap_or_else(|no| panic!("till {till_no} is not enrolled: {no:?}"));
    terminal.hello().expect("a new terminal is welcome");
    terminal
}

/// The member's points after what was done, and that the books are balanced.
fn check(world: &mut World, member: MemberId, points: i64) {
    assert_eq!(world.points_of(member), points);
    world.settle();
}

#[test]
fn a_push_repeated_gets_the_first_verdict_again() {
    let mut world = World::open(0);
    let (member, before) = world.rich_member();
    let mut hand = terminal(&world, 7);
    for number in 1..=3 {
        hand.write(Fact::Sale(sale(number, member.id)), member.id.into());
    }
    let first = hand.push(1, 2).expect("two sales arrive");
    assert_eq!((first.received_through, first.decided_through), (2, 2));
    let again = hand.push(1, 2).expect("sending again is always right");
    assert_eq!(again.outcomes, first.outcomes);
    let overlapping = hand.push(2, 3).expect("the third arrives with the second once more");
    assert_eq!(overlapping.received_through, 3);
    check(&mut world, member.id, before + 30);
}

#[test]
fn a_push_out_of_order_is_a_gap_and_another_history_is_a_fork() {
    let mut world = World::open(0);
    let (member, before) = world.rich_member();
    let mut hand = terminal(&world, 7);
    for number in 1..=3 {
        hand.write(Fact::Sale(sale(number, member.id)), member.id.into());
    }
    let (status, gap) = hand.push(3, 3).expect_err("the first two are missing");
    assert_eq!((status, gap.code, gap.seq), (409, ProblemCode::Gap, Some(0)));
    hand.push(1, 2).expect("in order it arrives");
    let true_third = hand.lines.pop().expect("three were written");
    hand.lines.pop();
    hand.write(Fact::Sale(sale(9, member.id)), member.id.into());
    let (status, fork) = hand.push(2, 2).expect_err("another second event");
    assert_eq!((status, fork.code, fork.seq), (409, ProblemCode::Fork, Some(2)));
    let torn = ledger::event::EventLine { line: true_third.line.clone(), hash: Hash::of(b"not this line") };
    assert!(hand.push_lines(3, &[torn]).is_err(), "a signature over another hash");
    hand.push_lines(3, &[true_third]).expect("the true third goes on");
    check(&mut world, member.id, before + 30);
}

#[test]
fn a_request_seen_before_is_refused() {
    let mut world = World::open(0);
    let mut hand = terminal(&world, 7);
    let ask = hand.prepare("GET", "/v1/sync/config?have=0", Vec::new(), &[]);
    hand.repeat(ask.clone()).expect("the first time it is answered");
    let (status, no) = hand.repeat(ask.clone()).expect_err("its nonce was used");
    assert_eq!((status, no.code), (401, ProblemCode::Unauthorised));
    let mut changed = hand.prepare("GET", "/v1/sync/config?have=0", Vec::new(), &[]);
    changed.path = "/v1/sync/config?have=1".into();
    assert_eq!(hand.repeat(changed).expect_err("the signature is of another path").0, 401);
    world.leave_unsettled("no till, nothing moved");
}

#[test]
fn a_refund_before_its_sale_waits_and_a_second_one_is_an_exception() {
    let mut world = World::open(0);
    let (member, before) = world.rich_member();
    let (mut seller, mut other) = (terminal(&world, 7), terminal(&world, 8));
    let sold = sale(1, member.id);
    let seq = seller.write(Fact::Sale(sold.clone()), member.id.into());
    let (key, hash) = (seller.event(seq), seller.lines[0].hash);
    let refund = |number| Fact::Refund(Refund::whole(&sold, key, hash, desk(number)));
    let anchor = Anchor::from(member.id);
    other.write(refund(2), anchor);
    let early = other.push(1, 1).expect("the refund arrives first");
    assert_eq!((early.outcomes[0].verdict, early.decided_through), (Verdict::Parked, 0));
    assert_eq!(early.outcomes[0].code, "unknown_ref");
    let late = seller.push(1, 1).expect("then the sale");
    assert_eq!(late.outcomes[0].verdict, Verdict::Applied);
    let settled = other.push(1, 1).expect("asked again, the refund is decided");
    assert_eq!((settled.outcomes[0].verdict, settled.decided_through), (Verdict::Applied, 1));
    assert_eq!(world.points_of(member.id), before);

    seller.write(refund(3), anchor);
    let second = seller.push(2, 2).expect("the second refund is a fact too");
    assert_eq!(second.outcomes[0].verdict, Verdict::AppliedWithException);
    let cases = world.operator.open_cases();
    assert_eq!((cases.len(), &cases[0]["kind"]), (1, &serde_json::json!("over_refund")));
    assert_eq!(cases[0]["amount"], 10_00);
    check(&mut world, member.id, before);
}

#[test]
fn an_unreadable_event_is_kept_aside_and_stops_nobody() {
    let mut world = World::open(0);
    let (member, before) = world.rich_member();
    let mut hand = terminal(&world, 7);
    hand.write(Fact::Sale(sale(1, member.id)), member.id.into());
    let mut broken = sale(2, member.id);
    broken.total_fen = Fen(1);
    hand.write(Fact::Sale(broken), member.id.into());
    hand.write(Fact::Sale(sale(3, member.id)), member.id.into());
    let ack = hand.push(1, 3).expect("HQ receives what it cannot book");
    let verdicts: Vec<Verdict> = ack.outcomes.iter().map(|outcome| outcome.verdict).collect();
    assert_eq!(verdicts, [Verdict::Applied, Verdict::Quarantined, Verdict::Applied]);
    assert_eq!(ack.decided_through, 3);
    check(&mut world, member.id, before + 20);
}
