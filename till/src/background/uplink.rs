//! The line to headquarters: one thread with its own runtime, the driver of the protocol on it.

use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ed25519_dalek::SigningKey;
use ledger::grant::AuthId;
use ledger::store::{Ledger, StoreError};
use ledger::time::{BusinessDay, MINUTE_MS};
use sync::client::lan::{self, Copies};
use sync::client::{
    AddressError, Asker, Driver, EnrolError, Handle, HqClock, HttpTransport, Identity as Signer, Parts, Pin,
    SyncState, Verified, Wall, enrol,
};
use sync::protocol::authorize::{AuthorizeRequest, Authorized, Found, LookupRequest};
use sync::store::contact;
use sync::store::standing::Run;
use tokio::runtime::Runtime;

use super::lan::Lan;
use super::notice::Notice;
use super::verifying;
use crate::clock::{Chance, Clock, bytes};
use crate::failure::{Answer, Failure};
use crate::identity::Identity;
use crate::link::{Link, LinkState};
use crate::refusal::Refusal;

/// Longest wait for goods, staff and members after enrolment.
const FIRST_LOAD_MAX: Duration = Duration::from_secs(180);

/// Longest wait for the driver to stop or resume traffic.
const OBEY_MAX: Duration = Duration::from_secs(2);

/// How much worse an earlier run's offset is: who knows what happened to the clock in between. More than
/// HQ takes for a contact of this run.
const UNHEARD_UNC_MS: u64 = 10 * MINUTE_MS.unsigned_abs();

/// Everything the line is made of.
pub struct LineParts {
    pub ledger: Ledger,
    pub clock: Arc<dyn Clock>,
    pub chance: Arc<dyn Chance>,
    /// Address given at the start; wins over the one of the enrolment.
    pub url: Option<String>,
    pub run: Run,
    pub notices: Sender<Notice>,
    pub lan: Arc<Lan>,
}

pub struct Uplink {
    parts: LineParts,
    runtime: Mutex<Option<Runtime>>,
    handle: Mutex<Option<Handle>>,
    /// Questions while a customer waits go past everything else that moves on the line.
    asker: Mutex<Option<Arc<Asker>>>,
}

impl Uplink {
    /// Starts talking if a headquarters knows this till.
    ///
    /// # Errors
    /// The ledger cannot be read, or the address cannot be used.
    pub fn start(parts: LineParts) -> Result<Self, Refusal> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("sync")
            .enable_all()
            .build()
            .map_err(|e| Refusal::new(format!("同步线程不能启动:{e}")))?;
        let runtime = Mutex::new(Some(runtime));
        let uplink = Uplink { parts, runtime, handle: Mutex::default(), asker: Mutex::default() };
        let identity = uplink
            .parts
            .ledger
            .read(Identity::load)
            .map_err(|e| Refusal::new(format!("账本读不出来:{e}")))?;
        if let Some(identity) = identity {
            uplink.connect(&identity).map_err(Refusal::new)?;
        }
        Ok(uplink)
    }

    /// Runs the driver with `identity`. The text says what cannot be used.
    fn connect(&self, identity: &Identity) -> Result<Handle, String> {
        let transport = self.transport(identity)?;
        let own = self.parts.ledger.read(|r| identity.own(r)).map_err(|e| e.to_string())?;
        let (notices, chance) = (self.parts.notices.clone(), Arc::clone(&self.parts.chance));
        let parts = Parts {
            ledger: self.parts.ledger.clone(),
            transport,
            own,
            key: identity.signing_key().map_err(|e| e.to_string())?,
            app_version: env!("CARGO_PKG_VERSION").to_owned(),
            run: self.parts.run,
            random: Box::new(move || u64::from_le_bytes(bytes(&*chance))),
            // Nobody listens only while the till is being stopped.
            changed: Box::new(move |change| drop(notices.send(Notice::Stored(change)))),
        };
        let (driver, handle) = Driver::new(parts).map_err(|e| e.to_string())?;
        self.run(driver, &handle);
        self.join_store(identity)?;
        *lock(&self.asker) = Some(Arc::new(self.asker(identity)?));
        *lock(&self.handle) = Some(handle.clone());
        Ok(handle)
    }

    /// Talks with the other tills of the store, if this till has a place on its network.
    fn join_store(&self, identity: &Identity) -> Result<(), String> {
        let Some(listener) = self.parts.lan.take_listener() else { return Ok(()) };
        let (notices, chance) = (self.parts.notices.clone(), Arc::clone(&self.parts.chance));
        let parts = lan::Parts {
            ledger: self.parts.ledger.clone(),
            own: self.parts.ledger.read(|r| identity.own(r)).map_err(|e| e.to_string())?,
            key: identity.signing_key().map_err(|e| e.to_string())?,
            listener,
            peers: self.parts.lan.peers.clone(),
            transport: self.transport(identity)?,
            clock: self.hq_clock().map_err(|e| e.to_string())?,
            random: Box::new(move || bytes(&*chance)),
            changed: Box::new(move |change| drop(notices.send(Notice::Stored(change)))),
        };
        if let Some(runtime) = lock(&self.runtime).as_ref() {
            self.parts.lan.run(runtime.handle(), parts);
        }
        Ok(())
    }

    fn run(&self, driver: Driver<HttpTransport>, handle: &Handle) {
        let runtime = lock(&self.runtime);
        let Some(runtime) = runtime.as_ref() else { return };
        runtime.spawn(async move {
            if let Err(error) = driver.run().await {
                tracing::error!(%error, "the line to headquarters stopped");
            }
        });
        let (mut watch, notices) = (handle.watch(), self.parts.notices.clone());
        runtime.spawn(async move {
            while watch.changed().await.is_ok() {
                if notices.send(Notice::Line).is_err() {
                    return;
                }
            }
        });
    }

    fn transport(&self, identity: &Identity) -> Result<HttpTransport, String> {
        let url = self.parts.url.as_deref().unwrap_or(&identity.url);
        let (signer, pin, clock) = self.address(identity).map_err(|e| e.to_string())?;
        HttpTransport::new(url, pin, signer, clock).map_err(|e| format!("总部地址 {url} 不能使用:{e}"))
    }

    fn asker(&self, identity: &Identity) -> Result<Asker, String> {
        let url = self.parts.url.as_deref().unwrap_or(&identity.url);
        let (signer, pin, clock) = self.address(identity).map_err(|e| e.to_string())?;
        Asker::new(url, pin, signer, clock).map_err(|e| format!("总部地址 {url} 不能使用:{e}"))
    }

    /// Who speaks, to whom, by which clock.
    fn address(&self, identity: &Identity) -> Result<(Signer, Option<Pin>, HqClock), StoreError> {
        let signer = Signer { terminal: identity.terminal, key: identity.signing_key()? };
        Ok((signer, identity.pin()?, self.hq_clock()?))
    }

    fn hq_clock(&self) -> Result<HqClock, StoreError> {
        let known = self.parts.ledger.read(contact::load)?;
        let offset = known.hq_off_ms.zip(known.hq_unc_ms);
        let offset = offset.map(|(hq_off_ms, hq_unc_ms)| sync::client::clock::Offset {
            hq_off_ms,
            hq_unc_ms: hq_unc_ms.saturating_add(UNHEARD_UNC_MS),
        });
        let clock = Arc::clone(&self.parts.clock);
        Ok(HqClock::new(Wall::new(move || clock.now()), offset))
    }

    fn handle(&self) -> Option<Handle> {
        lock(&self.handle).clone()
    }

    fn block_on<T>(&self, work: impl Future<Output = T>) -> Answer<T> {
        let runtime = lock(&self.runtime).as_ref().map(|runtime| runtime.handle().clone());
        runtime.map(|runtime| runtime.block_on(work)).ok_or_else(no_network)
    }

    /// The driver did what it was told, so that the answer to the command is true.
    fn wait_paused(&self, handle: &Handle, paused: bool) {
        let mut watch = handle.watch();
        let told = self.block_on(async move {
            tokio::time::timeout(OBEY_MAX, watch.wait_for(|state| state.paused == paused)).await.is_ok()
        });
        if !told.unwrap_or(false) {
            tracing::warn!(paused, "the line did not obey in time");
        }
    }

    /// Goods, staff and members have come, so that the till can sell.
    fn wait_loaded(&self, handle: &Handle) -> Answer<()> {
        let mut watch = handle.watch();
        let loaded = self.block_on(async move {
            tokio::time::timeout(FIRST_LOAD_MAX, watch.wait_for(|state: &SyncState| state.loaded))
                .await
                .is_ok_and(|r| r.is_ok())
        })?;
        if loaded { Ok(()) } else { Err(loading()) }
    }
}

impl Link for Uplink {
    fn state(&self) -> LinkState {
        let Some(handle) = self.handle() else { return LinkState::default() };
        let state = handle.state();
        LinkState {
            online: state.online && !state.paused,
            paused: state.paused,
            offline_since: state.offline_since,
            hq_offset_ms: state.offset.map(|offset| (offset.hq_off_ms, offset.hq_unc_ms)),
        }
    }

    fn copies(&self) -> Copies {
        self.parts.lan.copies.clone()
    }

    fn wake(&self) {
        self.parts.lan.wake();
        if let Some(handle) = self.handle() {
            handle.appended();
        }
    }

    fn hurry(&self) {
        if let Some(handle) = self.handle() {
            handle.nudge();
        }
    }

    fn authorize(&self, ask: &AuthorizeRequest) -> Option<Authorized> {
        let asker = lock(&self.asker).clone()?;
        self.block_on(async move { asker.authorize(ask).await }).ok().flatten()
    }

    fn release(&self, auth: AuthId) {
        let (asker, runtime) = (lock(&self.asker).clone(), lock(&self.runtime));
        if let (Some(asker), Some(runtime)) = (asker, runtime.as_ref()) {
            runtime.spawn(async move { asker.release(auth).await });
        }
    }

    fn lookup(&self, ask: &LookupRequest) -> Option<Found> {
        let asker = lock(&self.asker).clone()?;
        self.block_on(async move { asker.lookup(ask).await }).ok().flatten()
    }

    fn verify(&self) -> Option<Verified> {
        let asker = lock(&self.asker).clone()?;
        let done = self.block_on(async { asker.verify(&self.parts.ledger).await }).ok()?;
        done.inspect_err(|fault| tracing::warn!(?fault, "not compared with headquarters")).ok()
    }

    fn verify_on(&self, day: BusinessDay) {
        let (asker, runtime) = (lock(&self.asker).clone(), lock(&self.runtime));
        if let (Some(asker), Some(runtime)) = (asker, runtime.as_ref()) {
            let (ledger, notices) = (self.parts.ledger.clone(), self.parts.notices.clone());
            runtime.spawn(verifying::nightly(asker, ledger, notices, day));
        }
    }

    fn pause(&self) {
        if let Some(handle) = self.handle() {
            handle.pause();
            self.wait_paused(&handle, true);
        }
    }

    fn resume(&self) {
        if let Some(handle) = self.handle() {
            handle.resume();
            self.wait_paused(&handle, false);
        }
    }

    /// What was being sent is sent again next time.
    fn stop(&self) {
        lock(&self.handle).take();
        if let Some(runtime) = lock(&self.runtime).take() {
            runtime.shutdown_timeout(Duration::from_secs(1));
        }
    }

    fn enrol(&self, url: &str, code: &str) -> Answer<()> {
        // A till that was enrolled and then interrupted has used its code: it only has to load.
        if let Some(handle) = self.handle() {
            return self.wait_loaded(&handle);
        }
        let key = SigningKey::from_bytes(&bytes(&*self.parts.chance));
        let clock = self.hq_clock()?;
        let work = enrol(url, code, &key, env!("CARGO_PKG_VERSION"), &clock);
        let enrolled = self.block_on(work)?.map_err(|error| refused(&error))?;
        let epoch = enrolled.answer.epoch;
        let identity = Identity::new(enrolled.answer, url, enrolled.pin, &key);
        self.parts.ledger.write(|tx| identity.keep(tx, epoch))?;
        let handle = self.connect(&identity).map_err(|why| Failure::new("network", why, "请核对总部地址"))?;
        self.wait_loaded(&handle)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn no_network() -> Failure {
    Failure::new("network", "连不上总部,什么都没有改动", "请检查网络和总部地址后再试")
}

fn loading() -> Failure {
    Failure::new("network", "已登记,但商品和会员资料还没有下载完", "请保持网络畅通,稍后再试")
}

fn refused(error: &EnrolError) -> Failure {
    tracing::warn!(%error, "enrolment");
    match error {
        EnrolError::CodeForm => Failure::new("enrol_code", "登记码不对", "登记码是 16 位字母和数字,请核对"),
        EnrolError::Refused(_) => {
            Failure::new("enrol_code", "总部不接受这个登记码", "登记码只能用一次、15 分钟有效,请重新生成")
        }
        EnrolError::OtherServer => {
            Failure::new("enrol_code", "这个地址不是发出登记码的总部", "请核对总部地址和登记码")
        }
        EnrolError::Address(AddressError::PlainHttp) => {
            Failure::new("network", "总部地址要以 https 开头,登记没有完成", "请核对总部地址")
        }
        EnrolError::Address(_) => Failure::new("network", "总部地址不能使用,登记没有完成", "请核对总部地址"),
        EnrolError::Unreachable => no_network(),
        EnrolError::Local(_) => Failure::new("internal", "登记没有完成,什么都没有改动", "请再试一次"),
    }
}
