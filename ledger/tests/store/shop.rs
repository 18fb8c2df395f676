//! A small shop for the stories: a folder, a clock, members, goods and checkouts.

use std::path::{Path, PathBuf};

use ledger::coupon::{Benefit, Coupon, CouponState};
use ledger::event::{Boot, Clocks, SpendMode};
use ledger::fact::Fact;
use ledger::id::{Anchor, CouponId, Epoch, Hash, MemberId, SaleId, StaffId, Stream, TerminalId};
use ledger::member::{Member, MemberState, card_no};
use ledger::money::Fen;
use ledger::points::Points;
use ledger::quantity::Milli;
use ledger::refund::{Refund, RefundDesk};
use ledger::sale::{CouponUse, Presented, Sale, SaleLine, SaleMember};
use ledger::store::journal::{Appended, Draft};
use ledger::store::print_jobs::{JobKind, NewJob};
use ledger::store::{
    Generation, Key, Ledger, Migration, Opened, Options, StoreError, Tx, journal, open, print_jobs, sales,
};
use ledger::tender::{Tender, TenderKind};
use ledger::time::{BusinessDay, Timestamp, Zone};
use uuid::Uuid;

pub const KEY: Key = Key([7; 32]);
pub const STREAM: Stream = Stream { terminal: TerminalId(3), epoch: Epoch(5) };
pub const NOW: Timestamp = Timestamp(1_795_327_200_000);

/// A folder for one till; gone when dropped.
pub struct Shop {
    folder: tempfile::TempDir,
}

impl Shop {
    pub fn new() -> Self {
        Shop { folder: tempfile::tempdir().unwrap() }
    }

    pub fn dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub fn generation_file(&self) -> PathBuf {
        self.folder.path().join("elsewhere/generation-3")
    }

    pub fn try_open(&self, key: &Key, migrations: &[Migration]) -> Result<Opened, StoreError> {
        open_at(&self.dir(), &self.generation_file(), key, migrations)
    }

    pub fn open(&self) -> Opened {
        self.try_open(&KEY, &[]).unwrap()
    }

    /// Enrolled, ready to sell.
    pub fn enrolled(&self) -> Ledger {
        let ledger = self.open().ledger;
        ledger.write(|tx| journal::open(tx, STREAM, None)).unwrap();
        ledger
    }
}

pub fn open_at(
    dir: &Path,
    generation_file: &Path,
    key: &Key,
    migrations: &[Migration],
) -> Result<Opened, StoreError> {
    open(&Options { dir, key: key.clone(), generation_file, migrations, now: NOW, random: 0x1234_5678 })
}

pub fn first_start() -> Generation {
    Generation { value: 1, restored: false, guarded: true }
}

pub fn today() -> BusinessDay {
    BusinessDay::at(NOW, Zone::CHINA)
}

pub fn clocks(at: Timestamp) -> Clocks {
    Clocks { t_wall: at, t_mono_ms: 1, boot: Boot(1), hq_off_ms: None, hq_unc_ms: None }
}

pub fn member_id(n: u32) -> MemberId {
    MemberId(Uuid::from_u128(u128::from(n) + (1 << 100)))
}

pub fn member(n: u32, name: &str) -> Member {
    Member {
        id: member_id(n),
        card_no: card_no(n),
        phone_hash: Hash::of(&n.to_be_bytes()),
        phone_mask: format!("138****{:04}", n % 10_000),
        name: name.to_owned(),
        tier: "basic".to_owned(),
        state: MemberState::Active,
        home_store: "S001".into(),
        joined_at: NOW,
    }
}

pub fn coupon(n: u32, owner: MemberId) -> Coupon {
    Coupon {
        id: CouponId(Uuid::from_u128(u128::from(n) + (1 << 101))),
        code: format!("CP{n:010}"),
        member: owner,
        title: "满 50 减 10".to_owned(),
        benefit: Benefit::Off { off_fen: Fen(1000) },
        threshold_fen: Fen(5000),
        starts_on: today(),
        ends_on: today().plus_days(30),
        home_store: "S001".into(),
        state: CouponState::Open,
    }
}

/// What a customer buys; the rest is filled in.
#[derive(Clone, Copy, Default)]
pub struct Basket {
    pub lines: u16,
    pub member: Option<MemberId>,
    pub redeemed: i64,
    pub coupon: Option<CouponId>,
    pub paid_fen: i64,
}

pub fn basket(lines: u16) -> Basket {
    Basket { lines, ..Basket::default() }
}

impl Basket {
    pub fn by(self, member: MemberId) -> Self {
        Basket { member: Some(member), ..self }
    }
}

pub fn sale(basket: Basket, n: u64, receipt_no: String) -> Sale {
    let coupons: Vec<CouponUse> =
        basket.coupon.map(|coupon_id| CouponUse { coupon_id, value_fen: Fen(1000) }).into_iter().collect();
    let lines: Vec<SaleLine> = (0..basket.lines).map(line).collect();
    let amounts: Fen = lines.iter().map(|l| l.amount_fen).sum();
    let total_fen = amounts.minus(Fen(1000 * coupons.len() as i64)).minus(Fen(basket.redeemed));
    let paid = Fen(basket.paid_fen.max(total_fen.0));
    Sale {
        sale_id: SaleId(Uuid::from_u128(u128::from(n) + (1 << 102))),
        receipt_no,
        shift_no: 1,
        staff: StaffId::from("1001"),
        list_total_fen: amounts,
        total_fen,
        tenders: vec![Tender { kind: TenderKind::Cash, amount_fen: paid }],
        change_fen: paid.minus(total_fen),
        member: basket.member.map(|member_id| SaleMember {
            member_id,
            presented: Presented::Scanned,
            tier: "basic".to_owned(),
        }),
        points_earned: Points(if basket.member.is_some() { total_fen.0 / 100 } else { 0 }),
        points_redeemed: Points(basket.redeemed),
        redeem_value_fen: Fen(basket.redeemed),
        coupons,
        programme_version: 1,
        spending: ledger::sale::Spending::default(),
        lines,
    }
}

fn line(n: u16) -> SaleLine {
    let price_fen = Fen(1990 + i64::from(n));
    SaleLine {
        n,
        sku: format!("10{n:04}").as_str().into(),
        name: "农夫山泉 550ml".to_owned(),
        barcode: format!("69211685{n:05}"),
        unit: "瓶".to_owned(),
        weighed: false,
        price_fen,
        qty_milli: Milli::ONE,
        list_fen: price_fen,
        amount_fen: price_fen,
        share_fen: Fen::ZERO,
    }
}

pub fn draft(fact: Fact, member: Option<MemberId>, mode: SpendMode) -> Draft {
    Draft {
        id: Uuid::nil(),
        fact,
        anchor: member.map_or(Anchor::terminal(STREAM.terminal), Anchor::from),
        biz_date: today(),
        late_of: None,
        clocks: clocks(NOW),
        mode,
        known: ledger::event::Known::default(),
        sealed_pii: None,
    }
}

/// Receipt document and answer of usual size.
pub fn document(receipt_no: &str) -> String {
    format!("{{\"receipt\":\"{receipt_no}\",\"text\":\"{}\"}}", "谢谢惠顾 ".repeat(180))
}

/// A whole checkout in one transaction: number, event, receipt, stock, print job, answer.
pub fn check_out_in(tx: &Tx<'_>, basket: Basket, mode: SpendMode) -> Result<(Appended, Sale), StoreError> {
    pay_on(tx, basket, mode, today())
}

fn pay_on(
    tx: &Tx<'_>,
    basket: Basket,
    mode: SpendMode,
    day: BusinessDay,
) -> Result<(Appended, Sale), StoreError> {
    let n = journal::head(tx)?.map_or(0, |head| head.last_seq + 1);
    let receipt_no = sales::next_receipt_no(tx, 1, day)?.to_string();
    let sale = sale(basket, n, receipt_no.clone());
    let draft = Draft { biz_date: day, ..draft(Fact::Sale(sale.clone()), basket.member, mode) };
    let appended = journal::append(tx, draft)?;
    sales::insert_sale(tx, &appended, &sale)?;
    let doc = document(&receipt_no);
    print_jobs::enqueue(tx, &job(&appended, JobKind::Receipt, 0, &receipt_no, &doc))?;
    sales::keep_answer(tx, &format!("request-{n}"), &format!("{{\"receipt_no\":\"{receipt_no}\"}}"))?;
    Ok((appended, sale))
}

pub fn check_out(ledger: &Ledger, basket: Basket) -> (Appended, Sale) {
    ledger.write(|tx| check_out_in(tx, basket, SpendMode::StandIn)).unwrap()
}

/// On the day that a wrong clock shows.
pub fn check_out_on(ledger: &Ledger, day: BusinessDay) -> (Appended, Sale) {
    ledger.write(|tx| pay_on(tx, basket(1), SpendMode::StandIn, day)).unwrap()
}

pub fn job<'a>(appended: &Appended, kind: JobKind, copy_no: u8, name: &'a str, doc: &'a str) -> NewJob<'a> {
    NewJob { event: Some(appended.key), kind, copy_no, name, doc, created_at: NOW }
}

/// Gives a sale of this till back whole.
pub fn give_back(ledger: &Ledger, appended: &Appended, original: &Sale) -> Result<Refund, StoreError> {
    ledger.write(|tx| {
        let n = journal::head(tx)?.map_or(0, |head| head.last_seq + 1);
        let desk = RefundDesk {
            sale_id: SaleId(Uuid::from_u128(u128::from(n) + (1 << 102))),
            receipt_no: sales::next_receipt_no(tx, 1, today())?.to_string(),
            shift_no: 1,
            staff: "1001".into(),
            approved_by: "1009".into(),
            reason: "质量问题".to_owned(),
        };
        let refund = Refund::whole(original, appended.key, appended.hash, desk);
        let member = original.member.as_ref().map(|m| m.member_id);
        let appended = journal::append(tx, draft(Fact::Refund(refund.clone()), member, SpendMode::None))?;
        sales::insert_refund(tx, &appended, &refund)?;
        Ok(refund)
    })
}
