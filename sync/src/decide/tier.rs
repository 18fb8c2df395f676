//! C16: a member's tier follows from what was earned, at headquarters only. A till uses the tier that it was
//! told, and its receipts stay what they are.

use ledger::id::{Anchor, EventKey, MemberId};
use ledger::points::Points;
use ledger::programme::Programme;
use ledger::time::{BusinessDay, Timestamp, Zone};

use super::book::Book;
use super::decision::Decision;
use super::view::View;
use crate::protocol::entry::Effect;
use crate::protocol::snapshot::MemberRow;

/// Months that count.
const MONTHS: u32 = 12;

/// What was earned after the end of this day counts on `today`.
pub fn counts_after(now: Timestamp) -> Timestamp {
    let today = BusinessDay::at(now, Zone::CHINA);
    today.minus_months(MONTHS).ends_at(Zone::CHINA)
}

/// The tier that the postings give: points earned since [`counts_after`] minus those taken back.
pub fn of<'a>(programme: &'a Programme, earned: Points, today: &str) -> Option<&'a str> {
    programme.tier_for(earned, today).map(|tier| tier.code.as_str())
}

/// Gives a member the tier that is due; None when it is the one that the member has.
///
/// # Errors
/// What the view reports.
pub fn decide<V: View + ?Sized>(
    view: &V,
    key: EventKey,
    member: MemberId,
    programme: &Programme,
    now: Timestamp,
) -> Result<Option<Decision>, V::Error> {
    let Some(known) = view.member(member)?.filter(|known| known.root == member) else { return Ok(None) };
    let earned = Points(view.earned_since(member, counts_after(now))?);
    let Some(tier) = of(programme, earned, &known.row.tier).filter(|tier| *tier != known.row.tier) else {
        return Ok(None);
    };
    let shard = Anchor::from(member).shard();
    let mut book = Book::open(view, key, shard);
    book.effect(shard, Effect::Member { row: MemberRow { tier: tier.to_owned(), ..known.row } });
    Ok(Some(book.close()))
}
