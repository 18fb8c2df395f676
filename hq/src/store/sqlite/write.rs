//! Changes, inside the one writing transaction.

use ledger::catalogue::Item;
use ledger::coupon::CouponState;
use ledger::id::{Anchor, CaseId, CouponId, EventKey, Hash, MemberId, Shard, StoreId, Stream, TerminalId};
use ledger::posting::{Account, Unit};
use ledger::time::{BusinessDay, Timestamp};
use rusqlite::ToSql;
use serde::Serialize;
use sync::decide::kept::Keep;
use sync::decide::view::Lent;
use sync::decide::{CaseDraft, View};
use sync::protocol::config::{StaffRow, StoreConfig};
use sync::protocol::hello::Cursor;
use sync::protocol::snapshot::{CouponRow, MemberRow};

use super::Tx;
use super::rows::{bits, number, word};
use crate::store::model::{DayRow, EventOutcome, EventRow, LogLine, PostingRow, SaleRow, TerminalRow};
use crate::store::tables::{Row, Table};
use crate::store::{Result, StoreError, Write};

fn json<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|e| StoreError::Corrupt(e.to_string()))
}

fn text<T: ToString>(value: Option<T>) -> Option<String> {
    value.map(|v| v.to_string())
}

impl Write for Tx<'_> {
    fn commit(mut self: Box<Self>) -> Result<()> {
        self.write_heads()?;
        self.connection().execute_batch("COMMIT")?;
        self.open = false;
        Ok(())
    }

    fn lock(&self, _shards: &[Shard]) -> Result<()> {
        // The one writer holds all of them.
        Ok(())
    }

    fn put_meta(&self, key: &str, value: &[u8]) -> Result<()> {
        self.run(include_str!("sql/meta_put.sql"), &[&key, &value]).map(drop)
    }

    fn append_log(&self, shard: Shard, line: &LogLine) -> Result<()> {
        let LogLine { lsn, chain, line } = line;
        self.move_head(Cursor { shard, lsn: *lsn, chain: *chain })?;
        self.run(include_str!("sql/log_append.sql"), &[&shard.0, &number(*lsn), &chain.0, line]).map(drop)
    }

    fn put_store(&self, s: &StoreConfig) -> Result<()> {
        let (zone, footer, rules) = (s.zone, json(&s.receipt_footer)?, json(&s.scan_rules)?);
        let values: [&dyn ToSql; 8] =
            [&s.id.0, &s.name, &s.address, &s.phone, &zone.offset_min, &zone.cutover_hour, &footer, &rules];
        self.run(include_str!("sql/store_put.sql"), &values).map(drop)
    }

    fn put_staff(&self, store: &StoreId, staff: &StaffRow) -> Result<()> {
        let values: [&dyn ToSql; 5] =
            [&store.0, &staff.id.0, &staff.name, &word(&staff.role), &staff.pin_hash];
        self.run(include_str!("sql/staff_put.sql"), &values).map(drop)
    }

    fn put_item(&self, item: &Item) -> Result<()> {
        self.run(include_str!("sql/item_put.sql"), &[&item.sku.0, &json(item)?]).map(drop)
    }

    fn next_terminal(&self) -> Result<TerminalId> {
        self.value(include_str!("sql/terminal_next.sql"), &[]).map(TerminalId)
    }

    fn put_terminal(&self, t: &TerminalRow) -> Result<()> {
        let values: [&dyn ToSql; 11] = [
            &t.id.0,
            &t.store.0,
            &t.till_no,
            &t.public_key,
            &t.app_version,
            &bits(t.epoch),
            &t.enrolled_at.0,
            &t.last_contact.0,
            &t.told.map(|(epoch, _)| bits(epoch)),
            &t.told.map(|(_, seq)| number(seq)),
            &t.revoked_at.map(|at| at.0),
        ];
        self.run(include_str!("sql/terminal_put.sql"), &values).map(drop)
    }

    fn put_contact(&self, id: TerminalId, at: Timestamp) -> Result<()> {
        self.run(include_str!("sql/terminal_contact.sql"), &[&id.0, &at.0]).map(drop)
    }

    fn put_code(&self, hash: &Hash, store: &StoreId, till_no: u32, expires_at: Timestamp) -> Result<()> {
        let values: [&dyn ToSql; 4] = [&hash.0, &store.0, &till_no, &expires_at.0];
        self.run(include_str!("sql/code_put.sql"), &values).map(drop)
    }

    fn take_code(&self, hash: &Hash, now: Timestamp) -> Result<Option<(StoreId, u32)>> {
        self.one(include_str!("sql/code_take.sql"), &[&hash.0, &now.0], |row| {
            Ok((StoreId(row.get(0)?), row.get(1)?))
        })
    }

    fn put_stream(&self, stream: Stream, received: u64, head: &Hash) -> Result<()> {
        let values: [&dyn ToSql; 4] = [&stream.terminal.0, &bits(stream.epoch), &number(received), &head.0];
        self.run(include_str!("sql/stream_put.sql"), &values).map(drop)
    }

    fn put_stable(&self, stream: Stream, seq: u64) -> Result<()> {
        let values: [&dyn ToSql; 3] = [&stream.terminal.0, &bits(stream.epoch), &number(seq)];
        self.run(include_str!("sql/stream_stable.sql"), &values).map(drop)
    }

    fn put_event(&self, e: &EventRow) -> Result<()> {
        let o = &e.outcome;
        let values: [&dyn ToSql; 12] = [
            &e.key.terminal.0,
            &bits(e.key.epoch),
            &number(e.key.seq),
            &e.hash.0,
            &e.line,
            &e.received_at.0,
            &word(&o.verdict),
            &o.code,
            &o.shard.0,
            &number(o.lsn),
            &text(o.case),
            &o.waits_for,
        ];
        self.run(include_str!("sql/event_put.sql"), &values).map(drop)
    }

    fn settle_event(&self, key: EventKey, o: &EventOutcome) -> Result<()> {
        let values: [&dyn ToSql; 9] = [
            &key.terminal.0,
            &bits(key.epoch),
            &number(key.seq),
            &word(&o.verdict),
            &o.code,
            &o.shard.0,
            &number(o.lsn),
            &text(o.case),
            &o.waits_for,
        ];
        self.run(include_str!("sql/event_settle.sql"), &values).map(drop)
    }

    fn put_balance(&self, shard: Shard, account: &Account, unit: Unit, balance: i64) -> Result<()> {
        let values: [&dyn ToSql; 4] = [&shard.0, &account.to_string(), &word(&unit), &balance];
        self.run(include_str!("sql/balance_put.sql"), &values).map(drop)
    }

    fn put_posting(&self, shard: Shard, p: &PostingRow) -> Result<()> {
        let values: [&dyn ToSql; 10] = [
            &shard.0,
            &p.account.to_string(),
            &number(p.lsn),
            &p.n,
            &word(&p.unit),
            &p.delta,
            &p.balance_after,
            &p.reason,
            &p.cause,
            &p.at.0,
        ];
        self.run(include_str!("sql/posting_put.sql"), &values).map(drop)
    }

    fn put_member(&self, shard: Shard, m: &MemberRow) -> Result<()> {
        let values: [&dyn ToSql; 10] = [
            &shard.0,
            &m.id.to_string(),
            &m.card_no,
            &m.phone_hash.0,
            &m.phone_mask,
            &m.name,
            &m.tier,
            &word(&m.state),
            &m.home_store.0,
            &m.joined_at.0,
        ];
        self.run(include_str!("sql/member_put.sql"), &values).map(drop)
    }

    fn put_alias(&self, from: MemberId, to: MemberId) -> Result<()> {
        self.run(include_str!("sql/member_alias.sql"), &[&from.to_string(), &to.to_string()]).map(drop)
    }

    fn drop_alias(&self, member: MemberId) -> Result<()> {
        let shard = Anchor::from(member).shard().0;
        self.run(include_str!("sql/member_unalias.sql"), &[&shard, &member.to_string()]).map(drop)
    }

    fn erase_personal(&self, member: MemberId) -> Result<()> {
        let (shard, id) = (Anchor::from(member).shard().0, member.to_string());
        if let Some(known) = self.member(member)? {
            self.run(include_str!("sql/phone_release.sql"), &[&known.row.phone_hash.0, &id])?;
        }
        self.run(include_str!("sql/member_erase.sql"), &[&shard, &id])?;
        self.run(include_str!("sql/pii_drop.sql"), &[&id]).map(drop)
    }

    fn put_interest(&self, shard: Shard, member: MemberId, store: &StoreId, hears: bool) -> Result<()> {
        let values: [&dyn ToSql; 3] = [&shard.0, &member.to_string(), &store.0];
        let sql =
            if hears { include_str!("sql/interest_put.sql") } else { include_str!("sql/interest_drop.sql") };
        self.run(sql, &values).map(drop)
    }

    fn begin_interest(&self, store: &StoreId) -> Result<()> {
        self.run(include_str!("sql/interest_begin.sql"), &[&store.0]).map(drop)
    }

    fn keep(&self, keep: &Keep) -> Result<()> {
        self.remembered.changed(keep);
        match &keep.body {
            Some(body) => {
                let values: [&dyn ToSql; 4] = [&keep.shard.0, &keep.kind, &keep.id, &body.to_string()];
                self.run(include_str!("sql/keep.sql"), &values).map(drop)
            }
            None => {
                let values: [&dyn ToSql; 3] = [&keep.shard.0, &keep.kind, &keep.id];
                self.run(include_str!("sql/keep_no_more.sql"), &values).map(drop)
            }
        }
    }

    fn put_pii(&self, member: MemberId, phone: &str, name: &str) -> Result<()> {
        self.run(include_str!("sql/pii_put.sql"), &[&member.to_string(), &phone, &name]).map(drop)
    }

    fn release_phone(&self, phone: &Hash, member: MemberId) -> Result<()> {
        self.run(include_str!("sql/phone_release.sql"), &[&phone.0, &member.to_string()]).map(drop)
    }

    fn claim_phone(&self, phone: &Hash, member: MemberId) -> Result<()> {
        self.run(include_str!("sql/phone_claim.sql"), &[&phone.0, &member.to_string()]).map(drop)
    }

    fn put_quota(&self, shard: Shard, member: MemberId, lent: &Lent) -> Result<()> {
        let until = lent.until.map(|until| until.0);
        let values: [&dyn ToSql; 6] =
            [&shard.0, &member.to_string(), &lent.store.0, &lent.points, &lent.fen, &until];
        self.run(include_str!("sql/quota_put.sql"), &values).map(drop)
    }

    fn put_coupon(&self, shard: Shard, c: &CouponRow) -> Result<()> {
        let values: [&dyn ToSql; 11] = [
            &shard.0,
            &c.member.to_string(),
            &c.id.to_string(),
            &c.code,
            &c.title,
            &json(&c.benefit)?,
            &c.threshold_fen.0,
            &c.starts_on.number(),
            &c.ends_on.number(),
            &c.home_store.0,
            &word(&c.state),
        ];
        self.run(include_str!("sql/coupon_put.sql"), &values).map(drop)
    }

    fn set_coupon(
        &self,
        shard: Shard,
        id: CouponId,
        state: CouponState,
        by: Option<EventKey>,
        lsn: u64,
    ) -> Result<()> {
        let values: [&dyn ToSql; 5] = [&shard.0, &id.to_string(), &word(&state), &text(by), &number(lsn)];
        self.run(include_str!("sql/coupon_state.sql"), &values).map(drop)
    }

    fn put_refunded(&self, sale: EventKey, refund: EventKey) -> Result<()> {
        self.run(include_str!("sql/refunded_put.sql"), &[&sale.to_string(), &refund.to_string()]).map(drop)
    }

    fn put_sale(&self, s: &SaleRow) -> Result<()> {
        let values: [&dyn ToSql; 12] = [
            &s.store.0,
            &s.biz_date.number(),
            &s.key.terminal.0,
            &bits(s.key.epoch),
            &number(s.key.seq),
            &s.kind,
            &s.receipt_no,
            &s.total_fen,
            &text(s.member),
            &s.points_earned,
            &s.points_redeemed,
            &s.received_at.0,
        ];
        self.run(include_str!("sql/sale_put.sql"), &values).map(drop)
    }

    fn put_day(&self, store: &StoreId, day: BusinessDay, row: &DayRow) -> Result<()> {
        let values: [&dyn ToSql; 9] = [
            &store.0,
            &day.number(),
            &row.key.terminal.0,
            &bits(row.key.epoch),
            &number(row.key.seq),
            &row.report_no,
            &row.agreed,
            &row.till.to_string(),
            &row.hq.to_string(),
        ];
        self.run(include_str!("sql/day_put.sql"), &values).map(drop)
    }

    fn put_case(&self, event: EventKey, store: &StoreId, c: &CaseDraft, at: Timestamp) -> Result<()> {
        let values: [&dyn ToSql; 14] = [
            &c.id.to_string(),
            &c.kind,
            &c.shard.0,
            &store.0,
            &event.terminal.0,
            &bits(event.epoch),
            &number(event.seq),
            &text(c.member),
            &text(c.other),
            &text(c.coupon),
            &word(&c.unit),
            &c.amount,
            &c.detail,
            &at.0,
        ];
        self.run(include_str!("sql/case_put.sql"), &values).map(drop)
    }

    fn close_case(&self, id: CaseId, version: u32, choice: &str, at: Timestamp) -> Result<bool> {
        let values: [&dyn ToSql; 4] = [&id.to_string(), &version, &at.0, &choice];
        let changed = self.run(include_str!("sql/case_close.sql"), &values)?;
        Ok(changed == 1 || ledger::planted!("case_closed_twice"))
    }

    fn load(&self, table: &Table, rows: Vec<Row>) -> Result<()> {
        self.load_rows(table, rows)
    }

    fn put_operator(&self, name: &str, password_hash: &str, one_time: bool) -> Result<()> {
        self.run(include_str!("sql/operator_put.sql"), &[&name, &password_hash, &one_time]).map(drop)
    }

    fn put_token(&self, hash: &Hash, operator: &str, expires_at: Timestamp) -> Result<()> {
        self.run(include_str!("sql/token_put.sql"), &[&hash.0, &operator, &expires_at.0]).map(drop)
    }

    fn drop_tokens(&self, operator: &str) -> Result<()> {
        self.run(include_str!("sql/tokens_drop.sql"), &[&operator]).map(drop)
    }
}
