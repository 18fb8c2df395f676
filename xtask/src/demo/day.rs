//! The scripted shop day: what a cashier does from the first key to the close, through the real window.

mod facts;
mod hands;
mod scenes;

use anyhow::Result;

use super::display::Display;
use super::shop::Shop;
use super::steps::Steps;
use super::webdriver::Session;

pub use self::facts::fill;
pub use self::hands::LOOK;

/// Everything that the day is played with.
pub struct Day<'a> {
    pub window: &'a Session<'a>,
    pub display: &'a Display,
    pub shop: &'a mut Shop,
    pub book: &'a mut Book,
}

/// What the script must remember to judge the day by.
#[derive(Default)]
pub struct Book {
    /// Receipt numbers rung up while the cable was in.
    pub online: Vec<String>,
    /// Confirmed points of the member before the first sale.
    pub points_before: Option<i64>,
    /// Receipt of the first sale: it comes back in the afternoon.
    pub first_receipt: Option<String>,
    /// What the Z report on the screen said, fen.
    pub z_total_fen: Option<i64>,
    /// The business day that was closed, `2026-11-21`.
    pub business_day: Option<String>,
}

type Scene<'a> = (&'static str, fn(&mut Day<'a>) -> Result<()>);

/// From the first start to the close of the day.
fn day<'a>() -> Vec<Scene<'a>> {
    vec![
        ("The till asks where it belongs", Day::asks_to_enrol),
        ("Enrol with a one-time code", Day::enrol),
        ("A wrong PIN is refused", Day::wrong_pin),
        ("Sign in", Day::sign_in),
        ("Open the shift with the float", Day::open_shift),
        ("Scan goods", Day::scan_goods),
        ("An unknown code gets one sentence", Day::unknown_code),
        ("Scan the member's card", Day::scan_card),
        ("Take the best offer", Day::take_offer),
        ("Too little cash is refused", Day::too_little_cash),
        ("Pay cash and see the change", Day::pay_cash),
        ("The receipt lies on the screen", Day::see_receipt),
        ("Headquarters has the sale", Day::queue_is_empty),
        ("Cut the network", Day::cut),
        ("Sell on with points redeemed", Day::sell_with_points),
        ("Pay at once with one key", Day::pay_at_once),
        ("Above the quota one sentence and two choices", Day::above_the_quota),
        ("Spend none and pay", Day::spend_none),
        ("A typed phone number only earns", Day::typed_phone_earns),
        ("Hold the cart for the next customer", Day::hold),
        ("Recall it and pay by QR", Day::recall_and_pay_by_qr),
        ("Join a member offline", Day::join),
        ("Refund the first sale", Day::refund),
        ("The queue waits and says how long", Day::queue_waits),
        ("Restore the network and watch the queue drain", Day::heal),
        ("Close the day", Day::close_day),
    ]
}

/// After a night in which both machines were off.
fn morning<'a>() -> Vec<Scene<'a>> {
    vec![
        ("In the morning the till opens without headquarters", Day::sign_in),
        ("A new business day begins", Day::open_shift),
        ("The first sale before the first contact", Day::sell_before_contact),
        ("First contact", Day::first_contact),
    ]
}

impl<'a> Day<'a> {
    /// The day itself; stops at the first step that is not seen.
    pub fn play_day(&mut self, steps: &mut Steps) -> Result<()> {
        self.play(&day(), steps)
    }

    /// The next morning.
    pub fn play_morning(&mut self, steps: &mut Steps) -> Result<()> {
        self.play(&morning(), steps)
    }

    fn play(&mut self, scenes: &[Scene<'a>], steps: &mut Steps) -> Result<()> {
        let window = self.window;
        scenes.iter().try_for_each(|(name, scene)| steps.step(window, name, || scene(self)))
    }
}
