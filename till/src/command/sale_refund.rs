//! Gives a whole sale back: the mirror of its money, points and coupons. Needs a supervisor.

use ledger::balance::Balance;
use ledger::event::SpendMode;
use ledger::fact::Fact;
use ledger::id::{Anchor, SaleId};
use ledger::member::{Member, mask_name};
use ledger::money::Fen;
use ledger::posting::{Account, Unit};
use ledger::receipt::{MemberBlock, ReceiptCode};
use ledger::refund::{Refund, RefundDesk};
use ledger::store::journal::Appended;
use ledger::store::print_jobs::{JobId, JobKind};
use ledger::store::shifts::OpenShift;
use ledger::store::{StoreError, Tx, accounts, members, sales, shifts};
use ledger::tender::TenderKind;
use sync::protocol::config::StaffRow;

use crate::approval;
use crate::business_day;
use crate::desk::Desk;
use crate::failure::{Answer, Failure};
use crate::fault::Fault;
use crate::limits;
use crate::paper::{self, MemberSlip, RefundSlip, Stamp};
use crate::receipts::{self, Original};
use crate::recording::{Entry, committed, record};
use crate::shop::Shop;
use crate::slips::{self, Slip};
use crate::view::{LastSaleView, Refunded, SaleRefund};

pub fn sale_refund(desk: &Desk, args: SaleRefund) -> Answer<Refunded> {
    let shop = desk.shop()?;
    if let Some(first) = desk.read(|r| Ok(sales::answer(r, &args.request_id)?))? {
        return serde_json::from_str(&first)
            .map_err(|_| Failure::new("bad_args", "这个请求号用在别的操作上了", "请换一个 request_id"));
    }
    let staff = desk.staff()?;
    let original = receipts::original(desk, &args.receipt)?;
    if original.refunded {
        return Err(already(&original));
    }
    let approver = approval::supervisor(desk, &staff, args.supervisor_pin.as_deref())?;
    let reason = args.reason.unwrap_or_default().trim().to_owned();
    let sale_id = SaleId::new(desk.now(), desk.fresh());
    let (refunded, last, drawer) = desk.write(|tx| {
        let shift = shifts::current(tx)?.ok_or_else(Failure::shift_closed)?;
        let giving = GivingBack { desk, tx, shop: &shop, shift: &shift, staff: &staff, approver: &approver };
        giving.complete(&original, sale_id, &reason, &args.request_id)
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
    Ok(refunded)
}

struct GivingBack<'a> {
    desk: &'a Desk,
    tx: &'a Tx<'a>,
    shop: &'a Shop,
    shift: &'a OpenShift,
    staff: &'a StaffRow,
    approver: &'a StaffRow,
}

impl GivingBack<'_> {
    fn complete(
        &self,
        original: &Original,
        sale_id: SaleId,
        reason: &str,
        request_id: &str,
    ) -> Result<(Refunded, LastSaleView, Option<JobId>), Fault> {
        let refund = self.refund(original, sale_id, reason)?;
        let member = match refund.member_id {
            Some(id) => members::by_id(self.tx, id)?,
            None => None,
        };
        let before =
            member.as_ref().map(|m| accounts::balance(self.tx, &Account::Member(m.id), Unit::Points));
        let before = before.transpose()?;
        let day = business_day::of(self.tx, self.shop.zone(), self.desk.now())?;
        let appended = record(self.desk, self.tx, self.shop, day, self.entry(&refund))?;
        sales::insert_refund(self.tx, &appended, &refund).map_err(|error| match error {
            StoreError::Duplicate(_) => Fault::Refused(already(original)),
            other => Fault::Store(other),
        })?;
        let drawer = self.print(&refund, &appended, member.as_ref().zip(before))?;
        let refunded = refunded(&refund, &appended);
        let answer = serde_json::to_string(&refunded)
            .map_err(|e| StoreError::Unreadable { what: "an answer", why: e.to_string() })?;
        sales::keep_answer(self.tx, request_id, &answer)?;
        Ok((refunded, last(&refund, member.as_ref(), &appended), drawer))
    }

    fn refund(&self, original: &Original, sale_id: SaleId, reason: &str) -> Result<Refund, Fault> {
        let day = business_day::of(self.tx, self.shop.zone(), self.desk.now())?;
        let number = sales::next_receipt_no(self.tx, self.shop.till_no, day)?;
        let at = RefundDesk {
            sale_id,
            receipt_no: number.to_string(),
            shift_no: self.shift.shift_no,
            staff: self.staff.id.clone(),
            approved_by: self.approver.id.clone(),
            reason: reason.to_owned(),
        };
        Ok(Refund::whole(&original.sale, original.key, original.hash, at))
    }

    /// Decided where the original was: at its member, else in the shard of the terminal that sold.
    fn entry(&self, refund: &Refund) -> Entry {
        let anchor = match refund.member_id {
            Some(member) => Anchor::from(member),
            None => Anchor::terminal(refund.original.key.terminal),
        };
        Entry {
            id: Some(refund.sale_id.0),
            fact: Fact::Refund(refund.clone()),
            anchor: Some(anchor),
            mode: SpendMode::None,
            sealed_pii: None,
        }
    }

    fn print(
        &self,
        refund: &Refund,
        appended: &Appended,
        member: Option<(&Member, Balance)>,
    ) -> Result<Option<JobId>, Fault> {
        let stored = match member {
            Some((member, _)) if refund.stored_fen() > Fen::ZERO => {
                Some(limits::stored_total(self.tx, member.id)?)
            }
            _ => None,
        };
        let doc = paper::refund(&RefundSlip {
            letterhead: &self.shop.letterhead,
            stamp: Stamp {
                number: refund.receipt_no.clone(),
                at: appended.at,
                zone: self.shop.zone(),
                cashier: self.staff.name.clone(),
            },
            refund,
            approved_by: self.approver.name.clone(),
            member: member.map(|(member, before)| MemberSlip { stored, ..slip(refund, member, &before) }),
            code: ReceiptCode::of(appended.key, &appended.hash),
        });
        let slip = Slip {
            event: Some(appended.key),
            kind: JobKind::Receipt,
            number: &refund.receipt_no,
            copy_no: 0,
        };
        slips::enqueue(self.desk, self.tx, slip, &doc, appended.at)?;
        if !refund.tenders.iter().any(|t| t.kind == TenderKind::Cash) {
            return Ok(None);
        }
        Ok(slips::open_drawer(self.desk, self.tx, appended.key, &refund.receipt_no, appended.at)?)
    }
}

fn slip(refund: &Refund, member: &Member, before: &Balance) -> MemberSlip {
    let moves = refund.points_returned.minus(refund.points_taken_back);
    MemberSlip {
        block: MemberBlock::of(before, moves, mask_name(&member.name), paper::tail(&member.card_no)),
        moves: vec![("收回积分", refund.points_taken_back.negated()), ("退回积分", refund.points_returned)],
        stored: None,
        new_card: None,
    }
}

fn refunded(refund: &Refund, appended: &Appended) -> Refunded {
    Refunded {
        sale_id: refund.sale_id.to_string(),
        original_sale_id: refund.original.sale_id.to_string(),
        receipt_no: refund.receipt_no.clone(),
        epoch: appended.key.epoch.to_string(),
        seq: appended.key.seq,
        hash: appended.hash.to_string(),
        total_fen: refund.total_fen.0,
        points_taken_back: refund.points_taken_back.0,
        points_returned: refund.points_returned.0,
    }
}

fn last(refund: &Refund, member: Option<&Member>, appended: &Appended) -> LastSaleView {
    let given: Fen = refund.tenders.iter().map(|t| t.amount_fen).sum();
    LastSaleView {
        kind: "refund".to_owned(),
        sale_id: refund.sale_id.to_string(),
        receipt_no: refund.receipt_no.clone(),
        total_fen: refund.total_fen.0,
        received_fen: given.0,
        change_fen: 0,
        points_earned: -refund.points_taken_back.0,
        points_redeemed: -refund.points_returned.0,
        member_name: member.map(|m| mask_name(&m.name)),
        balance: None,
        stored: None,
        receipt_code: ReceiptCode::of(appended.key, &appended.hash).to_string(),
    }
}

fn already(original: &Original) -> Failure {
    let number = &original.sale.receipt_no;
    Failure::new("already_refunded", format!("{number} 已经退过货"), "请核对小票,不要重复退款")
}
