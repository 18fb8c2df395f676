//! What every command stands on: the ledger, the clock, who is signed in, the line, the printer.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use hardware::scan::ScanRules;
use ledger::event::Boot;
use ledger::id::StaffId;
use ledger::store::{Ledger, Reader, StoreError, Tx};
use ledger::time::Timestamp;
use sync::protocol::config::StaffRow;

use crate::clock::{Chance, Clock, bytes};
use crate::event::EventSink;
use crate::failure::{Answer, Failure};
use crate::fault::Fault;
use crate::fleet::Fleet;
use crate::link::Link;
use crate::press::Press;
use crate::session::Session;
use crate::shop::Shop;

pub struct Desk {
    pub ledger: Ledger,
    pub clock: Arc<dyn Clock>,
    pub chance: Arc<dyn Chance>,
    pub events: Arc<dyn EventSink>,
    pub link: Box<dyn Link>,
    pub press: Box<dyn Press>,
    pub fleet: Arc<dyn Fleet>,
    /// Random at each start.
    pub boot: Boot,
    /// Days that events stay after headquarters has them for good.
    pub retain_days: u32,
    /// Address of headquarters given at the start, offered when the till is enrolled.
    pub hq_url: Option<String>,
    pub(crate) session: Mutex<Session>,
    pub(crate) shop: RwLock<Option<Arc<Shop>>>,
    /// One cashier, one hand: commands run one after the other.
    pub(crate) hand: Mutex<()>,
}

impl Desk {
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub fn fresh<const N: usize>(&self) -> [u8; N] {
        bytes(&*self.chance)
    }

    /// Never held while the ledger works.
    pub fn session(&self) -> MutexGuard<'_, Session> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// # Errors
    /// `not_enrolled`
    pub fn shop(&self) -> Answer<Arc<Shop>> {
        let known = self.shop.read().unwrap_or_else(PoisonError::into_inner).clone();
        known.ok_or_else(Failure::not_enrolled)
    }

    /// How this shop's own codes look; as in most shops before headquarters has said.
    pub fn scan_rules(&self) -> ScanRules {
        self.shop().map(|shop| shop.scan_rules.clone()).unwrap_or_default()
    }

    /// Reads again what headquarters decided for this till.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn learn_shop(&self) -> Answer<()> {
        let shop = self.read(|r| Ok(Shop::load(r)?))?.map(Arc::new);
        let mut known = self.shop.write().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::replace(&mut *known, shop.clone());
        drop(known);
        if let (Some(before), Some(shop)) = (before, shop)
            && before.store_id() != shop.store_id()
        {
            self.moved_to(&shop);
        }
        Ok(())
    }

    /// Whom the other store does not employ is signed out; the cart stays as it is.
    fn moved_to(&self, shop: &Shop) {
        let mut session = self.session();
        let employs = |id: &StaffId| shop.staff.iter().any(|row| row.id == *id);
        if session.staff.as_ref().is_some_and(|row| !employs(&row.id)) {
            session.staff = None;
        }
        let message = format!("这台收银机现在属于 {}", shop.store.name);
        session.say("warn", "store_moved", message, "之前的单据仍记在原来的门店;请用本店的密码登录");
    }

    /// Who is signed in.
    ///
    /// # Errors
    /// `not_enrolled`, `not_signed_in`
    pub fn staff(&self) -> Answer<StaffRow> {
        self.shop()?;
        self.session().staff.clone().ok_or_else(Failure::not_signed_in)
    }

    /// A short look at one consistent state. `work` must not write: it may hold the writer's connection.
    ///
    /// # Errors
    /// What stopped the work, or the ledger's failure.
    pub fn read<T>(&self, work: impl FnOnce(&Reader) -> Result<T, Fault>) -> Answer<T> {
        self.ledger.glance(|r| sorted(work(r))).map_err(Failure::from)?
    }

    /// One transaction: all of `work` is durable when this returns, or nothing of it happened.
    ///
    /// # Errors
    /// What stopped the work, or the ledger's failure.
    pub fn write<T>(&self, work: impl FnOnce(&Tx<'_>) -> Result<T, Fault>) -> Answer<T> {
        self.ledger.attempt(|tx| sorted(work(tx))).map_err(Failure::from)?
    }
}

/// A refusal is an outcome of the work; only the ledger's own failures are errors to it.
fn sorted<T>(outcome: Result<T, Fault>) -> Result<Answer<T>, StoreError> {
    match outcome {
        Ok(value) => Ok(Ok(value)),
        Err(Fault::Refused(failure)) => Ok(Err(failure)),
        Err(Fault::Store(error)) => Err(error),
    }
}
