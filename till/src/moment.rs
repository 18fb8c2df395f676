//! The moment and the line as they are now: both decide what may be spent.

use ledger::store::{Reader, StoreError};
use ledger::time::{BusinessDay, Timestamp};

use crate::business_day;
use crate::desk::Desk;
use crate::failure::Answer;
use crate::shop::Shop;

#[derive(Clone, Copy, Debug)]
pub struct Moment {
    pub now: Timestamp,
    pub day: BusinessDay,
    /// HQ can be asked.
    pub online: bool,
    /// Best estimate of HQ's time.
    pub hq_now: Timestamp,
    /// How wrong it may be; 0 before the first contact.
    pub hq_doubt_ms: u64,
}

impl Moment {
    /// # Errors
    /// The ledger cannot be read.
    pub fn of(desk: &Desk, shop: &Shop) -> Answer<Self> {
        desk.read(|r| Ok(Moment::read(desk, r, shop)?))
    }

    /// # Errors
    /// The ledger cannot be read.
    pub fn read(desk: &Desk, r: &Reader, shop: &Shop) -> Result<Self, StoreError> {
        let (now, link) = (desk.now(), desk.link.state());
        let (offset_ms, hq_doubt_ms) = link.hq_offset_ms.unwrap_or((0, 0));
        let day = business_day::of(r, shop.zone(), now)?;
        Ok(Moment { now, day, online: link.online, hq_now: now.plus_ms(offset_ms), hq_doubt_ms })
    }
}
