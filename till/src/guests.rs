//! Somebody who shows a card, code or number that this till cannot look up: the sale goes on and earns for
//! whoever headquarters says it is.

use ledger::id::{Hash, MemberId};
use ledger::member::mask_phone;
use ledger::sale::Guest;
use ledger::time::Zone;
use sync::store::existence::Word;

use crate::cart::Stranger;
use crate::checkout;
use crate::desk::Desk;
use crate::failure::Answer;
use crate::lookup;
use crate::paper;
use crate::session::strip;
use crate::view::{GuestView, Scanned, Strip};

/// Longest card number that is taken on trust, characters.
const CARD_LENGTH_MAX: usize = 32;

/// # Errors
/// `unknown_member` for what cannot be a card; the ledger cannot be written.
pub fn of_card(desk: &Desk, code: &str, word: Option<Word>) -> Answer<Scanned> {
    if let Ok(member_id) = code.parse::<MemberId>() {
        return of_code(desk, member_id);
    }
    if code.len() > CARD_LENGTH_MAX || !code.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(lookup::unknown("会员码"));
    }
    welcome(desk, Guest::Card { card_no: code.to_owned() }, paper::tail(code), word)
}

/// The number itself is kept nowhere.
///
/// # Errors
/// The ledger cannot be written.
pub fn of_phone(desk: &Desk, phone_hash: Hash, digits: &str, word: Option<Word>) -> Answer<Scanned> {
    welcome(desk, Guest::Phone { phone_hash }, mask_phone(digits), word)
}

/// # Errors
/// The ledger cannot be written.
pub fn of_code(desk: &Desk, member_id: MemberId) -> Answer<Scanned> {
    welcome(desk, Guest::Code { member_id }, paper::tail(&member_id.to_string()), None)
}

fn welcome(desk: &Desk, guest: Guest, shown: String, word: Option<Word>) -> Answer<Scanned> {
    let stranger = Stranger { guest, shown };
    let view = GuestView::from(&stranger);
    let mut cart = checkout::cart(desk)?;
    cart.welcome(stranger);
    checkout::keep(desk, &cart)?;
    let said = told(&view.shown, word, desk.shop()?.zone());
    desk.session().strip = Some(said);
    Ok(Scanned::Guest { guest: view })
}

/// What the cashier is told; `word` is what a till of its store's members knows of others.
fn told(shown: &str, word: Option<Word>, zone: Zone) -> Strip {
    let waits = "总部确认后积分入账;是新顾客可以办入会";
    match word {
        None => strip("info", "guest_waits", format!("本机查不到 {shown},会员待确认,这单照常积分"), waits),
        Some(Word::Nobody { as_of }) => {
            let message = format!("到 {} 为止总部没有 {shown},会员待确认,这单照常积分", as_of.short(zone));
            strip("info", "guest_waits", message, waits)
        }
        Some(Word::Perhaps) => {
            let message = format!("{shown} 可能是其他门店的会员,本机查不到,这单照常积分");
            strip("info", "guest_elsewhere", message, "联网后会问总部,积分记到他名下;是新顾客可以办入会")
        }
    }
}
