//! C13: the way back from a wrong merge. On a survivor's account every movement says in whose name it
//! happened, and the sums by name are kept; so is who became whom and what each had then. All of it is
//! kept up to date here and only here, from the effects alone.

use ledger::id::{Anchor, MemberId, Shard};
use ledger::posting::{Account, Unit};

use super::kept::{self, Attributed, Keep, Merged, attributed_id, merged_id};
use super::view::View;
use crate::protocol::entry::Effect;

/// What a decided effect changes; called for each of them, in order, before it is applied.
///
/// # Errors
/// What the view reports.
pub fn moved<V: View + ?Sized>(view: &V, shard: Shard, effect: &Effect) -> Result<Option<Keep>, V::Error> {
    match effect {
        Effect::Post { account, unit, delta, named: Some(named), .. } => {
            let (Account::Member(survivor) | Account::Stored(survivor)) = account else { return Ok(None) };
            add(view, shard, attributed_id(*survivor, *named, *unit), *delta).map(Some)
        }
        Effect::Alias { from, to } => unite(view, *from, *to),
        Effect::Unalias { from, to } => {
            Ok(Some(Keep::remove::<Merged>(Anchor::from(*to).shard(), merged_id(*to, *from))))
        }
        _ => Ok(None),
    }
}

fn add<V: View + ?Sized>(view: &V, shard: Shard, id: String, delta: i64) -> Result<Keep, V::Error> {
    let before: Attributed = kept::one(view, shard, &id)?.unwrap_or_default();
    let after = Attributed { sum: before.sum.saturating_add(delta) };
    Ok(if after.sum == 0 { Keep::remove::<Attributed>(shard, id) } else { Keep::put(shard, id, &after) })
}

/// An alias stands before the movements that it causes, so both still have what they had.
fn unite<V: View + ?Sized>(view: &V, from: MemberId, to: MemberId) -> Result<Option<Keep>, V::Error> {
    let (here, there) = (Anchor::from(from).shard(), Anchor::from(to).shard());
    let id = merged_id(to, from);
    if kept::one::<V, Merged>(view, there, &id)?.is_some() {
        return Ok(None);
    }
    let merged = Merged {
        from_points: view.balance(here, &Account::Member(from), Unit::Points)?,
        from_fen: view.balance(here, &Account::Stored(from), Unit::Fen)?,
        to_points: view.balance(there, &Account::Member(to), Unit::Points)?,
        to_fen: view.balance(there, &Account::Stored(to), Unit::Fen)?,
    };
    Ok(Some(Keep::put(there, id, &merged)))
}

/// What stands on the account of `survivor` in the name of others, each with its sum, never 0.
///
/// # Errors
/// What the view reports.
pub fn on<V: View + ?Sized>(
    view: &V,
    shard: Shard,
    survivor: MemberId,
    unit: Unit,
) -> Result<Vec<(MemberId, i64)>, V::Error> {
    let kept: Vec<(String, Attributed)> = kept::under(view, shard, &format!("{survivor}/"))?;
    let of_unit = kept.into_iter().filter_map(|(id, attributed)| {
        let mut parts = id.split('/').skip(1);
        let named = parts.next()?.parse().ok()?;
        (parts.next() == Some(&unit.to_string())).then_some((named, attributed.sum))
    });
    Ok(of_unit.collect())
}
