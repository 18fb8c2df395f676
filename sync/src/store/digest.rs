//! What the till holds of each shard as a sum, and HQ's rows put in place of those that are wrong.

use std::collections::HashMap;

use ledger::coupon::CouponState;
use ledger::id::{CouponId, MemberId};
use ledger::member::MemberState;
use ledger::posting::{Account, Unit};
use ledger::store::{Ledger, Reader, StoreError, Tx, accounts, coupons, members};
use serde::de::DeserializeOwned;

use crate::protocol::digest::{ShardRepaired, ShardSum, Sums, shard_of};
use crate::protocol::hello::Cursor;
use crate::protocol::snapshot::{CouponRow, MemberRow, SnapshotHead, SnapshotRow};

use super::cursors;
use super::snapshot::LoadError;

/// Rows read at once.
const PAGE_ROWS: i64 = 5_000;
/// Merged members point to each other at most this deep; more is a circle.
const ALIASES_MAX: usize = 64;

/// A member's row as far as HQ has it too.
struct Held {
    id: MemberId,
    points: i64,
    card_no: String,
    state: MemberState,
    alias_to: Option<MemberId>,
}

/// The sums of every shard of which anything is known, at its cursor. Provisional movements are left out.
///
/// # Errors
/// The store's.
pub fn sums(r: &Reader) -> Result<Vec<ShardSum>, StoreError> {
    let mut sums = Sums::default();
    let mut aliases = HashMap::new();
    let mut after = Vec::new();
    loop {
        let page = r.all(include_str!("digest_members.sql"), (&after, PAGE_ROWS), |row| Ok(held(row)))?;
        let page: Vec<Held> = page.into_iter().collect::<Result<_, _>>()?;
        let Some(last) = page.last() else { break };
        after = last.id.bytes().to_vec();
        for row in page {
            sums.member(row.id, row.points, &row.card_no, row.state);
            aliases.extend(row.alias_to.map(|to| (row.id, to)));
        }
    }
    for from in aliases.keys() {
        sums.alias(*from, root(&aliases, *from));
    }
    add_coupons(r, &aliases, &mut sums)?;
    let stored =
        r.all(include_str!("digest_stored.sql"), [], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?;
    for (account, fen) in stored {
        if let Ok(Account::Stored(member)) = account.parse() {
            sums.stored(member, fen);
        }
    }
    let each = cursors::all(r)?.into_iter().map(|at| ShardSum { sum: sums.of(at.shard), at });
    Ok(each.collect())
}

fn held(row: &rusqlite::Row<'_>) -> Result<Held, StoreError> {
    Ok(Held {
        id: row.get::<_, [u8; 16]>(0)?.into(),
        points: row.get(1)?,
        card_no: row.get(2)?,
        state: word("a member's state", &row.get::<_, String>(3)?)?,
        alias_to: row.get::<_, Option<[u8; 16]>>(4)?.map(MemberId::from),
    })
}

/// A word of the ledger's, read as the wire spells it: both are the same.
fn word<T: DeserializeOwned>(what: &'static str, text: &str) -> Result<T, StoreError> {
    serde_json::from_value(text.into()).map_err(|e| StoreError::Unreadable { what, why: e.to_string() })
}

/// Whom a member became in the end.
fn root(aliases: &HashMap<MemberId, MemberId>, id: MemberId) -> MemberId {
    (0..ALIASES_MAX).try_fold(id, |at, _| aliases.get(&at).copied().ok_or(at)).unwrap_or_else(|end| end)
}

fn add_coupons(r: &Reader, aliases: &HashMap<MemberId, MemberId>, sums: &mut Sums) -> Result<(), StoreError> {
    let mut after = Vec::new();
    loop {
        let page = r.all(include_str!("digest_coupons.sql"), (&after, PAGE_ROWS), |row| {
            let (id, member) = (row.get::<_, [u8; 16]>(0)?, row.get::<_, [u8; 16]>(1)?);
            Ok((CouponId::from(id), MemberId::from(member), row.get::<_, String>(2)?))
        })?;
        let Some((last, ..)) = page.last() else { return Ok(()) };
        after = last.bytes().to_vec();
        for (id, member, state) in page {
            sums.coupon(id, root(aliases, member), word::<CouponState>("a coupon's state", &state)?);
        }
    }
}

/// HQ's rows of some shards, read and not yet put in place.
pub struct Rows {
    head: SnapshotHead,
    members: Vec<(MemberRow, i64)>,
    coupons: Vec<CouponRow>,
    aliases: HashMap<MemberId, MemberId>,
    stored_fen: HashMap<MemberId, i64>,
}

impl Rows {
    /// Reads an unpacked answer.
    ///
    /// # Errors
    /// [`LoadError::Incomplete`] without its last line, or with a line that does not fit.
    pub fn parse(text: &str) -> Result<Rows, LoadError> {
        let mut lines = text.lines();
        let head = lines.next().and_then(|line| serde_json::from_str(line).ok());
        let mut told = Rows {
            head: head.ok_or(LoadError::Incomplete)?,
            members: Vec::new(),
            coupons: Vec::new(),
            aliases: HashMap::new(),
            stored_fen: HashMap::new(),
        };
        let mut rows = 0;
        while let Some(line) = lines.next() {
            match serde_json::from_str(line).map_err(|_| LoadError::Incomplete)? {
                SnapshotRow::M { member, points, quota: _ } => told.members.push((member, points)),
                SnapshotRow::A { from, to } => drop(told.aliases.insert(from, to)),
                SnapshotRow::C { coupon } => told.coupons.push(coupon),
                SnapshotRow::S { member, fen, .. } => drop(told.stored_fen.insert(member, fen)),
                SnapshotRow::End { rows: sent } if sent == rows && lines.next().is_none() => return Ok(told),
                SnapshotRow::End { .. } => break,
            }
            rows += 1;
        }
        Err(LoadError::Incomplete)
    }

    /// Puts right what differs, all in one transaction. A shard whose cursor moved meanwhile is left alone;
    /// rows that HQ does not name stay as they are: they may be events on their way.
    ///
    /// # Errors
    /// The store's; then nothing was changed.
    pub fn repair(&self, ledger: &Ledger) -> Result<Vec<ShardRepaired>, StoreError> {
        ledger.write(|tx| {
            let mut repaired = Vec::new();
            for pin in &self.head.pins {
                if cursors::of(tx, pin.shard)? != *pin {
                    continue;
                }
                let rows = self.repair_shard(tx, pin)?;
                if rows > 0 {
                    repaired.push(ShardRepaired { shard: pin.shard, lsn: pin.lsn, rows });
                }
            }
            Ok(repaired)
        })
    }

    /// How many rows were wrong.
    fn repair_shard(&self, tx: &Tx<'_>, pin: &Cursor) -> Result<u32, StoreError> {
        let mut rows = 0;
        for (row, points) in self.members.iter().filter(|(row, _)| shard_of(row.id) == pin.shard) {
            rows += u32::from(self.repair_member(tx, pin.lsn, row, *points)?);
            rows += u32::from(self.repair_stored(tx, pin.lsn, row.id)?);
            rows += u32::from(self.repair_alias(tx, row.id)?);
        }
        for row in self.coupons.iter().filter(|row| shard_of(row.member) == pin.shard) {
            let wrong = coupon_held(tx, row.id)? != Some((row.member, row.state));
            if wrong {
                coupons::put(tx, &row.clone().into())?;
            }
            rows += u32::from(wrong);
        }
        Ok(rows)
    }

    fn repair_member(&self, tx: &Tx<'_>, lsn: u64, row: &MemberRow, points: i64) -> Result<bool, StoreError> {
        let here = tx.first(include_str!("digest_member.sql"), [row.id.bytes()], |row| Ok(held(row)))?;
        let right = here.transpose()?.is_some_and(|here| {
            (here.points, &here.card_no, here.state) == (points, &row.card_no, row.state)
        });
        if !right {
            members::put(tx, &row.clone().into())?;
            accounts::confirm(tx, &Account::Member(row.id), Unit::Points, points, lsn, self.head.hq_time)?;
        }
        Ok(!right)
    }

    fn repair_stored(&self, tx: &Tx<'_>, lsn: u64, id: MemberId) -> Result<bool, StoreError> {
        let (account, told) = (Account::Stored(id), self.stored_fen.get(&id).copied().unwrap_or(0));
        let wrong = accounts::confirmed(tx, &account, Unit::Fen)?.confirmed.0 != told;
        if wrong {
            accounts::confirm(tx, &account, Unit::Fen, told, lsn, self.head.hq_time)?;
        }
        Ok(wrong)
    }

    fn repair_alias(&self, tx: &Tx<'_>, id: MemberId) -> Result<bool, StoreError> {
        let told = self.aliases.get(&id).copied();
        let wrong = members::by_id(tx, id)?.map(|member| member.id) != Some(told.unwrap_or(id));
        match told {
            Some(to) if wrong => members::alias(tx, id, to)?,
            None if wrong => members::unalias(tx, id)?,
            _ => {}
        }
        Ok(wrong)
    }
}

fn coupon_held(tx: &Tx<'_>, id: CouponId) -> Result<Option<(MemberId, CouponState)>, StoreError> {
    let found = tx.first(include_str!("digest_coupon.sql"), [id.bytes()], |row| {
        Ok((MemberId::from(row.get::<_, [u8; 16]>(0)?), row.get::<_, String>(1)?))
    })?;
    found.map(|(member, state)| Ok((member, word("a coupon's state", &state)?))).transpose()
}
