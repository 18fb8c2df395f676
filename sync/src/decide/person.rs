//! Erasure and the chain (C26): a line of the log names nobody. It holds a commitment to who a member is;
//! the person behind it is kept beside the log, and dropped when the member is erased.

use std::collections::BTreeMap;

use ledger::id::{Hash, MemberId, Shard};
use ledger::member::MemberState;

use super::kept::{self, Keep, Kept};
use super::merge::shard_of;
use super::view::View;
use crate::protocol::entry::{Effect, Entry, Person, take_person};
use crate::protocol::snapshot::MemberRow;

/// Text that every line with commitments has; spares reading the others.
const MARK: &str = "\"persons\":";

/// Id: `<member>/<commitment>`; shard: the member's.
impl Kept for Person {
    const KIND: &'static str = "person";
}

fn id(member: MemberId, commitment: &Hash) -> String {
    format!("{member}/{commitment}")
}

/// Effects as a line of the log holds them.
#[derive(Debug, Default)]
pub struct Sealed {
    pub effects: Vec<Effect>,
    pub persons: BTreeMap<MemberId, Hash>,
    /// What is to be kept of persons who are new.
    pub keeps: Vec<Keep>,
}

/// Takes everybody out of the effects of entry `lsn`. Who is the same as before has the same commitment;
/// `salt` is for somebody new, and unknown to whoever has not seen the sealed data of their event. Without
/// one the event says everything in plain words itself.
///
/// # Errors
/// What the view reports.
pub fn sealed<V: View + ?Sized>(
    view: &V,
    (shard, lsn): (Shard, u64),
    effects: Vec<Effect>,
    salt: Option<Hash>,
) -> Result<Sealed, V::Error> {
    let mut sealed = Sealed { effects, ..Sealed::default() };
    let Sealed { effects, persons, keeps } = &mut sealed;
    let rows = effects.iter_mut().flat_map(Effect::rows_mut);
    for row in rows.filter(|row| row.state != MemberState::Erased) {
        let own =
            || salt.unwrap_or_else(|| Hash::of(format!("salt:{}:{lsn}:{}", shard.0, row.id).as_bytes()));
        let commitment = match same(view, row)? {
            Some(person) => person.commitment(),
            None => {
                let person = Person::of(row, own());
                let commitment = person.commitment();
                keeps.push(Keep::put(shard_of(row.id), id(row.id, &commitment), &person));
                commitment
            }
        };
        persons.insert(row.id, commitment);
        take_person(row);
    }
    Ok(sealed)
}

/// The row's person, if it was committed to before.
fn same<V: View + ?Sized>(view: &V, row: &MemberRow) -> Result<Option<Person>, V::Error> {
    let known: Vec<(String, Person)> = kept::under(view, shard_of(row.id), &format!("{}/", row.id))?;
    Ok(known.into_iter().map(|(_, person)| person).find(|person| Person::of(row, person.salt) == *person))
}

/// What an effect lets fall: everybody whom commitments to an erased member stand for.
///
/// # Errors
/// What the view reports.
pub fn forgotten<V: View + ?Sized>(view: &V, effect: &Effect) -> Result<Vec<Keep>, V::Error> {
    let Effect::Erase { member } = effect else { return Ok(Vec::new()) };
    let shard = shard_of(*member);
    let known: Vec<(String, Person)> = kept::under(view, shard, &format!("{member}/"))?;
    Ok(known.into_iter().map(|(id, _)| Keep::remove::<Person>(shard, id)).collect())
}

/// Whom a line of the log means and nobody has erased.
///
/// # Errors
/// What the view reports.
pub fn beside<V: View + ?Sized>(view: &V, line: &str) -> Result<Vec<Person>, V::Error> {
    let entry = line.contains(MARK).then(|| serde_json::from_str::<Entry>(line).ok()).flatten();
    let mut persons = Vec::new();
    for (member, commitment) in entry.into_iter().flat_map(|entry| entry.persons) {
        persons.extend(kept::one::<_, Person>(view, shard_of(member), &id(member, &commitment))?);
    }
    Ok(persons)
}

/// Puts everybody into an entry's rows who is among `told`. Whoever is missing there was erased since.
pub fn opened(entry: &mut Entry, told: &BTreeMap<Hash, &Person>) {
    for row in entry.effects.iter_mut().flat_map(Effect::rows_mut) {
        match entry.persons.get(&row.id).map(|commitment| told.get(commitment)) {
            None => {}
            Some(Some(person)) => person.put_into(row),
            Some(None) => row.state = MemberState::Erased,
        }
    }
}
