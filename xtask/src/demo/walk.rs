//! The walk past every device: printers and scanners behind real sockets and terminals, set up, used and
//! broken through the real window, each step seen on the screen and pictured.

mod breaking;
mod customer;
mod scanning;
mod setting_up;

use std::path::Path;

use anyhow::{Result, ensure};

use super::counter::{Counter, Paper};
use super::day::Day;
use super::steps::Steps;

/// A cashier at a till whose devices stand on this counter.
pub struct Walk<'a> {
    pub day: Day<'a>,
    pub counter: Counter,
    /// Slips on the paper before what is looked at now.
    pub slips: usize,
    /// The cashier's window, while there are two.
    cashiers: Option<String>,
}

type Scene<'a> = (&'static str, fn(&mut Walk<'a>) -> Result<()>);

/// From a till without devices to each trouble and back.
fn walk<'a>() -> Vec<Scene<'a>> {
    vec![
        ("A till without devices", Walk::no_devices),
        ("Add a network printer", Walk::add_printer),
        ("Print the page that teaches", Walk::print_test_page),
        ("Answer what the paper shows", Walk::answer_about_the_paper),
        ("The printer says how it is", Walk::printer_page),
        ("Add two serial scanners", Walk::add_scanners),
        ("The devices in their list", Walk::list_devices),
        ("The scan test explains a code", Walk::explain_a_code),
        ("The codes to try a scanner with", Walk::trial_codes),
        ("A scanner set wrongly is named", Walk::wrong_setting),
        ("A set-up code offers a device", Walk::offered_device),
        ("Two scanners at once", Walk::two_scanners),
        ("A label read twice is one piece", Walk::bounce),
        ("A scan under a Chinese input method", Walk::input_method),
        ("A payment code while selling", Walk::payment_code),
        ("Codes wait while money is counted", Walk::codes_wait),
        ("The paper ends in a receipt", Walk::paper_ends),
        ("Selling goes on without paper", Walk::sell_without_paper),
        ("The same said in English", Walk::in_english),
        ("New paper and each receipt comes out once", Walk::new_paper),
        ("The cover is open", Walk::cover_open),
        ("The cutter is jammed", Walk::cutter),
        ("The print head is too hot", Walk::too_hot),
        ("The cable is pulled in a receipt", Walk::cable_pulled),
        ("The cashier asks for a copy", Walk::copy),
        ("The printer takes no more", Walk::stalled),
        ("The cashier saw it whole", Walk::whole),
        ("The drawer stays shut", Walk::drawer_shut),
        ("Another till holds the printer", Walk::occupied),
        ("The printer is free again", Walk::free_again),
        ("A scanner is unplugged", Walk::unplugged),
        ("Plugged in again it reads on", Walk::plugged_in),
        ("Three misread codes", Walk::misread),
        ("The way to the scan test", Walk::to_the_scan_test),
        ("The drawer is left open", Walk::drawer_left_open),
        ("The customer's window opens", Walk::customer_opens),
        ("The customer sees the goods and what is owed", Walk::customer_sees_goods),
        ("The customer sees the points and how sure they are", Walk::customer_sees_points),
        ("The customer sees the change and the receipt's code", Walk::customer_sees_change),
        ("The customer sees the top-up and what there is now", Walk::customer_sees_top_up),
        ("The customer's window closes", Walk::customer_closes),
    ]
}

impl<'a> Walk<'a> {
    /// A walk with devices whose nodes lie in `folder`.
    pub fn new(day: Day<'a>, folder: &Path) -> Result<Walk<'a>> {
        let counter = Counter::start(folder, &folder.join("logs"))?;
        Ok(Walk { day, counter, slips: 0, cashiers: None })
    }

    /// Stops at the first step that is not seen.
    pub fn go(&mut self, steps: &mut Steps) -> Result<()> {
        let window = self.day.window;
        walk().iter().try_for_each(|(name, scene)| steps.step(window, name, || scene(self)))
    }

    /// Waits until so many more slips were begun on the paper, and never one too many.
    fn see_slips(&mut self, more: usize) -> Result<()> {
        let wanted = self.slips + more;
        let counter = &mut self.counter;
        crate::wait::until(&format!("{wanted} slips"), super::day::LOOK, || {
            let Paper { slips, .. } = counter.tell("state")?;
            Ok((slips >= wanted).then_some(()))
        })?;
        let Paper { slips, .. } = self.counter.tell("state")?;
        ensure!(slips == wanted, "{slips} slips were begun instead of {wanted}");
        self.slips = wanted;
        Ok(())
    }

    /// One article and the exact cash for it.
    fn sell(&mut self) -> Result<()> {
        self.day.sell_one()
    }
}
