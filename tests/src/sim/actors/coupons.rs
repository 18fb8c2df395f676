//! C4: coupons that end today or tomorrow, used at a till that cannot say so for days.

use hq::orders::{Wish, carry_out};
use ledger::coupon::{Benefit, CouponState};
use ledger::id::{CouponId, MemberId, StoreId};
use ledger::member::card_no;
use ledger::money::Fen;
use ledger::store::members;
use ledger::time::{BusinessDay, HOUR_MS, Timestamp, Zone};
use sync::decide::order::Order;
use sync::protocol::snapshot::CouponRow;

use crate::sim::cashier::{Wants, serve};
use crate::sim::line::Way;
use crate::sim::world::World;

/// Members of whom one uses it.
const REGULARS: u64 = 2;

/// A coupon is given out, its member comes to a till that is cut off then, the sale arrives much later.
pub fn act(world: &mut World) -> Result<(), String> {
    let n = 1 + u32::try_from(world.cast.dice.below(REGULARS)).unwrap_or(0);
    let no = world.cast.one_of(world.tills.len());
    issue(world, no, n)?;
    world.run_for(3_000)?;
    world.lines.set(no, Way::Down);
    if world.cast.dice.odds(300) {
        let hours = world.cast.dice.between(10, 60);
        world.note(format!("{hours} hours pass at till {no}, which is cut off"));
        world.sleep(hours * HOUR_MS);
        world.run_for(1_000)?;
    }
    serve(world, no, n, Wants::Coupon)?;
    let hours = world.cast.dice.between(20, 100);
    world.note(format!("till {no} is cut off for {hours} hours"));
    world.sleep(hours * HOUR_MS);
    if world.cast.dice.odds(600) {
        world.lines.set(no, Way::Open);
    }
    world.run_for(5_000)
}

fn issue(world: &mut World, no: usize, n: u32) -> Result<(), String> {
    let Some(app) = world.office.app().cloned() else { return Ok(()) };
    let Some(member) = member(world, no, n)? else { return Ok(()) };
    let now = Timestamp(world.now_ms());
    let today = BusinessDay::at(now, Zone::CHINA);
    let bytes: [u8; 10] = std::array::from_fn(|_| world.cast.dice.byte());
    let coupon = CouponRow {
        id: CouponId::new(now, bytes),
        code: format!("CE{:010}", world.cast.dice.below(10_000_000_000)),
        member,
        title: "今日立减 1 元".to_owned(),
        benefit: Benefit::Off { off_fen: Fen(100) },
        threshold_fen: Fen(200),
        starts_on: today,
        ends_on: today.plus_days(world.cast.dice.between(0, 1)),
        home_store: StoreId::from(world.tills[no].store.0.as_str()),
        state: CouponState::Open,
    };
    world.note(format!("coupon {} of {member} ends on {}", coupon.id, coupon.ends_on));
    let order = Order::IssueCoupon { coupon: Box::new(coupon) };
    let done = carry_out(&*app.store, app.now(), &Wish::Member(order), Some(&world.office.erasures()));
    if let Ok((_, moved)) = done {
        app.feed.publish(&moved);
    }
    world.tell(false);
    Ok(())
}

/// Who holds the card, by what the till knows.
fn member(world: &World, no: usize, n: u32) -> Result<Option<MemberId>, String> {
    let Some(ledger) = world.tills[no].ledger() else { return Ok(None) };
    let known = ledger.read(|r| members::by_card(r, &card_no(n))).map_err(|e| e.to_string())?;
    Ok(known.map(|member| member.id))
}
