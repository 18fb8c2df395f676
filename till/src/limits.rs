//! What a member may spend at this till now, and which limit binds when it is less than the balance.

use ledger::id::MemberId;
use ledger::money::Fen;
use ledger::points::Points;
use ledger::posting::{Account, Unit};
use ledger::quota::{Alone, Hand, SpendLimit, spendable};
use ledger::store::{Reader, StoreError, accounts};
use sync::store::parked;

use crate::failure::Failure;
use crate::moment::Moment;
use crate::shop::Shop;

/// Stored value in the dark is lent to one till of a store: two that see neither HQ nor each other would
/// spend it twice.
const STORED_TILL_NO: u32 = 1;

/// Most points that may be spent now, and the limit that binds.
///
/// # Errors
/// The ledger cannot be read.
pub fn points(
    r: &Reader,
    shop: &Shop,
    member: MemberId,
    moment: Moment,
    hand: Hand,
) -> Result<SpendLimit, StoreError> {
    let view = total(r, member)?;
    if moment.online {
        return Ok(spendable(view, accounts::quota(r, member)?, None));
    }
    let alone = Alone {
        rule: &shop.programme.offline,
        spending: accounts::offline_spending(r, member)?,
        opaque: parked::is_opaque(r, member)?,
        hand,
    };
    Ok(spendable(view, accounts::quota(r, member)?, Some(alone)))
}

/// Confirmed and pending points.
///
/// # Errors
/// The ledger cannot be read.
pub fn total(r: &Reader, member: MemberId) -> Result<Points, StoreError> {
    Ok(accounts::balance(r, &Account::Member(member), Unit::Points)?.view())
}

/// Confirmed and pending stored value.
///
/// # Errors
/// The ledger cannot be read.
pub fn stored_total(r: &Reader, member: MemberId) -> Result<Fen, StoreError> {
    Ok(Fen(accounts::balance(r, &Account::Stored(member), Unit::Fen)?.view().0))
}

/// What stands in the way of paying with stored value, and how much is possible all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoredLimit {
    Balance(Fen),
    /// Offline: what HQ lent this store is used up beyond this, or its time is over.
    Quota(Fen),
    /// Offline: another till of the store holds what was lent.
    OtherTill,
    /// Offline: too many sales in a row without HQ, or HQ said something that only a newer program reads.
    Stopped,
}

impl StoredLimit {
    pub fn possible(self) -> Fen {
        match self {
            StoredLimit::Balance(fen) | StoredLimit::Quota(fen) => fen,
            StoredLimit::OtherTill | StoredLimit::Stopped => Fen::ZERO,
        }
    }
}

/// Most stored value that may be spent now, and the limit that binds. No supervisor stretches it.
///
/// # Errors
/// The ledger cannot be read.
pub fn stored(r: &Reader, shop: &Shop, member: MemberId, moment: Moment) -> Result<StoredLimit, StoreError> {
    let balance = stored_total(r, member)?.max(Fen::ZERO);
    if moment.online {
        return Ok(StoredLimit::Balance(balance));
    }
    if shop.till_no != STORED_TILL_NO || shop.moved {
        return Ok(StoredLimit::OtherTill);
    }
    let in_a_row = accounts::offline_spending(r, member)?.in_a_row;
    if in_a_row >= shop.programme.offline.in_a_row_hard_max || parked::is_opaque(r, member)? {
        return Ok(StoredLimit::Stopped);
    }
    let lent = accounts::quota(r, member)?.stored(moment.hq_now);
    let left = lent.minus(accounts::stored_spending(r, member)?).max(Fen::ZERO);
    Ok(if left < balance { StoredLimit::Quota(left) } else { StoredLimit::Balance(balance) })
}

/// Why no more points can be spent, and what is possible now.
pub fn points_refused(limit: SpendLimit, total: Points) -> Failure {
    let possible = limit.possible();
    let hint = if possible > Points::ZERO {
        format!("可以用 {possible} 分,或者这次不用积分")
    } else {
        "这次先不用积分,联网后就能用".to_owned()
    };
    if let SpendLimit::Balance(_) = limit {
        let hint = format!("最多可以用 {possible} 分");
        return Failure::new("points_short", format!("会员只有 {total} 分"), hint);
    }
    Failure::new("quota_reached", binding(limit, total).unwrap_or_default(), hint)
}

/// The limit that binds below the balance, in one sentence; None when the balance itself does.
pub fn binding(limit: SpendLimit, total: Points) -> Option<String> {
    Some(match limit {
        SpendLimit::Balance(_) => return None,
        SpendLimit::Quota(possible) => format!("本店离线可用 {possible} 分,共 {total} 分"),
        SpendLimit::PerSale(possible) => format!("离线时一单最多用 {possible} 分,共 {total} 分"),
        SpendLimit::Outage(possible) => format!("本机这次离线只剩 {possible} 分额度,共 {total} 分"),
        SpendLimit::InARow | SpendLimit::InARowHard => format!("离线连续用积分次数已满,共 {total} 分"),
        SpendLimit::Opaque => format!("这位会员有新规则,离线时不能用积分,共 {total} 分"),
    })
}

/// Why no more stored value can be spent, and what is possible now.
pub fn stored_refused(limit: StoredLimit, total: Fen) -> Failure {
    let message = match limit {
        StoredLimit::Balance(_) => format!("储值余额只有 {total}"),
        StoredLimit::Quota(possible) => format!("离线时本店可用储值 {possible},余额 {total}"),
        StoredLimit::OtherTill => "离线时储值只能在 1 号收银机使用".to_owned(),
        StoredLimit::Stopped => "离线时不能再用这位会员的储值".to_owned(),
    };
    let hint = match limit.possible() {
        Fen::ZERO => "请改用其他方式付款,联网后储值就能用".to_owned(),
        possible => format!("最多用储值 {possible},其余用其他方式付款"),
    };
    match limit {
        StoredLimit::Balance(_) => Failure::new("stored_short", message, hint),
        _ => Failure::new("quota_reached", message, hint),
    }
}
