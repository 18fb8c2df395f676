//! Changes, inside one writing transaction; most of them wait for its end.

use ledger::catalogue::Item;
use ledger::coupon::CouponState;
use ledger::id::{CaseId, CouponId, EventKey, Hash, MemberId, Shard, StoreId, Stream, TerminalId};
use ledger::posting::{Account, Unit};
use ledger::time::{BusinessDay, Timestamp};
use serde::Serialize;
use sync::decide::kept::Keep;
use sync::decide::view::{KnownMember, Lent};
use sync::decide::{CaseDraft, Reference, View};
use sync::protocol::config::{StaffRow, StoreConfig};
use sync::protocol::hello::Cursor;
use sync::protocol::snapshot::{CouponRow, MemberRow};

use super::known::Held;
use super::rows::{self, get, word};
use super::sql;
use super::tx::Tx;
use super::value::{self, Value, values};
use crate::store::model::{
    DayRow, EventOutcome, EventRow, LogLine, PostingRow, SaleRow, StreamRow, TerminalRow,
};
use crate::store::tables::{Row, Table};
use crate::store::{Read, Rehearsal, Result, StoreError, Write};

fn json<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|e| StoreError::Corrupt(e.to_string()))
}

fn text<T: ToString>(value: Option<T>) -> Option<String> {
    value.map(|v| v.to_string())
}

/// The columns of an event followed by others.
fn keyed(event: EventKey, others: Vec<Value>) -> Vec<Value> {
    value::key(event).into_iter().chain(others).collect()
}

impl Write for Tx<'_> {
    fn commit(self: Box<Self>) -> Result<()> {
        Tx::commit(&self)
    }

    fn lock(&self, shards: &[Shard]) -> Result<()> {
        self.hold(shards);
        Ok(())
    }

    fn look_ahead(
        &self,
        stream: Option<Stream>,
        references: &[Reference],
        rehearsal: &Rehearsal<'_>,
    ) -> Result<()> {
        self.rehearse(stream, references.iter().map(Reference::to_string).collect(), rehearsal)
    }

    fn put_meta(&self, key: &str, value: &[u8]) -> Result<()> {
        self.known.borrow_mut().settings.remove(key);
        self.later(sql!("meta_put"), values![key, value])
    }

    fn append_log(&self, shard: Shard, line: &LogLine) -> Result<()> {
        let before = self.head(shard)?;
        if before.lsn + 1 != line.lsn {
            return Err(StoreError::Corrupt(format!(
                "lsn {} does not follow in shard {}",
                line.lsn, shard.0
            )));
        }
        let head = Cursor { shard, lsn: line.lsn, chain: line.chain };
        self.known.borrow_mut().heads.insert(shard, Held::new(head));
        self.row(sql!("log_append"), values![shard, line.lsn, line.chain, &line.line])
    }

    fn put_store(&self, s: &StoreConfig) -> Result<()> {
        let (zone, footer, rules) = (s.zone, json(&s.receipt_footer)?, json(&s.scan_rules)?);
        let (offset, cutover) = (zone.offset_min, zone.cutover_hour);
        let values = values![&s.id.0, &s.name, &s.address, &s.phone, offset, cutover, footer, rules];
        self.later(sql!("store_put"), values)
    }

    fn put_staff(&self, store: &StoreId, staff: &StaffRow) -> Result<()> {
        let values = values![&store.0, &staff.id.0, &staff.name, word(&staff.role), &staff.pin_hash];
        self.later(sql!("staff_put"), values)
    }

    fn put_item(&self, item: &Item) -> Result<()> {
        self.later(sql!("item_put"), values![&item.sku.0, json(item)?])
    }

    fn next_terminal(&self) -> Result<TerminalId> {
        // Whoever numbers a terminal holds the first log meanwhile: nobody gives the same number.
        self.hold(&[Shard(0)]);
        self.value(sql!("terminal_next"), Vec::new(), |row| rows::small(row, 0)).map(TerminalId)
    }

    fn put_terminal(&self, t: &TerminalRow) -> Result<()> {
        let told = t.told.map(|(epoch, seq)| (epoch.0.cast_signed(), seq.cast_signed()));
        let values = values![
            t.id.0,
            &t.store.0,
            t.till_no,
            t.public_key.as_slice(),
            &t.app_version,
            t.epoch,
            t.enrolled_at,
            t.last_contact,
            told.map(|(epoch, _)| epoch),
            told.map(|(_, seq)| seq),
            t.revoked_at.map(|at| at.0),
        ];
        self.later(sql!("terminal_put"), values)
    }

    fn put_contact(&self, id: TerminalId, at: Timestamp) -> Result<()> {
        self.later(sql!("terminal_contact"), values![id.0, at])
    }

    fn put_code(&self, hash: &Hash, store: &StoreId, till_no: u32, expires_at: Timestamp) -> Result<()> {
        self.later(sql!("code_put"), values![*hash, &store.0, till_no, expires_at])
    }

    fn take_code(&self, hash: &Hash, now: Timestamp) -> Result<Option<(StoreId, u32)>> {
        self.one(sql!("code_take"), values![*hash, now], |row| {
            Ok((StoreId(get(row, 0)?), rows::small(row, 1)?))
        })
    }

    fn put_stream(&self, stream: Stream, received: u64, head: &Hash) -> Result<()> {
        let stable = self.stream_row(stream)?.map_or(0, |row| row.stable);
        let row = StreamRow { epoch: stream.epoch, received, head: *head, stable };
        self.known.borrow_mut().streams.insert(stream, Some(row));
        let mut values = value::stream(stream);
        values.extend(values![received, *head]);
        self.later(sql!("stream_put"), values)
    }

    fn put_stable(&self, stream: Stream, seq: u64) -> Result<()> {
        self.known.borrow_mut().streams.remove(&stream);
        let mut values = value::stream(stream);
        values.extend(values![seq]);
        self.later(sql!("stream_stable"), values)
    }

    fn put_event(&self, e: &EventRow) -> Result<()> {
        let o = &e.outcome;
        if o.waits_for.is_some() {
            self.forget_parked();
        }
        self.known.borrow_mut().events.insert(e.key, e.clone());
        let row = values![
            e.hash,
            e.line.as_slice(),
            e.received_at,
            word(&o.verdict),
            &o.code,
            o.shard,
            o.lsn,
            text(o.case),
            o.waits_for.clone(),
        ];
        self.row(sql!("event_put"), keyed(e.key, row))
    }

    fn settle_event(&self, key: EventKey, o: &EventOutcome) -> Result<()> {
        self.forget_parked();
        if let Some(ours) = self.known.borrow_mut().events.get_mut(&key) {
            ours.outcome = o.clone();
        }
        let values = values![word(&o.verdict), &o.code, o.shard, o.lsn, text(o.case), o.waits_for.clone()];
        self.later(sql!("event_settle"), keyed(key, values))
    }

    fn put_balance(&self, shard: Shard, account: &Account, unit: Unit, balance: i64) -> Result<()> {
        let key = (shard, account.to_string(), word(&unit));
        self.known.borrow_mut().balances.insert(key, Held::new(balance));
        Ok(())
    }

    fn put_posting(&self, shard: Shard, p: &PostingRow) -> Result<()> {
        let row = values![
            shard,
            p.account.to_string(),
            p.lsn,
            p.n,
            word(&p.unit),
            p.delta,
            p.balance_after,
            &p.reason,
            &p.cause,
            p.at,
        ];
        self.row(sql!("posting_put"), row)
    }

    fn put_member(&self, shard: Shard, m: &MemberRow) -> Result<()> {
        match self.known.borrow_mut().members.get_mut(&m.id) {
            Some(Some(known)) => known.row = MemberRow { joined_at: known.row.joined_at, ..m.clone() },
            Some(unknown) => *unknown = Some(KnownMember { row: m.clone(), root: m.id }),
            None => {}
        }
        let values = values![
            shard,
            m.id.to_string(),
            &m.card_no,
            m.phone_hash,
            &m.phone_mask,
            &m.name,
            &m.tier,
            word(&m.state),
            &m.home_store.0,
            m.joined_at,
        ];
        self.later(sql!("member_put"), values)
    }

    fn put_alias(&self, from: MemberId, to: MemberId) -> Result<()> {
        let shards = self.list(sql!("alias_shards"), values![from.to_string()], |row| rows::shard(row, 0))?;
        self.hold(&shards);
        self.known.borrow_mut().members.clear();
        self.later(sql!("member_alias"), values![from.to_string(), to.to_string()])
    }

    fn drop_alias(&self, member: MemberId) -> Result<()> {
        self.known.borrow_mut().members.remove(&member);
        self.later(sql!("member_unalias"), Self::member_key(member))
    }

    fn erase_personal(&self, member: MemberId) -> Result<()> {
        if let Some(known) = self.member(member)? {
            let phone = known.row.phone_hash;
            self.known.borrow_mut().phones.remove(&phone);
            self.later(sql!("phone_release"), values![phone.0[0], phone, member.to_string()])?;
        }
        self.known.borrow_mut().members.remove(&member);
        self.later(sql!("member_erase"), Self::member_key(member))?;
        self.later(sql!("pii_drop"), Self::member_key(member))
    }

    fn put_interest(&self, shard: Shard, member: MemberId, store: &StoreId, hears: bool) -> Result<()> {
        let sql = if hears { sql!("interest_put") } else { sql!("interest_drop") };
        self.later(sql, values![shard, member.to_string(), &store.0])
    }

    fn begin_interest(&self, store: &StoreId) -> Result<()> {
        self.later(sql!("interest_begin"), values![&store.0])
    }

    fn keep(&self, keep: &Keep) -> Result<()> {
        self.remembered.changed(keep);
        let key = (keep.shard, keep.kind.to_owned(), keep.id.clone());
        self.known.borrow_mut().kept.insert(key, Held::new(keep.body.clone()));
        Ok(())
    }

    fn put_pii(&self, member: MemberId, phone: &str, name: &str) -> Result<()> {
        let mut values = Self::member_key(member);
        values.extend(values![phone, name]);
        self.later(sql!("pii_put"), values)
    }

    fn release_phone(&self, phone: &Hash, member: MemberId) -> Result<()> {
        self.known.borrow_mut().phones.remove(phone);
        self.later(sql!("phone_release"), values![phone.0[0], *phone, member.to_string()])
    }

    fn claim_phone(&self, phone: &Hash, member: MemberId) -> Result<()> {
        if self.phone_owner(phone)?.is_some() {
            return Ok(());
        }
        self.known.borrow_mut().phones.insert(*phone, Some(member));
        self.later(sql!("phone_claim"), values![phone.0[0], *phone, member.to_string()])
    }

    fn put_quota(&self, _shard: Shard, member: MemberId, lent: &Lent) -> Result<()> {
        self.quotas(member)?;
        let mut known = self.known.borrow_mut();
        let lents = known.quotas.entry(member).or_default();
        match lents.binary_search_by(|held| held.value.store.cmp(&lent.store)) {
            Ok(at) => lents[at] = Held::new(lent.clone()),
            Err(at) => lents.insert(at, Held::new(lent.clone())),
        }
        Ok(())
    }

    fn put_coupon(&self, shard: Shard, c: &CouponRow) -> Result<()> {
        self.known.borrow_mut().coupons.remove(&c.id);
        let values = values![
            shard,
            c.member.to_string(),
            c.id.to_string(),
            &c.code,
            &c.title,
            json(&c.benefit)?,
            c.threshold_fen.0,
            c.starts_on.number(),
            c.ends_on.number(),
            &c.home_store.0,
            word(&c.state),
        ];
        self.later(sql!("coupon_put"), values)
    }

    fn set_coupon(
        &self,
        shard: Shard,
        id: CouponId,
        state: CouponState,
        by: Option<EventKey>,
        lsn: u64,
    ) -> Result<()> {
        if let Some(Some(known)) = self.known.borrow_mut().coupons.get_mut(&id) {
            (known.state, known.used_by, known.changed_lsn) = (state, by, lsn);
        }
        self.later(sql!("coupon_state"), values![shard, id.to_string(), word(&state), text(by), lsn])
    }

    fn put_refunded(&self, sale: EventKey, refund: EventKey) -> Result<()> {
        if self.refunded_by(sale)?.is_some() {
            return Ok(());
        }
        self.known.borrow_mut().refunds.insert(sale, Some(refund));
        self.later(sql!("refunded_put"), values![sale.terminal.0, sale.to_string(), refund.to_string()])
    }

    fn put_sale(&self, s: &SaleRow) -> Result<()> {
        let mut row = values![&s.store.0, s.biz_date.number()];
        row.extend(value::key(s.key));
        row.extend(values![
            &s.kind,
            &s.receipt_no,
            s.total_fen,
            text(s.member),
            s.points_earned,
            s.points_redeemed,
            s.received_at,
        ]);
        self.row(sql!("sale_put"), row)
    }

    fn put_day(&self, store: &StoreId, day: BusinessDay, row: &DayRow) -> Result<()> {
        let mut values = values![&store.0, day.number()];
        values.extend(value::key(row.key));
        values.extend(values![row.report_no, row.agreed, row.till.to_string(), row.hq.to_string()]);
        self.later(sql!("day_put"), values)
    }

    fn put_case(&self, event: EventKey, store: &StoreId, c: &CaseDraft, at: Timestamp) -> Result<()> {
        let mut values = values![c.id.to_string(), c.kind, c.shard, &store.0];
        values.extend(value::key(event));
        values.extend(values![
            text(c.member),
            text(c.other),
            text(c.coupon),
            word(&c.unit),
            c.amount,
            &c.detail,
            at,
        ]);
        self.later(sql!("case_put"), values)
    }

    fn close_case(&self, id: CaseId, version: u32, choice: &str, at: Timestamp) -> Result<bool> {
        let values = values![id.to_string(), version, at, choice];
        self.change(sql!("case_close"), values).map(|changed| changed == 1)
    }

    fn load(&self, table: &Table, rows: Vec<Row>) -> Result<()> {
        self.load_rows(table, rows)
    }

    fn put_operator(&self, name: &str, password_hash: &str, one_time: bool) -> Result<()> {
        self.later(sql!("operator_put"), values![name, password_hash, one_time])
    }

    fn put_token(&self, hash: &Hash, operator: &str, expires_at: Timestamp) -> Result<()> {
        self.later(sql!("token_put"), values![*hash, operator, expires_at])
    }

    fn drop_tokens(&self, operator: &str) -> Result<()> {
        self.later(sql!("tokens_drop"), values![operator])
    }
}

impl Tx<'_> {
    /// What was parked before is no longer the whole truth.
    fn forget_parked(&self) {
        let mut known = self.known.borrow_mut();
        known.parks = true;
        known.waiting.clear();
        known.parked.clear();
    }
}
