//! What cashiers and customers do: the real commands of the till, with the arguments a window sends.

use ledger::id::MemberId;
use ledger::member::card_no;
use serde_json::{Value, json};
use till::failure::Failure;

use super::invariants::spending;
use super::place::MEMBERS;
use super::world::World;

const GOODS: [&str; 3] = ["6921168114221", "6921168412785", "6921168509256"];
/// Phones of people who join, few enough that two stores meet one.
const NEW_PHONES: u64 = 4;
const NAMES: [&str; 2] = ["王小梅", "李雷"];

/// Answers that only a defect gives.
const NEVER: &[&str] = &["internal", "damaged", "bad_args", "unknown_command"];

/// One piece of a cashier's work.
///
/// # Errors
/// A violation that shows at once.
pub fn work(world: &mut World, till: usize) -> Result<(), String> {
    if world.tills[till].running.is_none() || world.tills[till].asleep_until_ms > world.now_ms() {
        return Ok(());
    }
    let habits = world.theme.habits;
    let mut at = world.chance.below(100);
    let mut falls = |weight: u64| {
        let hit = at < weight;
        at = at.saturating_sub(weight);
        hit
    };
    if falls(habits.joins) {
        join(world, till)?;
    } else if falls(habits.refunds) {
        refund(world, till)?;
    } else if falls(habits.top_ups) {
        top_up(world, till)?;
    } else if falls(3) {
        ask(world, till, "cash.move", json!({"amount_fen": 1_000, "reason": "零钱"}))?;
    } else if falls(habits.closes) {
        ask(world, till, "shift.close", json!({"counted_fen": 20_000}))?;
    } else if falls(habits.closes) {
        ask(world, till, "day.close", json!({"counted_fen": 20_000}))?;
    } else if falls(2) {
        ask(world, till, "report.x", Value::Null)?;
    } else {
        sell(world, till)?;
    }
    world.settle(till)
}

/// Runs a command; a refusal is an answer, a defect is not.
fn ask(world: &mut World, till: usize, name: &str, args: Value) -> Result<Option<Value>, String> {
    let Some(running) = &world.tills[till].running else { return Ok(None) };
    let answer = running.till.dispatch(name, args);
    let failure: Failure = match answer {
        Ok(value) => return Ok(Some(value)),
        Err(failure) => failure,
    };
    if failure.code == "shift_closed" && name != "day.close" {
        running.till.dispatch("shift.open", json!({"float_fen": 20_000})).ok();
    }
    if NEVER.contains(&failure.code.as_str()) {
        return Err(format!("till {till} answers {name} with {}: {}", failure.code, failure.message));
    }
    world.note(format!("till {till} {name}: {}", failure.code));
    Ok(None)
}

fn sell(world: &mut World, till: usize) -> Result<(), String> {
    ask(world, till, "cart.clear", Value::Null)?;
    for _ in 0..=world.chance.below(3) {
        let code = *world.chance.pick(&GOODS);
        ask(world, till, "cart.scan", json!({"text": code, "typed": false}))?;
    }
    if world.chance.odds(world.theme.habits.large) {
        let pieces = world.chance.between(5, 40);
        ask(world, till, "cart.quantity", json!({"qty_milli": pieces * 1_000}))?;
    }
    let member = if world.chance.odds(800) { present(world, till)? } else { None };
    let habits = world.theme.habits;
    let mut cart = None;
    if member.is_some() && world.chance.odds(habits.redeem) {
        let choice = match world.chance.below(3) {
            _ if world.chance.odds(habits.redeem_all) => json!("max"),
            0 => json!("half"),
            1 => json!("max"),
            _ => json!(100),
        };
        cart = ask(world, till, "cart.redeem", json!({ "choice": choice }))?;
    }
    if let Some(view) = &member
        && world.chance.odds(habits.coupons)
    {
        take_coupon(world, till, view)?;
        cart = None;
    }
    let tenders = match &member {
        Some(view) if world.chance.odds(habits.stored) => stored(world, till, view, cart)?,
        _ => json!([]),
    };
    pay(world, till, &tenders).map(drop)
}

/// What a customer who shows a card wants besides goods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wants {
    Nothing,
    /// To use a coupon that is good.
    Coupon,
    /// To spend all points that the till allows.
    Points,
}

/// A sale to member `n` of those who were there from the start.
///
/// # Errors
/// A violation that shows at once.
pub fn serve(world: &mut World, till: usize, n: u32, wants: Wants) -> Result<(), String> {
    if world.tills[till].running.is_none() || world.tills[till].asleep_until_ms > world.now_ms() {
        return Ok(());
    }
    ask(world, till, "cart.clear", Value::Null)?;
    ask(world, till, "cart.scan", json!({"text": GOODS[0], "typed": false}))?;
    ask(world, till, "cart.quantity", json!({"qty_milli": 8_000}))?;
    let answer = ask(world, till, "cart.scan", json!({"text": card_no(n), "typed": false}))?;
    let member = answer.and_then(|value| value.get("member").cloned());
    match (wants, member) {
        (Wants::Coupon, Some(member)) => take_coupon(world, till, &member)?,
        (Wants::Points, Some(_)) => drop(ask(world, till, "cart.redeem", json!({"choice": "max"}))?),
        _ => {}
    }
    if !pay(world, till, &json!([]))? {
        // The shift was closed, and is open now.
        pay(world, till, &json!([]))?;
    }
    world.settle(till)
}

/// As much out of stored value as the screen says is possible, the rest in cash.
fn stored(world: &mut World, till: usize, member: &Value, cart: Option<Value>) -> Result<Value, String> {
    let possible = member["stored_spendable_fen"].as_i64().unwrap_or(0);
    let cart = match cart {
        _ if possible <= 0 => return Ok(json!([])),
        Some(cart) => Some(cart),
        None => ask(world, till, "cart.redeem", json!({"choice": "none"}))?,
    };
    let due = cart.and_then(|cart| cart["due_fen"].as_i64()).unwrap_or(0);
    let amount = possible.min(due);
    let tender = |kind: &str, fen: i64| (fen > 0).then(|| json!({"kind": kind, "amount_fen": fen}));
    Ok([tender("stored_value", amount), tender("cash", due - amount)].into_iter().flatten().collect())
}

/// A member pays in.
fn top_up(world: &mut World, till: usize) -> Result<(), String> {
    let Some(member) = present(world, till)? else { return Ok(()) };
    let request = world.chance.id();
    let principal = world.chance.between(1, 20) * 500;
    let args = json!({"request_id": request, "member_id": member["member_id"], "principal_fen": principal});
    if let Some(done) = ask(world, till, "member.top_up", args)? {
        world.note(format!("till {till} topped up {}", done["receipt_no"]));
    }
    ask(world, till, "cart.clear", Value::Null).map(drop)
}

/// The customer shows a card, or says a number.
fn present(world: &mut World, till: usize) -> Result<Option<Value>, String> {
    let joined = world.cards.len() as u64;
    // Often one of two regulars, so that tills meet over the same points.
    let people = if world.chance.odds(world.theme.habits.regulars) { 2 } else { u64::from(MEMBERS) + joined };
    let n = world.chance.below(people);
    let card = match u32::try_from(n) {
        Ok(n) if n < MEMBERS => card_no(n + 1),
        _ => world.cards[usize::try_from(n - u64::from(MEMBERS)).unwrap_or(0)].clone(),
    };
    let typed = world.chance.odds(100);
    let args = if typed {
        json!({"text": format!("199{:08}", n + 1), "typed": true})
    } else {
        json!({"text": card, "typed": false})
    };
    let answer = ask(world, till, "cart.scan", args)?;
    Ok(answer.and_then(|value| value.get("member").cloned()))
}

fn take_coupon(world: &mut World, till: usize, member: &Value) -> Result<(), String> {
    let ids: Vec<Value> = member["coupons"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|coupon| coupon["usable"] == json!(true))
        .map(|coupon| coupon["coupon_id"].clone())
        .collect();
    if ids.is_empty() {
        return Ok(());
    }
    let id = world.chance.pick(&ids).clone();
    ask(world, till, "cart.coupon", json!({"coupon_id": id, "take": true})).map(drop)
}

/// Whether it was paid.
fn pay(world: &mut World, till: usize, tenders: &Value) -> Result<bool, String> {
    let request = world.chance.id();
    let before = spending::before(world, till);
    let Some(paid) = ask(world, till, "pay", json!({ "request_id": request, "tenders": tenders }))? else {
        return Ok(false);
    };
    world.note(format!("till {till} sold {} {}", paid["receipt_no"], paid["hash"]));
    world.oracle.look(&world.tills[till])?;
    world.oracle.paid(&world.tills[till], &paid)?;
    spending::after(world, till, &before)?;
    if world.chance.odds(60) {
        let again = ask(world, till, "pay", json!({ "request_id": request, "tenders": tenders }))?;
        if again.as_ref() != Some(&paid) {
            return Err(format!("G9 the request of receipt {} got another answer", paid["receipt_no"]));
        }
    }
    Ok(true)
}

fn join(world: &mut World, till: usize) -> Result<(), String> {
    let phone = format!("138{:08}", world.chance.below(NEW_PHONES));
    let name = *world.chance.pick(&NAMES);
    let args = json!({"phone": phone, "name": name, "consent": true});
    let Some(joined) = ask(world, till, "member.join", args)? else { return Ok(()) };
    world.note(format!("till {till} joined {}", joined["card_no"]));
    if let Some(card) = joined["card_no"].as_str() {
        world.cards.push(card.to_owned());
    }
    let id: Option<MemberId> = joined["member"]["member_id"].as_str().and_then(|id| id.parse().ok());
    id.map(drop).ok_or_else(|| "a member joined without an id".to_owned())
}

/// Gives one of the latest sales back, of this till or of another, with or without the customer's coming
/// back for it twice.
fn refund(world: &mut World, till: usize) -> Result<(), String> {
    let mut seller = till;
    if world.chance.odds(world.theme.habits.elsewhere) {
        seller = usize::try_from(world.chance.below(world.tills.len() as u64)).unwrap_or(till);
    }
    let listed = ask(world, seller, "sale.list", json!({"limit": 8}))?.unwrap_or_default();
    let sales: Vec<Value> = listed.as_array().cloned().unwrap_or_default();
    if sales.is_empty() {
        return Ok(());
    }
    let receipt = world.chance.pick(&sales)["receipt_code"].clone();
    let request = world.chance.id();
    let args = json!({"request_id": request, "receipt": receipt, "reason": "坏了"});
    if let Some(refunded) = ask(world, till, "sale.refund", args)? {
        world.note(format!("till {till} gave back {}", refunded["receipt_no"]));
    }
    Ok(())
}
