//! Sells stored value: principal paid, bonus given, one receipt.

use ledger::event::SpendMode;
use ledger::fact::Fact;
use ledger::id::{Anchor, SaleId};
use ledger::member::{Member, mask_name};
use ledger::money::Fen;
use ledger::receipt::ReceiptCode;
use ledger::store::journal::Appended;
use ledger::store::print_jobs::{JobId, JobKind};
use ledger::store::shifts::OpenShift;
use ledger::store::{StoreError, Tx, members, sales, shifts};
use ledger::tender::{Tender, TenderKind};
use ledger::top_up::TopUp;
use sync::protocol::config::StaffRow;

use crate::business_day;
use crate::checkout;
use crate::desk::Desk;
use crate::failure::{Answer, Failure};
use crate::fault::Fault;
use crate::limits;
use crate::lookup;
use crate::paper::{self, Stamp, TopUpSlip};
use crate::recording::{Entry, committed, record};
use crate::settings;
use crate::shop::Shop;
use crate::slips::{self, Slip};
use crate::tenders::tendered;
use crate::view::{LastSaleView, MemberTopUp, StoredView, ToppedUp};

/// Most that one top-up may add: a till is no bank.
const TOP_UP_MAX: Fen = Fen(500_000);

pub fn member_top_up(desk: &Desk, args: MemberTopUp) -> Answer<ToppedUp> {
    let shop = desk.shop()?;
    if let Some(first) = desk.read(|r| Ok(sales::answer(r, &args.request_id)?))? {
        return serde_json::from_str(&first)
            .map_err(|_| Failure::new("bad_args", "这个请求号用在别的操作上了", "请换一个 request_id"));
    }
    let staff = desk.staff()?;
    let (principal, bonus) = (Fen(args.principal_fen), Fen(args.bonus_fen));
    let fits = principal > Fen::ZERO && bonus >= Fen::ZERO && bonus <= principal && principal <= TOP_UP_MAX;
    if !fits {
        return Err(Failure::new("bad_amount", "充值金额不对", format!("一次最多充 {TOP_UP_MAX}")));
    }
    let (tenders, change) = tendered(principal, &args.tenders)?;
    if tenders.iter().any(|tender| tender.kind == TenderKind::StoredValue) {
        return Err(Failure::new("bad_tender", "充值不能用储值付款", "请用现金、扫码或银行卡"));
    }
    let member = member(desk, args.member_id.as_deref())?;
    let id = SaleId::new(desk.now(), desk.fresh());
    let (topped_up, last, drawer) = desk.write(|tx| {
        let shift = shifts::current(tx)?.ok_or_else(Failure::shift_closed)?;
        let counter = Counter { desk, tx, shop: &shop, shift: &shift, staff: &staff, member: &member };
        counter.complete(id, (principal, bonus), (tenders, change), &args.request_id)
    })?;
    committed(desk);
    desk.press.wake();
    if let Some(job) = drawer {
        desk.press.open_drawer(job);
    }
    desk.link.wake();
    let mut session = desk.session();
    session.last_sale = Some(last);
    session.strip = None;
    Ok(topped_up)
}

/// The one named, else the cart's.
fn member(desk: &Desk, named: Option<&str>) -> Answer<Member> {
    let unknown = || Failure::new("unknown_member", "还没有会员,不能充值", "请先扫会员卡或输入手机号");
    let id = match named {
        Some(text) => text.parse().map_err(|_| unknown())?,
        None => checkout::cart(desk)?.shopper.ok_or_else(unknown)?.member,
    };
    let member = desk.read(|r| Ok(members::by_id(r, id)?))?.ok_or_else(unknown)?;
    lookup::refuse_blocked(&member)?;
    Ok(member)
}

struct Counter<'a> {
    desk: &'a Desk,
    tx: &'a Tx<'a>,
    shop: &'a Shop,
    shift: &'a OpenShift,
    staff: &'a StaffRow,
    member: &'a Member,
}

impl Counter<'_> {
    fn complete(
        &self,
        id: SaleId,
        (principal, bonus): (Fen, Fen),
        (tenders, change): (Vec<Tender>, Fen),
        request_id: &str,
    ) -> Result<(ToppedUp, LastSaleView, Option<JobId>), Fault> {
        let day = business_day::of(self.tx, self.shop.zone(), self.desk.now())?;
        let number = settings::next_top_up(self.tx)?;
        let top_up = TopUp {
            top_up_id: id,
            // A series of its own: receipts are numbered without a gap.
            receipt_no: format!("C{:02}-{:06}-{number:04}", self.shop.till_no, day.number() % 1_000_000),
            shift_no: self.shift.shift_no,
            staff: self.staff.id.clone(),
            member_id: self.member.id,
            principal_fen: principal,
            bonus_fen: bonus,
            tenders,
            change_fen: change,
        };
        let entry = Entry {
            id: Some(id.0),
            fact: Fact::TopUp(top_up.clone()),
            anchor: Some(Anchor::from(self.member.id)),
            mode: SpendMode::None,
            sealed_pii: None,
        };
        let appended = record(self.desk, self.tx, self.shop, day, entry)?;
        let left = limits::stored_total(self.tx, self.member.id)?;
        let code = ReceiptCode::of(appended.key, &appended.hash);
        let drawer = self.print(&top_up, code, left, appended.at)?;
        let topped_up = topped_up(&top_up, &appended, left);
        let answer = serde_json::to_string(&topped_up)
            .map_err(|e| StoreError::Unreadable { what: "an answer", why: e.to_string() })?;
        sales::keep_answer(self.tx, request_id, &answer)?;
        Ok((topped_up, last(&top_up, self.member, code, left), drawer))
    }

    fn print(
        &self,
        top_up: &TopUp,
        code: ReceiptCode,
        left: Fen,
        at: ledger::time::Timestamp,
    ) -> Result<Option<JobId>, Fault> {
        let doc = paper::top_up(&TopUpSlip {
            letterhead: &self.shop.letterhead,
            stamp: Stamp {
                number: top_up.receipt_no.clone(),
                at,
                zone: self.shop.zone(),
                cashier: self.staff.name.clone(),
            },
            top_up,
            member: self.member,
            left,
            code,
        });
        let slip =
            Slip { event: Some(code.key), kind: JobKind::Receipt, number: &top_up.receipt_no, copy_no: 0 };
        slips::enqueue(self.desk, self.tx, slip, &doc, at)?;
        if !top_up.tenders.iter().any(|t| t.kind == TenderKind::Cash) {
            return Ok(None);
        }
        Ok(slips::open_drawer(self.desk, self.tx, code.key, &top_up.receipt_no, at)?)
    }
}

fn topped_up(top_up: &TopUp, appended: &Appended, left: Fen) -> ToppedUp {
    ToppedUp {
        top_up_id: top_up.top_up_id.to_string(),
        receipt_no: top_up.receipt_no.clone(),
        epoch: appended.key.epoch.to_string(),
        seq: appended.key.seq,
        hash: appended.hash.to_string(),
        principal_fen: top_up.principal_fen.0,
        bonus_fen: top_up.bonus_fen.0,
        change_fen: top_up.change_fen.0,
        stored_fen: left.0,
    }
}

fn last(top_up: &TopUp, member: &Member, code: ReceiptCode, left: Fen) -> LastSaleView {
    let received: Fen = top_up.tenders.iter().map(|tender| tender.amount_fen).sum();
    LastSaleView {
        kind: "top_up".to_owned(),
        sale_id: top_up.top_up_id.to_string(),
        receipt_no: top_up.receipt_no.clone(),
        total_fen: top_up.principal_fen.0,
        received_fen: received.0,
        change_fen: top_up.change_fen.0,
        points_earned: 0,
        points_redeemed: 0,
        member_name: Some(mask_name(&member.name)),
        balance: None,
        stored: Some(StoredView { bonus_fen: top_up.bonus_fen.0, left_fen: left.0 }),
        receipt_code: code.to_string(),
    }
}
