//! Somebody who shows a card, code or number that this till cannot look up: the sale goes on and earns for
//! whoever headquarters says it is.

use ledger::id::{Hash, MemberId};
use ledger::member::mask_phone;
use ledger::sale::Guest;

use crate::cart::Stranger;
use crate::checkout;
use crate::desk::Desk;
use crate::failure::Answer;
use crate::lookup;
use crate::paper;
use crate::view::{GuestView, Scanned};

/// Longest card number that is taken on trust, characters.
const CARD_LENGTH_MAX: usize = 32;

/// # Errors
/// `unknown_member` for what cannot be a card; the ledger cannot be written.
pub fn of_card(desk: &Desk, code: &str) -> Answer<Scanned> {
    if let Ok(member_id) = code.parse::<MemberId>() {
        return of_code(desk, member_id);
    }
    if code.len() > CARD_LENGTH_MAX || !code.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(lookup::unknown("会员码"));
    }
    welcome(desk, Guest::Card { card_no: code.to_owned() }, paper::tail(code))
}

/// The number itself is kept nowhere.
///
/// # Errors
/// The ledger cannot be written.
pub fn of_phone(desk: &Desk, phone_hash: Hash, digits: &str) -> Answer<Scanned> {
    welcome(desk, Guest::Phone { phone_hash }, mask_phone(digits))
}

/// # Errors
/// The ledger cannot be written.
pub fn of_code(desk: &Desk, member_id: MemberId) -> Answer<Scanned> {
    welcome(desk, Guest::Code { member_id }, paper::tail(&member_id.to_string()))
}

fn welcome(desk: &Desk, guest: Guest, shown: String) -> Answer<Scanned> {
    let stranger = Stranger { guest, shown };
    let view = GuestView::from(&stranger);
    let mut cart = checkout::cart(desk)?;
    cart.welcome(stranger);
    checkout::keep(desk, &cart)?;
    let message = format!("本机查不到 {},会员待确认,这单照常积分", view.shown);
    let hint = "总部确认后积分入账;是新顾客可以办入会";
    desk.session().say("info", "guest_waits", message, hint);
    Ok(Scanned::Guest { guest: view })
}
