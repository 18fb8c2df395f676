//! What headquarters holds of each shard, as sums that a till compares with its own and as rows.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use ledger::id::{MemberId, Shard};
use sync::protocol::digest::{ShardSum, Sums, shard_of};
use sync::protocol::hello::Cursor;
use sync::protocol::snapshot::SnapshotRow;

use crate::interest::{self, Share};
use crate::store::{Read, Result};

/// Sums of one consistent state, and what has to be known beside them to judge by them.
struct Counted {
    sums: Sums,
    heads: Vec<Cursor>,
    /// For each member that others were merged into: the shards of all of them.
    families: BTreeMap<MemberId, BTreeSet<Shard>>,
}

/// The shards that differ, and those that cannot be compared: the till is not where the log is, in them or
/// in one that holds another name of one of their members.
///
/// # Errors
/// What the database reports.
pub fn compare(tx: &dyn Read, share: &Share, told: &[ShardSum]) -> Result<(Vec<Shard>, Vec<Shard>)> {
    let counted = count(tx, share)?;
    let at_head = |shard: &Shard| {
        let head = counted.heads.get(usize::from(shard.0));
        told.iter().any(|sum| sum.at.shard == *shard && head == Some(&sum.at))
    };
    let apart = counted.families.values().filter(|family| !family.iter().all(at_head));
    let mut behind: BTreeSet<Shard> = apart.flatten().copied().collect();
    behind.extend(told.iter().map(|sum| sum.at.shard).filter(|shard| !at_head(shard)));
    behind.retain(|shard| told.iter().any(|sum| sum.at.shard == *shard));
    let compared = told.iter().filter(|sum| !behind.contains(&sum.at.shard));
    let differ = compared.filter(|sum| counted.sums.of(sum.at.shard) != sum.sum).map(|sum| sum.at.shard);
    Ok((differ.collect(), behind.into_iter().collect()))
}

/// The rows of some shards with their heads, coupons at whoever has them now.
///
/// # Errors
/// What the database reports.
pub fn rows(tx: &dyn Read, share: &Share, shards: &[Shard]) -> Result<(Vec<Cursor>, Vec<SnapshotRow>)> {
    let wanted = |member: MemberId| shards.contains(&shard_of(member));
    let (mut rows, mut roots) = (Vec::new(), HashMap::new());
    interest::rows(tx, share, &mut |row| {
        match row {
            SnapshotRow::M { ref member, .. } if wanted(member.id) => rows.push(row),
            SnapshotRow::A { from, to } => {
                roots.insert(from, to);
                rows.extend(wanted(from).then_some(row));
            }
            SnapshotRow::C { mut coupon } => {
                coupon.member = roots.get(&coupon.member).copied().unwrap_or(coupon.member);
                rows.extend(wanted(coupon.member).then_some(SnapshotRow::C { coupon }));
            }
            SnapshotRow::S { member, .. } if wanted(member) => rows.push(row),
            SnapshotRow::M { .. } | SnapshotRow::S { .. } | SnapshotRow::End { .. } => {}
        }
        Ok(())
    })?;
    let pins = tx.heads()?.into_iter().filter(|head| shards.contains(&head.shard));
    Ok((pins.collect(), rows))
}

fn count(tx: &dyn Read, share: &Share) -> Result<Counted> {
    let (mut sums, mut roots) = (Sums::default(), HashMap::new());
    interest::rows(tx, share, &mut |row| {
        match row {
            SnapshotRow::M { member, points, .. } => {
                sums.member(member.id, points, &member.card_no, member.state);
            }
            SnapshotRow::A { from, to } => {
                sums.alias(from, to);
                roots.insert(from, to);
            }
            SnapshotRow::C { coupon } => {
                let root = roots.get(&coupon.member).copied().unwrap_or(coupon.member);
                sums.coupon(coupon.id, root, coupon.state);
            }
            SnapshotRow::S { member, fen, .. } => sums.stored(member, fen),
            SnapshotRow::End { .. } => {}
        }
        Ok(())
    })?;
    let mut families: BTreeMap<MemberId, BTreeSet<Shard>> = BTreeMap::new();
    for (from, to) in roots {
        families.entry(to).or_default().extend([shard_of(from), shard_of(to)]);
    }
    Ok(Counted { sums, heads: tx.heads()?, families })
}
