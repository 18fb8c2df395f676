//! Which stores hear of which members. A till holds all members of the chain or only those of its store:
//! who joined, bought or was looked up there, and whose home it is.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use clap::ValueEnum;
use ledger::id::{Anchor, Hash, MemberId, Shard, StoreId, TerminalId};
use ledger::member::MemberState;
use ledger::posting::{Account, Unit};
use serde::{Deserialize, Serialize};
use sync::decide::View;
use sync::decide::kept::{self, Keep, Kept, Listening};
use sync::decide::merge::below;
use sync::protocol::entry::Effect;
use sync::protocol::snapshot::{MemberRow, SnapshotRow, is_bearers};

use crate::entries::{Heading, Scribe};
use crate::store::model::TerminalRow;
use crate::store::{Read, Result, StoreError, Write};

/// Up to so many members every till of the chain holds all of them, unless its code said otherwise.
pub const ALL_UP_TO: u64 = 300_000;
/// All in one place: there are few, and they are read as a whole.
const SHARD: Shard = Shard(0);

/// Whose members a till holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Holding {
    /// The whole chain's.
    All,
    /// Those of its store.
    Store,
}

/// What a till holds. Id: the terminal; in its shard.
#[derive(Serialize, Deserialize)]
struct Holds {
    members: Holding,
}

impl Kept for Holds {
    const KIND: &'static str = "holds";
}

/// What the till will hold that a code makes. Id: the code's hash; shard 0.
#[derive(Serialize, Deserialize)]
struct Wanted {
    members: Holding,
}

impl Kept for Wanted {
    const KIND: &'static str = "wanted";
}

/// What one till holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    pub store: StoreId,
    pub members: Holding,
}

impl Share {
    /// All members, with what `store` is lent.
    pub fn all(store: &StoreId) -> Self {
        Share { store: store.clone(), members: Holding::All }
    }

    /// # Errors
    /// What the database reports.
    pub fn of(tx: &dyn Read, terminal: &TerminalRow) -> Result<Self> {
        let shard = Anchor::terminal(terminal.id).shard();
        let holds = kept::one::<_, Holds>(tx, shard, &terminal.id.to_string())?;
        let members = holds.map_or(Holding::All, |holds| holds.members);
        Ok(Share { store: terminal.store.clone(), members })
    }

    /// The store, when only its members are held.
    pub fn members_of(&self) -> Option<&StoreId> {
        (self.members == Holding::Store).then_some(&self.store)
    }
}

/// Keeps what the till will hold that the code with this hash makes.
///
/// # Errors
/// What the database reports.
pub fn want(tx: &dyn Write, code: &Hash, members: Holding) -> Result<()> {
    tx.keep(&Keep::put(SHARD, code.to_string(), &Wanted { members }))
}

/// A code made a terminal: it holds what the code said, or what suits the size of the chain.
///
/// # Errors
/// What the database reports.
pub fn enrolled(tx: &dyn Write, terminal: &TerminalRow, code: &Hash) -> Result<()> {
    let members = match kept::one::<_, Wanted>(tx, SHARD, &code.to_string())? {
        Some(wanted) => wanted.members,
        None if tx.member_count()? > ALL_UP_TO => Holding::Store,
        None => Holding::All,
    };
    choose(tx, terminal, members)
}

/// From now on the till holds these; it hears so at its next hello.
///
/// # Errors
/// What the database reports.
pub fn choose(tx: &dyn Write, terminal: &TerminalRow, members: Holding) -> Result<()> {
    let (shard, id) = (Anchor::terminal(terminal.id).shard(), terminal.id.to_string());
    match members {
        Holding::All => tx.keep(&Keep::remove::<Holds>(shard, id)),
        Holding::Store => {
            tx.keep(&Keep::put(shard, id, &Holds { members }))?;
            listen(tx, &terminal.store)
        }
    }
}

/// From now on the log says who enters the store and who leaves it; it begins with its members so far.
///
/// # Errors
/// What the database reports.
pub fn listen(tx: &dyn Write, store: &StoreId) -> Result<()> {
    if kept::one::<_, Listening>(tx, SHARD, &store.0)?.is_some() {
        return Ok(());
    }
    tx.keep(&Keep::put(SHARD, store.0.clone(), &Listening {}))?;
    tx.begin_interest(store)
}

/// The stores whose interest the log tells.
///
/// # Errors
/// What the database reports.
pub fn listening<V: View<Error = StoreError> + ?Sized>(tx: &V) -> Result<Vec<StoreId>> {
    let stores: Vec<(String, Listening)> = kept::under(tx, SHARD, "")?;
    Ok(stores.into_iter().map(|(id, _)| StoreId(id)).collect())
}

/// Where an event happened, and the till that tells it: it may stand elsewhere by now, and holds whom it names.
#[derive(Clone, Copy)]
pub struct At<'a> {
    pub store: &'a StoreId,
    pub terminal: TerminalId,
}

/// After entries with these effects were written: whom they name enters the stores `at` which it happened and
/// where its till stands, and the member's home; who becomes another member, or is parted from one, is told anew
/// to every store that heard of either.
///
/// # Errors
/// What the database reports.
pub fn follow<'e>(
    scribe: &mut Scribe<'_>,
    at: Option<At<'_>>,
    effects: impl IntoIterator<Item = &'e Effect>,
) -> Result<()> {
    let stores = scribe.listening(|tx| listening(tx))?;
    if stores.is_empty() {
        return Ok(());
    }
    let here = at.map_or(Ok(BTreeSet::new()), |at| at.stores(scribe.tx()))?;
    let (mut met, mut anew) = (BTreeSet::new(), BTreeSet::new());
    for effect in effects {
        match effect {
            Effect::Post { account: Account::Member(member) | Account::Stored(member), .. }
            | Effect::Quota { member, .. } => met.extend(here.iter().map(|store| (*member, store.clone()))),
            Effect::Member { row } => {
                met.extend(here.iter().map(|store| (row.id, store.clone())));
                met.insert((row.id, row.home_store.clone()));
            }
            Effect::Alias { from, to } | Effect::Unalias { from, to } => {
                for heard in [*from, *to].map(|member| scribe.tx().interested(member)) {
                    anew.extend(heard?.into_iter().flat_map(|store| [(*from, store.clone()), (*to, store)]));
                }
            }
            _ => {}
        }
    }
    met.retain(|(_, store)| stores.contains(store));
    anew.retain(|(_, store)| stores.contains(store));
    for (member, store) in met {
        meet(scribe, member, &store)?;
    }
    let roots: Result<BTreeSet<_>> =
        anew.into_iter().map(|(member, store)| Ok((root(scribe.tx(), member)?, store))).collect();
    roots?.into_iter().try_for_each(|(member, store)| enter(scribe, member, &store))
}

impl At<'_> {
    fn stores(self, tx: &dyn Read) -> Result<BTreeSet<StoreId>> {
        let stands = tx.terminal(self.terminal)?.map(|row| row.store);
        Ok(stands.into_iter().chain([self.store.clone()]).collect())
    }
}

/// The store hears of the member from now on, if it did not before.
///
/// # Errors
/// What the database reports.
pub fn meet(scribe: &mut Scribe<'_>, member: MemberId, store: &StoreId) -> Result<()> {
    let member = root(scribe.tx(), member)?;
    if scribe.tx().interested(member)?.contains(store) {
        return Ok(());
    }
    enter(scribe, member, store)
}

/// The store hears no more of the member, under whatever name; False when it did not anyway.
///
/// # Errors
/// What the database reports.
pub fn leave(scribe: &mut Scribe<'_>, member: MemberId, store: &StoreId) -> Result<bool> {
    let member = root(scribe.tx(), member)?;
    if !scribe.tx().interested(member)?.contains(store) {
        return Ok(false);
    }
    let effect = Effect::Leave { store: store.clone(), member };
    scribe.write(Anchor::from(member).shard(), &Heading::job("interest"), vec![effect])?;
    Ok(true)
}

/// The member who has this name.
///
/// # Errors
/// What the database reports.
pub(crate) fn root(tx: &dyn Read, member: MemberId) -> Result<MemberId> {
    Ok(tx.member(member)?.map_or(member, |known| known.root))
}

/// Says everything that a till holds of a member, in the log of the member's shard.
fn enter(scribe: &mut Scribe<'_>, member: MemberId, store: &StoreId) -> Result<()> {
    let (tx, shard) = (scribe.tx(), Anchor::from(member).shard());
    let Some(known) = tx.member(member)?.filter(|known| known.row.state != MemberState::Erased) else {
        return Ok(());
    };
    let mut coupons = tx.coupons_of(member)?;
    let (mut names, mut names_at): (Vec<MemberRow>, BTreeMap<Shard, u64>) = Default::default();
    for (name, ..) in below(tx, member)? {
        // The number first: what is read after it may be newer, and comes again.
        let there = Anchor::from(name).shard();
        let head = tx.head(there)?.lsn;
        let known = coupons.len();
        coupons.extend(tx.coupons_of(name)?);
        if there != shard && coupons.len() > known {
            names_at.entry(there).or_insert(head);
        }
        names.extend(tx.member(name)?.map(|known| known.row));
    }
    let lent = tx.quotas(member)?.into_iter().find(|lent| lent.store == *store);
    let effect = Effect::Enter {
        store: store.clone(),
        row: known.row,
        points: tx.balance(shard, &Account::Member(member), Unit::Points)?,
        fen: tx.balance(shard, &Account::Stored(member), Unit::Fen)?,
        quota: lent.as_ref().map_or(0, |lent| lent.points),
        quota_fen: lent.as_ref().map_or(0, |lent| lent.fen),
        until: lent.and_then(|lent| lent.until),
        coupons,
        names,
        names_at: names_at.into_iter().collect(),
    };
    scribe.write(shard, &Heading::job("interest"), vec![effect]).map(drop)
}

/// The rows of a snapshot that a till holds.
///
/// # Errors
/// What the database reports.
pub fn rows(tx: &dyn Read, share: &Share, each: &mut dyn FnMut(SnapshotRow) -> Result<()>) -> Result<()> {
    marked(tx, share, &mut |row, held| if held { each(row) } else { Ok(()) })
}

/// All rows of a snapshot, each with whether a till holds it.
///
/// # Errors
/// What the database reports.
pub fn marked(
    tx: &dyn Read,
    share: &Share,
    each: &mut dyn FnMut(SnapshotRow, bool) -> Result<()>,
) -> Result<()> {
    if share.members == Holding::All {
        return tx.snapshot(&share.store, &mut |row| each(row, true));
    }
    let held = Held::of(tx, &share.store)?;
    tx.snapshot(&share.store, &mut |row| {
        let holds = held.has(&row);
        each(row, holds)
    })
}

/// Whom a till holds that holds its store's members.
struct Held {
    roots: HashSet<MemberId>,
    /// Other names and whose they are.
    names: HashMap<MemberId, MemberId>,
}

impl Held {
    fn of(tx: &dyn Read, store: &StoreId) -> Result<Self> {
        Ok(Held {
            roots: tx.members_interesting(store)?.into_iter().collect(),
            names: tx.other_names()?.into_iter().collect(),
        })
    }

    fn has(&self, row: &SnapshotRow) -> bool {
        match row {
            SnapshotRow::M { member, .. } => self.holds(member.id),
            SnapshotRow::A { from, .. } => self.holds(*from),
            SnapshotRow::C { coupon } => is_bearers(coupon.id, coupon.member) || self.holds(coupon.member),
            SnapshotRow::S { member, .. } => self.holds(*member),
            SnapshotRow::End { .. } => true,
        }
    }

    fn holds(&self, member: MemberId) -> bool {
        self.roots.contains(self.names.get(&member).unwrap_or(&member))
    }
}
