//! What is set aside of a member's funds for sales to come.

use ledger::grant::AuthId;
use ledger::id::{Anchor, CouponId, MemberId};
use ledger::money::Fen;
use ledger::points::Points;
use ledger::time::Timestamp;

use super::kept::{self, Hold, HoldState};
use super::view::View;

/// Sum of the open holds on one member.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Held {
    pub points: Points,
    pub stored_fen: Fen,
    pub coupons: Vec<CouponId>,
}

/// True while nobody else may have what `hold` sets aside.
pub fn is_open(hold: &Hold, now: Timestamp) -> bool {
    hold.state == HoldState::Open && now < hold.until
}

/// What the open holds on `member` set aside at `now`, that of `except` left out.
///
/// # Errors
/// What the view reports.
pub fn held<V: View + ?Sized>(
    view: &V,
    member: MemberId,
    now: Timestamp,
    except: Option<AuthId>,
) -> Result<Held, V::Error> {
    let shard = Anchor::from(member).shard();
    let own = except.map(|auth| kept::hold_id(member, auth));
    let mut sum = Held::default();
    for (id, hold) in kept::under::<V, Hold>(view, shard, &format!("{member}/"))? {
        if is_open(&hold, now) && own.as_ref() != Some(&id) {
            sum.points = sum.points.plus(hold.spend.points);
            sum.stored_fen = sum.stored_fen.plus(hold.spend.stored_fen);
            sum.coupons.extend(hold.spend.coupons);
        }
    }
    Ok(sum)
}
