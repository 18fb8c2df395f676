//! Completes the sale: one transaction for everything, then the bell for printer, drawer and headquarters.

use ledger::balance::Balance;
use ledger::event::SpendMode;
use ledger::fact::Fact;
use ledger::id::Anchor;
use ledger::member::{Member, MemberState, mask_name};
use ledger::money::Fen;
use ledger::points::Points;
use ledger::posting::{Account, Unit};
use ledger::pricing::Priced;
use ledger::quota::Hand;
use ledger::receipt::{MemberBlock, ReceiptCode};
use ledger::sale::{CouponUse, Sale, SaleLine, SaleMember, Spending};
use ledger::store::journal::Appended;
use ledger::store::print_jobs::{JobId, JobKind};
use ledger::store::shifts::OpenShift;
use ledger::store::{StoreError, Tx, accounts, sales, shifts};
use ledger::tender::{Tender, TenderKind};
use sync::protocol::config::StaffRow;

use crate::cart::Cart;
use crate::checkout::{self, Standing};
use crate::desk::Desk;
use crate::failure::{Answer, Failure};
use crate::fault::Fault;
use crate::limits;
use crate::member_card;
use crate::paper::{self, MemberSlip, SaleSlip, Stamp};
use crate::recording::{Entry, committed, record};
use crate::shop::Shop;
use crate::slips::{self, Slip};
use crate::spending::{self, Permit};
use crate::spending_checks::check;
use crate::tenders::tendered;
use crate::view::{LastSaleView, Paid, Pay, TenderKindView};

/// What the transaction leaves behind for afterwards.
struct Done {
    paid: Paid,
    last: LastSaleView,
    drawer: Option<JobId>,
}

pub fn pay(desk: &Desk, args: Pay) -> Answer<Paid> {
    let shop = desk.shop()?;
    if let Some(first) = desk.read(|r| Ok(sales::answer(r, &args.request_id)?))? {
        return serde_json::from_str(&first)
            .map_err(|_| Failure::new("bad_args", "这个请求号用在别的操作上了", "请换一个 request_id"));
    }
    let staff = desk.staff()?;
    let mut cart = checkout::cart(desk)?;
    if cart.is_empty() {
        return Err(Failure::cart_empty());
    }
    let permit = ask(desk, &shop, &mut cart, &args)?;
    let done = desk.write(|tx| {
        let shift = shifts::current(tx)?.ok_or_else(Failure::shift_closed)?;
        let mut standing = Standing::of(desk, tx, &shop, &cart)?;
        // A line that is up and does not answer is no line.
        standing.moment.online = permit.is_whole;
        let checkout =
            Checkout { desk, tx, standing: &standing, shift: &shift, staff: &staff, permit: &permit };
        checkout.complete(&args)
    })?;
    committed(desk);
    desk.press.wake();
    if let Some(job) = done.drawer {
        desk.press.open_drawer(job);
    }
    desk.link.wake();
    let mut session = desk.session();
    session.last_sale = Some(done.last);
    session.strip = None;
    Ok(done.paid)
}

/// HQ's word on what this sale spends, as far as it can be had. A sale that only earns needs nobody's.
fn ask(desk: &Desk, shop: &Shop, cart: &mut Cart, args: &Pay) -> Answer<Permit> {
    if !spends(cart, args) {
        return Ok(Permit { is_whole: true, ..Permit::default() });
    }
    let wanted = desk.read(|r| {
        shifts::current(r)?.ok_or_else(Failure::shift_closed)?;
        let standing = Standing::of(desk, r, shop, cart)?;
        let priced = standing.priced();
        let (tenders, _) = tendered(priced.due, &args.tenders)?;
        let hoped = Permit {
            grants: cart.permissions.iter().filter_map(|known| known.grant.clone()).collect(),
            is_whole: standing.moment.online,
            unanswered: Vec::new(),
        };
        check(r, &standing, &priced, &tenders, &hoped)?;
        Ok(spending::wanted(&standing, &priced, &tenders))
    })?;
    spending::permit(desk, shop, cart, wanted)
}

fn spends(cart: &Cart, args: &Pay) -> bool {
    cart.redeem > Points::ZERO
        || !cart.coupons.is_empty()
        || !cart.permissions.is_empty()
        || args.tenders.iter().any(|tender| tender.kind == TenderKindView::StoredValue)
}

struct Checkout<'a> {
    desk: &'a Desk,
    tx: &'a Tx<'a>,
    standing: &'a Standing<'a>,
    shift: &'a OpenShift,
    staff: &'a StaffRow,
    permit: &'a Permit,
}

impl Checkout<'_> {
    fn complete(&self, args: &Pay) -> Result<Done, Fault> {
        let priced = self.standing.priced();
        let (tenders, change) = tendered(priced.due, &args.tenders)?;
        let beyond = check(self.tx, self.standing, &priced, &tenders, self.permit)?;
        let number = sales::next_receipt_no(self.tx, self.standing.shop.till_no, self.standing.moment.day)?;
        let mut sale = self.sale(&priced, number.to_string(), tenders, change);
        if beyond == Hand::Supervisor {
            sale.spending.override_by.clone_from(&self.standing.cart.override_by);
        }
        if let Some(flaw) = sale.flaw() {
            tracing::error!(flaw, "a sale does not add up");
            return Err(Failure::new("internal", "这一单的金额对不上,没有收款", "请清空购物车重新扫").into());
        }
        let before = self.balance()?;
        let appended =
            record(self.desk, self.tx, self.standing.shop, self.standing.moment.day, self.entry(&sale))?;
        sales::insert_sale(self.tx, &appended, &sale)?;
        let drawer = self.print(&sale, &appended, before)?;
        let paid = paid(&sale, &appended, before);
        let answer = serde_json::to_string(&paid)
            .map_err(|e| StoreError::Unreadable { what: "an answer", why: e.to_string() })?;
        sales::keep_answer(self.tx, &args.request_id, &answer)?;
        let last = self.last(&sale, &appended)?;
        Ok(Done { paid, last, drawer })
    }

    fn sale(&self, priced: &Priced, receipt_no: String, tenders: Vec<Tender>, change: Fen) -> Sale {
        let cart = self.standing.cart;
        let member = self.standing.member.as_ref().zip(cart.shopper);
        let coupons = priced.coupons.iter();
        Sale {
            sale_id: cart.id,
            receipt_no,
            shift_no: self.shift.shift_no,
            staff: self.staff.id.clone(),
            lines: lines(cart, priced),
            list_total_fen: priced.list_total,
            total_fen: priced.due,
            tenders,
            change_fen: change,
            member: member.map(|(member, shopper)| SaleMember {
                member_id: member.id,
                presented: shopper.presented,
                tier: member.tier.clone(),
            }),
            points_earned: priced.earned,
            points_redeemed: priced.redeemed,
            redeem_value_fen: priced.redeem_value,
            coupons: coupons
                .map(|(coupon_id, value_fen)| CouponUse { coupon_id: *coupon_id, value_fen: *value_fen })
                .collect(),
            programme_version: self.standing.shop.programme.version,
            spending: Spending {
                grants: self.permit.grants.clone(),
                unanswered: self.permit.unanswered.clone(),
                guest: cart.stranger.as_ref().map(|stranger| stranger.guest.clone()),
                ..Spending::default()
            },
        }
    }

    fn entry(&self, sale: &Sale) -> Entry {
        let spends =
            sale.points_redeemed > Points::ZERO || sale.stored_fen() > Fen::ZERO || !sale.coupons.is_empty();
        let mode = match sale.spending.override_by {
            _ if !spends => SpendMode::None,
            _ if self.permit.is_whole => SpendMode::Online,
            Some(_) => SpendMode::Override,
            None => SpendMode::StandIn,
        };
        let anchor = sale.member.as_ref().map(|m| Anchor::from(m.member_id));
        Entry { id: Some(sale.sale_id.0), fact: Fact::Sale(sale.clone()), anchor, mode, sealed_pii: None }
    }

    /// The member's balance before this sale.
    fn balance(&self) -> Result<Option<Balance>, Fault> {
        let Some(member) = &self.standing.member else { return Ok(None) };
        Ok(Some(accounts::balance(self.tx, &Account::Member(member.id), Unit::Points)?))
    }

    /// Receipt and, for cash, the drawer: both wait in the ledger until the commit.
    fn print(
        &self,
        sale: &Sale,
        appended: &Appended,
        before: Option<Balance>,
    ) -> Result<Option<JobId>, Fault> {
        let doc = paper::sale(&self.slip(sale, appended, before));
        let slip =
            Slip { event: Some(appended.key), kind: JobKind::Receipt, number: &sale.receipt_no, copy_no: 0 };
        slips::enqueue(self.desk, self.tx, slip, &doc, appended.at)?;
        if !sale.tenders.iter().any(|t| t.kind == TenderKind::Cash) {
            return Ok(None);
        }
        Ok(slips::open_drawer(self.desk, self.tx, appended.key, &sale.receipt_no, appended.at)?)
    }

    fn slip<'s>(&'s self, sale: &'s Sale, appended: &Appended, before: Option<Balance>) -> SaleSlip<'s> {
        let zone = self.standing.shop.zone();
        let titles = sale.coupons.iter().map(|used| {
            let taken = self.standing.taken().iter().find(|c| c.id == used.coupon_id);
            taken.map_or_else(|| "优惠券".to_owned(), |c| c.title.clone())
        });
        SaleSlip {
            letterhead: &self.standing.shop.letterhead,
            stamp: Stamp {
                number: sale.receipt_no.clone(),
                at: appended.at,
                zone,
                cashier: self.staff.name.clone(),
            },
            sale,
            coupon_titles: titles.collect(),
            member: before.and_then(|before| self.member_slip(sale, &before)),
            guest: self.standing.cart.stranger.as_ref().map(|stranger| stranger.shown.clone()),
            code: ReceiptCode::of(appended.key, &appended.hash),
        }
    }

    fn member_slip(&self, sale: &Sale, before: &Balance) -> Option<MemberSlip> {
        let member = self.standing.member.as_ref()?;
        let moves = sale.points_earned.minus(sale.points_redeemed);
        Some(MemberSlip {
            block: MemberBlock::of(before, moves, mask_name(&member.name), paper::tail(&member.card_no)),
            moves: vec![("本单积分", sale.points_earned), ("使用积分", sale.points_redeemed.negated())],
            stored: self.stored_after(member, sale).ok().flatten(),
            new_card: (member.state == MemberState::Provisional).then(|| member.card_no.clone()),
        })
    }

    /// The stored value left after this sale, for a member who has or had any.
    fn stored_after(&self, member: &Member, sale: &Sale) -> Result<Option<Fen>, StoreError> {
        let left = limits::stored_total(self.tx, member.id)?;
        Ok((left != Fen::ZERO || sale.stored_fen() != Fen::ZERO).then_some(left))
    }

    fn last(&self, sale: &Sale, appended: &Appended) -> Result<LastSaleView, Fault> {
        let received: Fen = sale.tenders.iter().map(|t| t.amount_fen).sum();
        let member = self.standing.member.as_ref();
        let balance = match member {
            Some(member) => {
                let (shop, moment) = (self.standing.shop, self.standing.moment);
                Some(member_card::balance(self.tx, shop, member.id, moment)?)
            }
            None => None,
        };
        Ok(LastSaleView {
            kind: "sale".to_owned(),
            sale_id: sale.sale_id.to_string(),
            receipt_no: sale.receipt_no.clone(),
            total_fen: sale.total_fen.0,
            received_fen: received.0,
            change_fen: sale.change_fen.0,
            points_earned: sale.points_earned.0,
            points_redeemed: sale.points_redeemed.0,
            member_name: member.map(|m| mask_name(&m.name)),
            balance,
            stored: None,
            receipt_code: ReceiptCode::of(appended.key, &appended.hash).to_string(),
        })
    }
}

fn lines(cart: &Cart, priced: &Priced) -> Vec<SaleLine> {
    let lines = cart.lines.iter().zip(&priced.lines).zip(1u16..);
    lines
        .map(|((line, price), n)| SaleLine {
            n,
            sku: line.item.sku.clone(),
            name: line.item.name.clone(),
            barcode: line.barcode.clone(),
            unit: line.item.unit.clone(),
            weighed: line.item.weighed(),
            price_fen: line.item.price_fen,
            qty_milli: line.qty,
            list_fen: price.list,
            amount_fen: price.amount,
            share_fen: price.share,
        })
        .collect()
}

fn paid(sale: &Sale, appended: &Appended, before: Option<Balance>) -> Paid {
    let moves = sale.points_earned.minus(sale.points_redeemed);
    Paid {
        sale_id: sale.sale_id.to_string(),
        receipt_no: sale.receipt_no.clone(),
        epoch: appended.key.epoch.to_string(),
        seq: appended.key.seq,
        hash: appended.hash.to_string(),
        total_fen: sale.total_fen.0,
        change_fen: sale.change_fen.0,
        points_earned: sale.points_earned.0,
        points_redeemed: sale.points_redeemed.0,
        balance_confirmed: before.map(|b| b.confirmed.0),
        balance_pending: before.map(|b| b.pending.plus(moves).0),
    }
}
