//! Codes that headquarters signs: a member's of this moment, and coupons for whoever carries them.

use ledger::coupon::{Benefit, CouponState};
use ledger::id::{Anchor, CouponId, MemberId, StoreId};
use ledger::money::Fen;
use ledger::time::{BusinessDay, Timestamp, Zone};
use sync::protocol::code::{CouponCode, MemberCode};
use sync::protocol::entry::Effect;
use sync::protocol::snapshot::CouponRow;

use crate::entries::{Heading, Scribe};
use crate::keys::Keys;
use crate::store::{Read, Result, Store};

/// Home of a coupon that every store takes.
const ANY_STORE: &str = "*";

/// The code that a member's phone would show at `now`; None for nobody.
///
/// # Errors
/// What the database reports.
pub fn member_code(
    tx: &dyn Read,
    member: MemberId,
    now: Timestamp,
    nonce: [u8; 4],
) -> Result<Option<String>> {
    let Some(known) = tx.member(member)? else { return Ok(None) };
    let code = MemberCode { member: known.root, issued_at: now, nonce: u32::from_be_bytes(nonce) };
    Ok(Some(code.seal(Keys::load(tx)?.signing())))
}

/// What a coupon for whoever carries it is to be.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub value: Fen,
    pub ends_on: BusinessDay,
    /// The store that gives it out; None for the chain.
    pub store: Option<StoreId>,
}

/// Gives out a coupon: it stands in the log before its code is known to anybody.
///
/// # Errors
/// What the database reports.
pub fn issue_coupon(store: &dyn Store, wanted: &Wanted, now: Timestamp, random: [u8; 10]) -> Result<String> {
    let id = CouponId::new(now, random);
    let code =
        CouponCode { coupon: id, value: wanted.value, ends_on: wanted.ends_on, store: wanted.store.clone() };
    let tx = store.write()?;
    let text = code.seal(Keys::load(&*tx)?.signing());
    let shard = Anchor(id.0).shard();
    tx.lock(&[shard])?;
    let row = row(id, wanted, now);
    Scribe::new(&*tx, now).write(shard, &Heading::job("coupon"), vec![Effect::CouponIssued { row }])?;
    tx.commit()?;
    Ok(text)
}

fn row(id: CouponId, wanted: &Wanted, now: Timestamp) -> CouponRow {
    CouponRow {
        id,
        code: format!("CB1:{id}"),
        member: MemberId::from(id.bytes()),
        title: format!("{} 元券", wanted.value),
        benefit: Benefit::Off { off_fen: wanted.value },
        threshold_fen: Fen::ZERO,
        starts_on: BusinessDay::at(now, Zone::CHINA),
        ends_on: wanted.ends_on,
        home_store: wanted.store.clone().unwrap_or_else(|| StoreId::from(ANY_STORE)),
        state: CouponState::Open,
    }
}
