//! A till that holds its store's members only: whom it holds, who enters and who leaves.

use ledger::coupon::CouponState;
use ledger::id::{Anchor, MemberId, Shard, StoreId};
use ledger::money::Fen;
use ledger::points::Points;
use ledger::posting::{Account, Unit};
use ledger::quota::Quota;
use ledger::store::{Reader, StoreError, Tx, accounts, coupons, members, settings};
use ledger::time::Timestamp;

use crate::protocol::entry::Effect;
use crate::protocol::snapshot::{CouponRow, MemberRow, is_bearers};

const MEMBERS_OF: &str = "members_of";
/// Members of whom the store hears no more, held for an event that is not decided.
const LINGERING: &str = "members_lingering";

/// The store whose members this till holds; None when it holds all, or nothing yet.
///
/// # Errors
/// The store's.
pub fn members_of(r: &Reader) -> Result<Option<StoreId>, StoreError> {
    settings::get_json(r, MEMBERS_OF)
}

/// Notes whose members were just loaded.
pub(super) fn hold(tx: &Tx<'_>, store: Option<&StoreId>) -> Result<(), StoreError> {
    settings::remove(tx, LINGERING)?;
    coupons::forget_words(tx)?;
    match store {
        Some(store) => settings::set_json(tx, MEMBERS_OF, store),
        None => settings::remove(tx, MEMBERS_OF),
    }
}

/// HQ has decided the joining, and the snapshot does not hold who joined: the store heard no more of them by then.
pub(super) fn joined(tx: &Tx<'_>, member: MemberId) -> Result<(), StoreError> {
    let stays = !members::evict_joined(tx, member)?;
    linger(tx, member, stays)
}

fn lingering(r: &Reader) -> Result<Vec<MemberId>, StoreError> {
    Ok(settings::get_json(r, LINGERING)?.unwrap_or_default())
}

/// Notes that the member is heard of again, or no more.
fn linger(tx: &Tx<'_>, member: MemberId, lingers: bool) -> Result<(), StoreError> {
    let mut all = lingering(tx)?;
    let known = all.len();
    all.retain(|id| *id != member);
    if lingers {
        // What the store is lent may be taken back, and this till would not hear so.
        accounts::set_quota(tx, member, Quota::default())?;
        all.push(member);
    }
    if all.len() == known { Ok(()) } else { settings::set_json(tx, LINGERING, &all) }
}

/// Whether an effect says something of what the till holds. Entries come for other reasons too: a sale of
/// this store names a member who enters only with the entry after it.
pub(super) fn concerns(r: &Reader, effect: &Effect) -> Result<bool, StoreError> {
    match effect {
        Effect::Post { account: Account::Member(member) | Account::Stored(member), .. }
        | Effect::Quota { member, .. } => members::is_held(r, *member),
        Effect::Member { row, .. } => members::is_held(r, row.id),
        Effect::Alias { from, .. } => members::is_held(r, *from),
        Effect::CouponIssued { row } => {
            Ok(is_bearers(row.id, row.member) || members::is_held(r, row.member)?)
        }
        _ => Ok(true),
    }
}

/// Where an effect stands.
pub(super) struct At<'a> {
    pub shard: Shard,
    pub lsn: u64,
    pub t_hq: Timestamp,
    /// Effects of the same entry before this one.
    pub before: &'a [Effect],
    /// The store whose members the till holds; None when it holds all.
    pub members_of: Option<&'a StoreId>,
}

impl At<'_> {
    /// Whether the same entry moved the account before.
    pub(super) fn moved_before(&self, account: &Account, unit: Unit) -> bool {
        self.before.iter().any(|effect| match effect {
            Effect::Post { account: moved, unit: of, .. } => (moved, *of) == (account, unit),
            _ => false,
        })
    }

    /// Whether entries of the account may have been left out: of a member who lingers, and of a name that came
    /// with the member who has it, without what was on its account.
    pub(super) fn is_unheard(&self, r: &Reader, account: &Account) -> Result<bool, StoreError> {
        match account {
            Account::Member(id) | Account::Stored(id) if self.members_of.is_some() => {
                let root = members::by_id(r, *id)?.map(|member| member.id);
                Ok(root != Some(*id) || lingering(r)?.contains(id))
            }
            _ => Ok(false),
        }
    }
}

/// What HQ says of a member who enters.
pub(super) struct Entered<'a> {
    pub row: &'a MemberRow,
    pub names: &'a [MemberRow],
    pub points: i64,
    pub fen: i64,
    pub lent: Quota,
    pub coupons: &'a [CouponRow],
    pub names_at: &'a [(Shard, u64)],
}

impl<'a> Entered<'a> {
    /// None for any other effect, and for another store's.
    pub(super) fn of(effect: &'a Effect, own: &StoreId) -> Option<Self> {
        let Effect::Enter { store, row, points, fen, quota, quota_fen, until, coupons, names, names_at } =
            effect
        else {
            return None;
        };
        let lent = Quota { points: Points(*quota), fen: Fen(*quota_fen), until: *until };
        (store == own).then_some(Entered { row, names, points: *points, fen: *fen, lent, coupons, names_at })
    }

    /// The till holds the member as HQ says, whatever it held before.
    pub(super) fn fold(&self, tx: &Tx<'_>, at: &At<'_>) -> Result<(), StoreError> {
        let member = self.row.id;
        linger(tx, member, false)?;
        members::put(tx, &self.row.clone().into())?;
        accounts::confirm(tx, &Account::Member(member), Unit::Points, self.points, at.lsn, at.t_hq)?;
        accounts::confirm(tx, &Account::Stored(member), Unit::Fen, self.fen, at.lsn, at.t_hq)?;
        accounts::set_quota(tx, member, self.lent)?;
        let (own, others): (Vec<_>, Vec<_>) = self.coupons.iter().partition(|row| row.member == member);
        own.into_iter().try_for_each(|row| coupons::put(tx, &row.clone().into()))?;
        // A till that holds all members hears of other names in their own logs: what stands here may be older.
        if at.members_of.is_some() { self.fold_names(tx, &others) } else { Ok(()) }
    }

    fn fold_names(&self, tx: &Tx<'_>, coupons_of_names: &[&CouponRow]) -> Result<(), StoreError> {
        let member = self.row.id;
        members::unalias(tx, member)?;
        for name in self.names {
            members::put(tx, &name.clone().into())?;
            members::alias(tx, name.id, member)?;
        }
        coupons_of_names.iter().copied().try_for_each(|row| {
            let state = self.newer(tx, row)?.unwrap_or(row.state);
            coupons::put(tx, &CouponRow { member, state, ..row.clone() }.into())
        })
    }

    /// The coupon of another name moves in that one's log, which may have been folded further than this entry knows.
    fn newer(&self, r: &Reader, row: &CouponRow) -> Result<Option<CouponState>, StoreError> {
        let shard = Anchor::from(row.member).shard();
        match self.names_at.iter().find(|(known, _)| *known == shard) {
            Some((_, lsn)) => coupons::word_after(r, row.id, *lsn),
            None => Ok(None),
        }
    }
}

/// The store hears no more of a member: the till forgets it, unless an event that HQ has not decided names
/// it. With that one's verdict HQ lets the member enter again.
pub(super) fn leave(tx: &Tx<'_>, member: MemberId) -> Result<(), StoreError> {
    // Entries before this one were left out by then, since nobody was to use them: no balance need follow.
    for account in [Account::Member(member), Account::Stored(member)] {
        tx.execute(include_str!("divergence_drop.sql"), [account.to_string()])?;
    }
    let stays = !members::evict(tx, member)?;
    if stays {
        tracing::info!("a member stays for an event that is not decided");
    }
    linger(tx, member, stays)
}
