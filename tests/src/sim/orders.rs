//! People at headquarters who order: members are blocked, joined, parted, erased, coupons given and revoked.

use hq::orders::{Wish, carry_out};
use hq::wire;
use ledger::coupon::{Benefit, CouponState};
use ledger::grant::AuthId;
use ledger::id::{CouponId, MemberId, StoreId};
use ledger::money::Fen;
use ledger::points::Points;
use ledger::time::{BusinessDay, Timestamp, Zone};
use sync::decide::order::Order;
use sync::protocol::snapshot::CouponRow;
use sync::protocol::transfer::{TransferRequest, Transferred};

use super::place::TILLS;
use super::world::World;

/// One order; a refusal is an answer.
///
/// # Errors
/// None today: what an order breaks, the invariants find.
pub fn work(world: &mut World) -> Result<(), String> {
    let Some(app) = world.office.app().cloned() else { return Ok(()) };
    world.read_books()?;
    let state = world.books.now();
    let members: Vec<MemberId> = state.members.keys().copied().collect();
    if members.is_empty() {
        return Ok(());
    }
    let (member, other) = (*world.chance.pick(&members), *world.chance.pick(&members));
    let open: Vec<CouponId> =
        state.coupons.iter().filter(|(_, now)| **now == CouponState::Open).map(|(id, _)| *id).collect();
    let order = match world.chance.below(100) {
        0..=29 => Order::IssueCoupon { coupon: Box::new(coupon(world, member)) },
        30..=44 if !open.is_empty() => Order::RevokeCoupon { coupon: *world.chance.pick(&open) },
        45..=56 => Order::Block { member, why: "sim".to_owned() },
        57..=68 => Order::Unblock { member },
        69..=81 => Order::Merge { from: member, to: other },
        82..=93 => Order::Unmerge { member },
        94..=95 => Order::Erase { member },
        96..=97 => return transfer(world, (member, other)),
        _ => {
            world.office.work_by_itself();
            return Ok(());
        }
    };
    if let Order::Merge { from, to } = &order {
        world.parted.extend([*from, *to]);
    }
    world.reach_order(&order, member);
    let name = order.name();
    let done = carry_out(&*app.store, app.now(), &Wish::Member(order), Some(&world.office.erasures()));
    world.note(format!("order {name} of {member}: {}", done.is_ok()));
    if let Ok((_, moved)) = done {
        app.feed.publish(&moved);
    }
    world.tell(false);
    Ok(())
}

/// A member gives another one points, at some counter; asked twice, it is one transfer.
fn transfer(world: &mut World, (from, to): (MemberId, MemberId)) -> Result<(), String> {
    let no = usize::try_from(world.chance.below(world.tills.len() as u64)).unwrap_or(0);
    let auth_id = AuthId(world.chance.id().parse().map_err(|e| format!("{e}"))?);
    let points = Points(world.chance.between(1, 200));
    let ask = TransferRequest { auth_id, from, to, points };
    let who = (no, world.tills[no].id);
    for _ in 0..2 {
        let answer = world.exchange.ask(who, |app, row| wire::transfer(app, row, &ask));
        world.note(format!("transfer of {points}: {answer:?}"));
        if answer == Some(Transferred::Done) {
            world.reached.insert("C34");
        }
    }
    world.tell(false);
    Ok(())
}

fn coupon(world: &mut World, member: MemberId) -> CouponRow {
    let now = Timestamp(world.now_ms());
    let today = BusinessDay::at(now, Zone::CHINA);
    let bytes: [u8; 10] = std::array::from_fn(|_| world.chance.byte());
    let (store, _) = *world.chance.pick(&TILLS);
    let days = world.chance.between(0, 10);
    CouponRow {
        id: CouponId::new(now, bytes),
        code: format!("CP{:010}", world.chance.below(10_000_000_000)),
        member,
        title: "立减 2 元".to_owned(),
        benefit: Benefit::Off { off_fen: Fen(200) },
        threshold_fen: Fen(300),
        starts_on: today.plus_days(-1),
        ends_on: today.plus_days(days),
        home_store: StoreId::from(store),
        state: CouponState::Open,
    }
}
