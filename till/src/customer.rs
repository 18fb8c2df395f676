//! What the customer sees follows from what the cashier sees, and is less.

use hardware::display::Content;
use hardware::receipt::qr;

use crate::view::{CustomerMember, CustomerShows, CustomerView, LastSaleView, MemberView, Phase, Screen};

/// The customer's part of the screen.
pub fn of(screen: &Screen) -> CustomerView {
    let cart = &screen.cart;
    let shows = match (screen.phase, &screen.last_sale) {
        (Phase::NotEnrolled | Phase::SignedOut | Phase::ShiftClosed, _) => CustomerShows::Closed,
        (Phase::Selling, _) if !cart.lines.is_empty() => CustomerShows::Cart,
        // Its member stays on the cart, and is not greeted once more.
        (Phase::Selling, Some(last)) if last.stored.is_some() => CustomerShows::Done,
        (Phase::Selling, _) if cart.member.is_some() => CustomerShows::Cart,
        (Phase::Selling, Some(_)) => CustomerShows::Done,
        (Phase::Selling, None) => CustomerShows::Welcome,
    };
    let frame = CustomerView {
        shows,
        store_name: screen.store_name.clone(),
        language: screen.language.clone(),
        ..CustomerView::default()
    };
    match (shows, &screen.last_sale) {
        (CustomerShows::Cart, _) => with_cart(frame, screen),
        (CustomerShows::Done, Some(last)) => {
            CustomerView { done: Some(last.clone()), receipt_qr: receipt_qr(last), ..frame }
        }
        _ => frame,
    }
}

/// The same on a display that knows one figure.
pub fn figure(view: &CustomerView) -> Content {
    match (view.shows, &view.done) {
        (CustomerShows::Cart, _) if !view.lines.is_empty() => Content::Total { fen: view.due_fen },
        (CustomerShows::Done, Some(done)) => Content::Change { fen: done.change_fen },
        _ => Content::Welcome,
    }
}

fn with_cart(frame: CustomerView, screen: &Screen) -> CustomerView {
    let cart = &screen.cart;
    CustomerView {
        lines: cart.lines.clone(),
        current_line: cart.current_line,
        pieces: cart.pieces,
        saved_fen: cart.saved_fen,
        due_fen: cart.due_fen,
        member: cart.member.as_ref().map(member),
        points_to_earn: cart.points_to_earn,
        points_redeemed: cart.redeem.as_ref().map_or(0, |redeem| redeem.points),
        redeem_value_fen: cart.redeem.as_ref().map_or(0, |redeem| redeem.value_fen),
        ..frame
    }
}

fn member(known: &MemberView) -> CustomerMember {
    CustomerMember {
        name_masked: known.name_masked.clone(),
        tier: known.tier.clone(),
        balance: known.balance.clone(),
    }
}

fn receipt_qr(last: &LastSaleView) -> Vec<String> {
    let text = |row: &Vec<bool>| row.iter().map(|dark| if *dark { '1' } else { '0' }).collect();
    qr::modules(&last.receipt_code).iter().map(text).collect()
}
