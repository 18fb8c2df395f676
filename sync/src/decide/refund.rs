//! C6 to C9: a refund takes back what HQ posted for the sale, in proportion to the lines that come back, and
//! all of it once. What was given back beyond the sale is an exception.

use ledger::coupon::CouponState;
use ledger::given_back::{GivenBack, Part};
use ledger::id::{Anchor, EventKey, MemberId, Shard, StoreId};
use ledger::money::Fen;
use ledger::points::Points;
use ledger::posting::{Account, ExceptionKind, Movement, Unit};
use ledger::refund::Refund;
use ledger::sale::Sale;

use super::arrival::Arrival;
use super::book::{Book, Concern};
use super::decision::{Decision, Mark, Reference};
use super::kept::{self, Keep, RefundedLine};
use super::party::Party;
use super::view::{Original, View};
use super::{guest, lending, party, points, recovered, table};

pub fn decide<V: View + ?Sized>(
    view: &V,
    arrival: Arrival<'_>,
    refund: &Refund,
) -> Result<Decision, V::Error> {
    let (key, anchor) = (arrival.event.key(), arrival.event.head.anchor);
    let original = recovered::place_of(view, refund.original.key, &refund.original.hash)?;
    let (sale, posted) = match view.original(original)? {
        Original::Undecided => {
            let waits_for = Reference::Event(refund.original.key);
            return Ok(Decision::parked(anchor.shard(), table::UNKNOWN_REF, waits_for));
        }
        Original::Decided { sale, hash, posted } if hash == refund.original.hash => (sale, posted),
        Original::Decided { .. } | Original::NotASale => {
            let why = format!("{original} is not the sale {}", refund.original.receipt_no);
            return Ok(Decision::quarantined(key, anchor.shard(), &table::REF_DIFFERS, &why));
        }
    };
    guest::meet(view, &sale)?;
    let party = party::of_sale(view, &sale)?;
    let member = party.member();
    let home = member.map_or(anchor, Into::into).shard();
    let mut book = Book::open(view, key, home);
    book.speaks_for(party, arrival.store);
    let before = so_far(view, original)?;
    let after = match view.refunded_by(original)? {
        Some(_) => before.clone(),
        None => taken(&before, &sale, refund),
    };
    note(&mut book, original, &after.since(&before));
    if let Some(member) = member {
        let back = Back { sale: &sale, refund, before: &before, after: &after };
        let mut whole = Whole::of(&posted, &sale);
        whole.earned += guest::paid(view, original, &sale)?;
        mirror(&mut book, arrival, member, &whole, &back)?;
    }
    if party == Party::Stranger && after != before {
        let earned = sale.points_earned.0;
        guest::wait(&mut book, original, &sale, earned - after.share(&sale, earned));
    }
    if after != before && after.is_whole(&sale) {
        coupons_back(&mut book, &sale, original)?;
        book.mark(Mark::Refunded { sale: original });
    }
    let money = after.amount_fen().minus(before.amount_fen());
    over_refund(&mut book, arrival.store, member, refund.total_fen.minus(money))?;
    if let Some(member) = member {
        lending::lend_again(&mut book, member, arrival.store)?;
    }
    Ok(book.close())
}

/// Lines given back are kept with the terminal that sold: all refunds of a sale meet there.
fn shard_of(sale: EventKey) -> Shard {
    Anchor::terminal(sale.terminal).shard()
}

fn so_far<V: View + ?Sized>(view: &V, sale: EventKey) -> Result<GivenBack, V::Error> {
    let mut back = GivenBack::default();
    let lines: Vec<(String, RefundedLine)> = kept::under(view, shard_of(sale), &format!("{sale}/"))?;
    for (id, line) in lines {
        let Some(n) = id.rsplit('/').nth(3).and_then(|n| n.parse().ok()) else { continue };
        back.add(n, Part { qty_milli: line.qty_milli, amount_fen: line.amount_fen });
    }
    Ok(back)
}

/// What is given back with this refund, as far as its sale has it left to give.
fn taken(before: &GivenBack, sale: &Sale, refund: &Refund) -> GivenBack {
    if refund.lines.is_empty() {
        return before.and_the_rest(sale);
    }
    let mut after = before.clone();
    for asked in &refund.lines {
        let Some(line) = sale.lines.iter().find(|line| line.n == asked.n) else { continue };
        let asked = Part { qty_milli: asked.qty_milli, amount_fen: asked.amount_fen };
        after.add(line.n, after.allow(line, asked));
    }
    after
}

/// Keeps what came back, so that the next refund knows.
fn note<V: View + ?Sized>(book: &mut Book<'_, V>, sale: EventKey, parts: &[(u16, Part)]) {
    let refund = book.key();
    for (n, part) in parts {
        let line = RefundedLine { qty_milli: part.qty_milli, amount_fen: part.amount_fen };
        book.mark(Mark::Keep(Keep::put(shard_of(sale), format!("{sale}/{n:05}/{refund}"), &line)));
    }
}

/// What a sale moved on its member's accounts, as HQ posted it. What it left on an exception account stays
/// with its case: it was never the member's.
#[derive(Default)]
struct Whole {
    earned: i64,
    redeemed: i64,
    stored: i64,
}

impl Whole {
    /// Lots that ended by the sale's moment, or came back for it, moved with its entry and are not the sale's.
    fn of(posted: &[Movement], sale: &Sale) -> Self {
        let (mut whole, mut short) = (Whole::default(), 0);
        for Movement { account, unit, delta } in posted {
            match (account, unit) {
                (Account::Member(_) | Account::Anon(_), Unit::Points) if *delta > 0 => whole.earned += delta,
                (Account::Member(_) | Account::Anon(_), Unit::Points) => whole.redeemed -= delta,
                (
                    Account::Exception(ExceptionKind::Overdraft | ExceptionKind::PointsExpired, _),
                    Unit::Points,
                ) => {
                    short -= delta;
                }
                (Account::Stored(_) | Account::Anon(_), Unit::Fen) => whole.stored -= delta,
                _ => {}
            }
        }
        whole.earned = whole.earned.min(sale.points_earned.0);
        whole.redeemed = whole.redeemed.min(sale.points_redeemed.0 - short);
        whole
    }
}

/// The part of a sale that comes back.
struct Back<'a> {
    sale: &'a Sale,
    refund: &'a Refund,
    before: &'a GivenBack,
    after: &'a GivenBack,
}

impl Back<'_> {
    fn of(&self, whole: i64) -> i64 {
        self.after.share(self.sale, whole) - self.before.share(self.sale, whole)
    }
}

/// Points and stored value go back where they came from. A debt that this leaves is the member's; a large
/// one is looked at.
fn mirror<V: View + ?Sized>(
    book: &mut Book<'_, V>,
    arrival: Arrival<'_>,
    member: MemberId,
    whole: &Whole,
    back: &Back<'_>,
) -> Result<(), V::Error> {
    let (earned, redeemed) = (back.of(whole.earned), back.of(whole.redeemed));
    let account = Account::Member(member);
    book.transfer(Account::Programme, account.clone(), Unit::Points, redeemed)?;
    book.transfer(account.clone(), Account::Programme, Unit::Points, earned)?;
    let stored = back.refund.stored_fen().0.min(back.of(whole.stored));
    book.transfer(Account::StoredFloat, Account::Stored(member), Unit::Fen, stored)?;
    if book.is_forgotten(member) {
        return Ok(());
    }
    let rule = points::put_back(book, arrival, member, redeemed - earned)?;
    let debt = -book.balance(&account, Unit::Points)?;
    if earned > 0 && debt > rule.debt_case_min.0 {
        let detail = format!("the points of the sale were spent: the member owes {}", Points(debt));
        let concern = Concern { member: Some(member), detail, ..Concern::default() };
        book.case(table::CLAWBACK_DEBT, (Unit::Points, 0), concern);
    }
    Ok(())
}

/// A coupon that was revoked meanwhile stays so, unused.
fn coupons_back<V: View + ?Sized>(
    book: &mut Book<'_, V>,
    sale: &Sale,
    original: EventKey,
) -> Result<(), V::Error> {
    for used in &sale.coupons {
        let Some(coupon) = book.view().coupon(used.coupon_id)? else { continue };
        if coupon.used_by == Some(original) && !ledger::planted!("refund_keeps_coupon") {
            let state = match coupon.state {
                CouponState::Revoked => CouponState::Revoked,
                CouponState::Open | CouponState::Used => CouponState::Open,
            };
            book.coupon(coupon.shard, used.coupon_id, state);
        }
    }
    Ok(())
}

fn over_refund<V: View + ?Sized>(
    book: &mut Book<'_, V>,
    store: &StoreId,
    member: Option<MemberId>,
    excess: Fen,
) -> Result<(), V::Error> {
    if excess <= Fen::ZERO {
        return Ok(());
    }
    let detail = format!("{excess} more was given back than the sale left to give");
    let concern = Concern { member, detail, ..Concern::default() };
    let loss = (Unit::Fen, excess.0);
    book.exception(table::OVER_REFUND, (ExceptionKind::OverRefund, store), loss, concern)
}
