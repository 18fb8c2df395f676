//! A demo shop put straight into a till's ledger, and a person at that till.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use argon2::password_hash::PasswordHasher;
use argon2::{Algorithm, Argon2, Params, Version};
use crypto_box::SecretKey;
use ed25519_dalek::SigningKey;
use ledger::catalogue::Item;
use ledger::coupon::{Benefit, Coupon, CouponState};
use ledger::id::{CouponId, Epoch, MemberId, StaffId, StoreId, TerminalId};
use ledger::member::{Member, MemberState, card_no, mask_phone, phone_hash};
use ledger::money::Fen;
use ledger::points::Points;
use ledger::posting::{Account, Unit};
use ledger::programme::{BurnRule, OfflineRule, Programme};
use ledger::quota::Quota;
use ledger::store::{Ledger, accounts, coupons, members};
use ledger::tier::Tier;
use ledger::time::{Timestamp, Zone};
use sync::protocol::config::{Config, ConsentText, Role, StaffRow, StoreConfig};
use sync::protocol::enrol::{EnrolAnswer, HqKeys};
use sync::protocol::signature::encode;
use tempfile::TempDir;
use till::clock::{Chance, SetClock};
use till::config::Options;
use till::event::Unseen;
use till::failure::{Answer, Failure};
use till::identity::Identity;
use till::key_store::KeyFile;
use till::view::*;
use till::{Deps, Till};

use crate::wire::{Wire, hq_key};

pub const WATER: &str = "6921168509256";
pub const MILK: &str = "6907992513829";
pub const TISSUE: &str = "6914068019529";
/// 00101 at 13.60 a kilogram, 16.80 on the label.
pub const APPLES: &str = "2000101016809";
pub const WANG_PHONE: &str = "13800131234";
pub const LI_PHONE: &str = "13911111234";
pub const CASHIER: &str = "1234";
pub const SUPERVISOR: &str = "8888";
pub const COUPON_CODE: &str = "CP0000000001";
const LOOKUP: [u8; 32] = [7; 32];
pub const SEAL: [u8; 32] = [9; 32];

pub fn wang() -> MemberId {
    MemberId::from([1; 16])
}

pub fn wang_card() -> String {
    card_no(1)
}

pub fn coupon_id() -> CouponId {
    CouponId::from([3; 16])
}

pub fn morning() -> Timestamp {
    "2026-11-21T09:00:00+08:00".parse().unwrap()
}

/// Dice that fall the same in every run.
#[derive(Default)]
pub struct Counted(AtomicU64);

impl Chance for Counted {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let next = self.0.fetch_add(1, Ordering::SeqCst) + 1;
            let hash = blake3::hash(&next.to_le_bytes());
            chunk.copy_from_slice(&hash.as_bytes()[..chunk.len()]);
        }
    }
}

pub struct Shop {
    pub till: Till,
    pub clock: Arc<SetClock>,
    pub wire: Wire,
    pub folder: TempDir,
    requests: Mutex<u32>,
}

pub fn options(folder: &Path) -> Options {
    Options {
        data: folder.join("data"),
        hq: None,
        key_file: Some(folder.join("till.key")),
        printer: format!("virtual:?dir={}", folder.join("receipts").display()),
        scanner: "none:".into(),
        lan: None,
        peers: Vec::new(),
        clock_offset_ms: 0,
        retain_days: 35,
    }
}

/// A till on `folder` at `clock`.
pub fn start(folder: &Path, clock: &Arc<SetClock>, wire: &Wire) -> Till {
    start_as(options(folder), clock, wire)
}

fn start_as(options: Options, clock: &Arc<SetClock>, wire: &Wire) -> Till {
    let config = options.check().unwrap();
    let deps = Deps {
        clock: clock.clone(),
        chance: Arc::new(Counted::default()),
        keys: Box::new(KeyFile::new(config.key_file.clone().unwrap())),
        events: Arc::new(Unseen),
        link: Some(Box::new(wire.clone())),
    };
    Till::start(config, deps).unwrap()
}

impl Shop {
    /// Enrolled and stocked; nobody signed in, no shift open, no network.
    pub fn closed() -> Self {
        Shop::made(|options| options)
    }

    /// Open, with a printer that nobody can reach.
    pub fn with_a_dead_printer() -> Self {
        Shop::with_printer("tcp://127.0.0.1:9")
    }

    /// Open, with this printer on the command line; `{}` in it is the folder of receipts.
    pub fn with_printer(uri: &str) -> Self {
        let at = |options: &Options| options.data.with_file_name("receipts").display().to_string();
        let shop = Shop::made(|options| Options { printer: uri.replace("{}", &at(&options)), ..options });
        shop.opened()
    }

    /// Open, in a shop whose headquarters says so of its codes.
    pub fn with_scan_rules(rules: &str) -> Self {
        let shop = Shop::open();
        let mut config = config();
        config.version = 2;
        config.store.scan_rules = Some(serde_json::from_str(rules).unwrap());
        sync::store::config::apply(&shop.till.desk().ledger, config).unwrap();
        shop.till.desk().learn_shop().unwrap();
        shop
    }

    /// Open, with receipts laid out as headquarters says.
    pub fn with_template(template: serde_json::Value) -> Self {
        let shop = Shop::open();
        let config = Config { version: 2, receipt_template: Some(template), ..config() };
        sync::store::config::apply(&shop.till.desk().ledger, config).unwrap();
        shop.till.desk().learn_shop().unwrap();
        shop
    }

    fn made(change: impl FnOnce(Options) -> Options) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (clock, wire) = (Arc::new(SetClock::at(morning())), Wire::default());
        let till = start_as(change(options(folder.path())), &clock, &wire);
        stock(&till.desk().ledger);
        till.desk().learn_shop().unwrap();
        Shop { till, clock, wire, folder, requests: Mutex::new(0) }
    }

    /// A cashier signed in, a shift open with a float of 200.00.
    pub fn open() -> Self {
        Shop::closed().opened()
    }

    fn opened(self) -> Self {
        self.sign_in(CASHIER);
        self.till.shift_open(ShiftOpen { float_fen: 20_000 }).unwrap();
        self
    }

    /// The till starts again on the same folder, as after a power cut.
    pub fn restarted(self) -> Self {
        let Shop { till, clock, wire, folder, requests } = self;
        till.stop();
        drop(till);
        let till = start(folder.path(), &clock, &wire);
        Shop { till, clock, wire, folder, requests }
    }

    pub fn sign_in(&self, pin: &str) -> StaffView {
        self.till.staff_sign_in(StaffSignIn { staff_id: None, pin: pin.into() }).unwrap()
    }

    pub fn scan(&self, text: &str) -> Scanned {
        self.till.cart_scan(CartScan { text: text.into(), typed: false }).unwrap()
    }

    pub fn typed(&self, text: &str) -> Answer<Scanned> {
        self.till.cart_scan(CartScan { text: text.into(), typed: true })
    }

    pub fn cart(&self) -> CartView {
        self.till.screen().unwrap().cart
    }

    pub fn request(&self) -> String {
        let mut last = self.requests.lock().unwrap();
        *last += 1;
        format!("request-{last}")
    }

    pub fn pay_cash(&self, amount_fen: i64) -> Answer<Paid> {
        let tenders = vec![TenderView { kind: TenderKindView::Cash, amount_fen }];
        self.till.pay(Pay { request_id: self.request(), tenders })
    }

    pub fn redeem(&self, choice: RedeemChoice) -> Answer<CartView> {
        self.till.cart_redeem(CartRedeem { choice, supervisor_pin: None })
    }

    pub fn refund(&self, receipt: &str, pin: Option<&str>) -> Answer<Refunded> {
        self.till.sale_refund(SaleRefund {
            request_id: self.request(),
            receipt: receipt.into(),
            reason: Some("坏了".into()),
            supervisor_pin: pin.map(Into::into),
        })
    }

    pub fn wang(&self) -> BalanceView {
        let query = WANG_PHONE.to_owned();
        self.till.member_find(MemberFind { query, limit: None }).unwrap().remove(0).balance
    }
}

#[track_caller]
pub fn refused<T: std::fmt::Debug>(answer: Answer<T>, code: &str) -> Failure {
    let failure = answer.unwrap_err();
    assert_eq!(failure.code, code, "{failure:?}");
    assert!(!failure.message.is_empty() && !failure.hint.is_empty(), "{failure:?}");
    failure
}

/// What enrolment and a first contact would have brought.
pub fn stock(ledger: &Ledger) {
    let answer = EnrolAnswer {
        terminal: TerminalId(1),
        store: StoreId("S001".into()),
        till_no: 1,
        epoch: Epoch(1),
        hq_keys: HqKeys {
            sign: vec![encode(hq_key().verifying_key().as_bytes())],
            seal: encode(SecretKey::from(SEAL).public_key().as_bytes()),
            lookup: encode(&LOOKUP),
        },
        log_epoch: "test".into(),
    };
    let identity = Identity::new(answer, "http://127.0.0.1:9", None, &SigningKey::from_bytes(&[5; 32]));
    ledger.write(|tx| identity.keep(tx, Epoch(1))).unwrap();
    sync::store::config::apply(ledger, config()).unwrap();
    let heard: Timestamp = "2026-11-21T08:30:00+08:00".parse().unwrap();
    ledger
        .write(|tx| {
            for (id, serial, phone, name, tier, points, quota) in [
                (wang(), 1, WANG_PHONE, "王小梅", "gold", 1260, 320),
                (MemberId::from([2; 16]), 2, LI_PHONE, "李军", "basic", 80, 40),
            ] {
                members::put(tx, &member(id, serial, phone, name, tier))?;
                accounts::confirm(tx, &Account::Member(id), Unit::Points, points, 1, heard)?;
                accounts::set_quota(tx, id, Quota { points: Points(quota), ..Quota::default() })?;
            }
            coupons::put(tx, &coupon())
        })
        .unwrap();
}

fn member(id: MemberId, serial: u32, phone: &str, name: &str, tier: &str) -> Member {
    Member {
        id,
        card_no: card_no(serial),
        phone_hash: phone_hash(&LOOKUP, &format!("+86{phone}")),
        phone_mask: mask_phone(phone),
        name: name.into(),
        tier: tier.into(),
        state: MemberState::Active,
        home_store: "S001".into(),
        joined_at: Timestamp(0),
    }
}

fn coupon() -> Coupon {
    Coupon {
        id: coupon_id(),
        code: COUPON_CODE.into(),
        member: wang(),
        title: "满 100 减 15".into(),
        benefit: Benefit::Off { off_fen: Fen(1500) },
        threshold_fen: Fen(10_000),
        starts_on: "2026-11-01".parse().unwrap(),
        ends_on: "2026-11-21".parse().unwrap(),
        home_store: "S001".into(),
        state: CouponState::Open,
    }
}

fn config() -> Config {
    Config {
        version: 1,
        store: StoreConfig {
            id: "S001".into(),
            name: "静安寺店".into(),
            address: "上海市静安区南京西路 1618 号".into(),
            phone: "021-62488888".into(),
            zone: Zone::CHINA,
            receipt_footer: vec!["谢谢惠顾,欢迎再来".into()],
            scan_rules: None,
        },
        staff: vec![
            person("1001", "李静", Role::Cashier, CASHIER),
            person("9001", "陈主管", Role::Supervisor, SUPERVISOR),
        ],
        programme: programme(),
        consent: ConsentText { version: 1, text: "同意".into() },
        items: items(),
        receipt_template: None,
    }
}

fn programme() -> Programme {
    let tier = |code: &str, name: &str, earn_permille| Tier {
        code: code.into(),
        name: name.into(),
        earn_permille,
        earned_min: None,
    };
    Programme {
        version: 3,
        name: "会员积分".into(),
        tiers: vec![tier("basic", "普通", 1000), tier("gold", "黄金", 1500)],
        earn_fen_per_point: 100,
        burn: BurnRule { points_per_yuan: 100, share_max_permille: 500, points_min: Points(100) },
        offline: OfflineRule { points_max: Points(5000), in_a_row_max: 3, ..OfflineRule::default() },
        balance: ledger::programme::BalanceRule::default(),
    }
}

fn items() -> Vec<Item> {
    let item = |sku: &str, barcode: &str, name: &str, unit: &str, price, member: Option<i64>, plu| Item {
        sku: sku.into(),
        barcodes: if barcode.is_empty() { vec![] } else { vec![barcode.into()] },
        name: name.into(),
        unit: unit.into(),
        price_fen: Fen(price),
        member_price_fen: member.map(Fen),
        plu,
        category: String::new(),
    };
    vec![
        item("1001", WATER, "农夫山泉 饮用天然水 550ml", "件", 200, None, None),
        item("1002", MILK, "伊利 纯牛奶 250ml×16", "件", 6290, Some(5580), None),
        item("1003", "", "红富士苹果", "kg", 1360, None, Some(101)),
        item("1004", TISSUE, "洁柔 抽纸 3 包", "件", 1990, Some(1490), None),
    ]
}

/// PINs hashed with little work: the strength is headquarters' business, not the test's.
fn person(id: &str, name: &str, role: Role, pin: &str) -> StaffRow {
    let params = Params::new(8, 1, 1, None).unwrap();
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let pin_hash = argon.hash_password_with_salt(pin.as_bytes(), b"0123456789abcdef").unwrap().to_string();
    StaffRow { id: StaffId(id.into()), name: name.into(), role, pin_hash }
}
