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
    match world.chance.below(100) {
        0..=68 => sell(world, till)?,
        69..=77 => join(world, till)?,
        78..=87 => refund(world, till)?,
        88..=91 => drop(ask(world, till, "cash.move", json!({"amount_fen": 1_000, "reason": "零钱"}))?),
        92..=94 => drop(ask(world, till, "shift.close", json!({"counted_fen": 20_000}))?),
        95..=97 => drop(ask(world, till, "day.close", json!({"counted_fen": 20_000}))?),
        _ => drop(ask(world, till, "report.x", Value::Null)?),
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
    let member = if world.chance.odds(800) { present(world, till)? } else { None };
    if member.is_some() && world.chance.odds(450) {
        let choice = match world.chance.below(5) {
            0..=2 => json!("max"),
            3 => json!("half"),
            _ => json!(100),
        };
        ask(world, till, "cart.redeem", json!({ "choice": choice }))?;
    }
    if let Some(view) = &member
        && world.chance.odds(350)
    {
        take_coupon(world, till, view)?;
    }
    pay(world, till)
}

/// The customer shows a card, or says a number.
fn present(world: &mut World, till: usize) -> Result<Option<Value>, String> {
    let joined = world.cards.len() as u64;
    // Half of the time one of two regulars, so that tills meet over the same points.
    let people = if world.chance.odds(500) { 2 } else { u64::from(MEMBERS) + joined };
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

fn pay(world: &mut World, till: usize) -> Result<(), String> {
    let request = world.chance.id();
    let before = spending::before(world, till);
    let Some(paid) = ask(world, till, "pay", json!({ "request_id": request }))? else { return Ok(()) };
    world.note(format!("till {till} sold {} {}", paid["receipt_no"], paid["hash"]));
    world.oracle.look(&world.tills[till])?;
    world.oracle.paid(&world.tills[till], &paid)?;
    spending::after(world, till, &before)?;
    if world.chance.odds(60) {
        let again = ask(world, till, "pay", json!({ "request_id": request }))?;
        if again.as_ref() != Some(&paid) {
            return Err(format!("G9 the request of receipt {} got another answer", paid["receipt_no"]));
        }
    }
    Ok(())
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

/// Gives one of the till's latest sales back, with or without the customer's coming back for it twice.
fn refund(world: &mut World, till: usize) -> Result<(), String> {
    let listed = ask(world, till, "sale.list", json!({"limit": 8}))?.unwrap_or_default();
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
