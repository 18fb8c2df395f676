//! The whole window in one value, built from the ledger and the session.

use ledger::id::SaleId;
use ledger::store::{DiskSpace, carts, disk_space, sales, shifts};

use crate::cart::Cart;
use crate::checkout::{self, Standing};
use crate::clock_watch;
use crate::desk::Desk;
use crate::failure::Answer;
use crate::session::strip;
use crate::settings;
use crate::shifts_view::shift_view;
use crate::shop::Shop;
use crate::status;
use crate::view::{CartView, CustomerWindow, Phase, Screen, ShiftView, StaffView, Strip};

/// Tells whoever looks. A screen that cannot be built is left as it was: the ledger's failure has been
/// told by the command that met it.
pub fn show(desk: &Desk) {
    if !desk.events.is_watched() {
        return;
    }
    match build(desk) {
        Ok(screen) => desk.events.screen(&screen),
        Err(failure) => tracing::warn!(code = failure.code, "the screen could not be built"),
    }
}

/// # Errors
/// The ledger cannot be read.
pub fn build(desk: &Desk) -> Answer<Screen> {
    match desk.shop() {
        Ok(shop) => enrolled(desk, &shop),
        Err(_) => unknown(desk),
    }
}

/// Before a headquarters knows this till.
fn unknown(desk: &Desk) -> Answer<Screen> {
    let (sync, printer) = (status::sync(desk)?, status::printer(desk)?);
    let (language, customer_window) =
        desk.read(|r| Ok((settings::language(r)?, settings::customer_window(r)?)))?;
    let session = desk.session();
    Ok(Screen {
        phase: Phase::NotEnrolled,
        store_name: String::new(),
        till_no: 0,
        sale_no: 0,
        business_day: String::new(),
        staff: None,
        shift: None,
        cart: CartView::default(),
        held_count: 0,
        last_sale: None,
        strip: session.strip.clone(),
        warnings: session.lasting.clone(),
        sync,
        printer,
        language,
        virtual_paper: desk.press.is_virtual(),
        customer_window,
        hq_url: desk.hq_url.clone(),
    })
}

/// What is read from the ledger at one moment.
struct Seen {
    business_day: String,
    sale_no: u32,
    shift: Option<ShiftView>,
    cart: CartView,
    held_count: u32,
    sync: crate::view::SyncStatus,
    printer: crate::view::PrinterStatus,
    language: String,
    customer_window: CustomerWindow,
}

fn enrolled(desk: &Desk, shop: &Shop) -> Answer<Screen> {
    let seen = look(desk, shop)?;
    let session = desk.session();
    let phase = match (&session.staff, &seen.shift) {
        (None, _) => Phase::SignedOut,
        (Some(_), None) => Phase::ShiftClosed,
        (Some(_), Some(_)) => Phase::Selling,
    };
    Ok(Screen {
        phase,
        store_name: shop.store.name.clone(),
        till_no: shop.till_no,
        sale_no: seen.sale_no,
        business_day: seen.business_day,
        staff: session.staff.as_ref().map(StaffView::from),
        shift: seen.shift,
        cart: seen.cart,
        held_count: seen.held_count,
        last_sale: session.last_sale.clone(),
        strip: session.strip.clone(),
        warnings: warnings(desk, &session.lasting, clock_watch::is_suspect(session.clocks, desk.now())),
        sync: seen.sync,
        printer: seen.printer,
        language: seen.language,
        virtual_paper: desk.press.is_virtual(),
        customer_window: seen.customer_window,
        hq_url: desk.hq_url.clone(),
    })
}

fn look(desk: &Desk, shop: &Shop) -> Answer<Seen> {
    // Nobody will sell what is only looked at: an empty cart needs no id of its own.
    let cart = checkout::begun(desk)?.unwrap_or_else(|| Cart::begin(SaleId::from([0; 16])));
    desk.read(|r| {
        let standing = Standing::of(desk, r, shop, &cart)?;
        let day = standing.moment.day;
        let shift = match shifts::current(r)? {
            Some(shift) => Some(shift_view(r, shop, &shift)?),
            None => None,
        };
        let last = sales::recent(r, 1)?.pop().filter(|row| row.biz_date == day);
        let run = last.and_then(|row| sales::ReceiptNo::parse(&row.receipt_no)).map_or(0, |no| no.run);
        Ok(Seen {
            business_day: day.to_string(),
            sale_no: run + 1,
            shift,
            cart: standing.view(r)?,
            held_count: carts::held_count(r)?,
            sync: status::read_sync(desk, r)?,
            printer: status::read_printer(desk, r)?,
            language: settings::language(r)?,
            customer_window: settings::customer_window(r)?,
        })
    })
}

fn warnings(desk: &Desk, lasting: &[Strip], clock_suspect: bool) -> Vec<Strip> {
    let mut all = lasting.to_vec();
    if disk_space(&desk.ledger).is_ok_and(DiskSpace::is_low) {
        all.push(strip("warn", "disk_low", "磁盘快满了,收款不受影响", "请清理磁盘,或请店长联系总部"));
    }
    if clock_suspect {
        let message = format!("这台电脑的时间被调回过,现在是 {},收款不受影响", desk.now());
        all.push(strip("warn", "clock_back", message, "请核对并调准系统时间"));
    }
    all
}
