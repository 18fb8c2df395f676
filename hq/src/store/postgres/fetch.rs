//! Asks for everything that a rehearsal missed, in one round trip, and remembers what is not there too.

use ledger::id::{CouponId, MemberId};
use tokio_postgres::Row;

use super::known::{Held, KeptKey};
use super::link::Call;
use super::rows::{self, get};
use super::scout::Wishes;
use super::sql;
use super::tx::Tx;
use super::value::{self, Value, values};
use crate::store::Result;
use crate::store::model::key_text;

/// Columns of many rows.
fn columns<T>(wanted: impl IntoIterator<Item = T>, row: impl Fn(T) -> Vec<Value>) -> Vec<Value> {
    let mut rows = wanted.into_iter().map(row);
    let mut columns: Vec<Value> = rows.next().unwrap_or_default().into_iter().map(Value::column).collect();
    for row in rows {
        columns.iter_mut().zip(row).for_each(|(column, value)| column.push(value));
    }
    columns
}

/// The questions for all wishes, in the order in which their answers are taken; one that wishes for
/// nothing is not asked.
fn questions(w: &Wishes) -> [Option<Call>; 12] {
    let ask = |sql, values: Vec<Value>| (!values.is_empty()).then_some(Call { sql, values });
    let member = |id: &MemberId| Tx::member_key(*id);
    let kept = |(shard, kind, id): &KeptKey| values![*shard, kind, id];
    let range = |(shard, kind, low): &KeptKey| values![*shard, kind, low, format!("{low}\u{10ffff}")];
    let stream = || w.stream.map(value::stream).unwrap_or_default();
    [
        ask(sql!("stream_lock"), stream()),
        ask(sql!("ahead_settings"), columns(&w.settings, |key| values![*key])),
        ask(sql!("ahead_members"), columns(&w.members, member)),
        ask(
            sql!("ahead_balances"),
            columns(&w.balances, |(shard, account, unit)| values![*shard, account, unit]),
        ),
        ask(sql!("ahead_quotas"), columns(&w.quotas, member)),
        ask(sql!("ahead_coupons"), columns(&w.coupons, |id| values![id.to_string()])),
        ask(sql!("ahead_phones"), columns(&w.phones, |phone| values![phone.0[0], *phone])),
        ask(sql!("ahead_refunds"), columns(&w.refunds, |sale| values![sale.terminal.0, sale.to_string()])),
        ask(sql!("ahead_kept"), columns(&w.kept, kept)),
        ask(sql!("ahead_kept_under"), columns(&w.under, range)),
        ask(sql!("ahead_waiting"), columns(&w.waiting, |reference| values![reference])),
        ask(sql!("stream_parked"), stream()),
    ]
}

impl Tx<'_> {
    pub(super) fn fetch(&self, wishes: &Wishes) -> Result<()> {
        let questions = questions(wishes);
        let asked = questions.each_ref().map(Option::is_some);
        let mut answers = self.look_all(questions.into_iter().flatten().collect())?.into_iter();
        let found = asked.map(|asked| if asked { answers.next().map(|a| a.rows) } else { None });
        let [
            stream,
            settings,
            members,
            balances,
            quotas,
            coupons,
            phones,
            refunds,
            kept,
            under,
            waiting,
            parked,
        ] = found.map(Option::unwrap_or_default);
        self.take_stream(wishes, &stream, &parked)?;
        self.take_settings(wishes, &settings)?;
        self.take_members(wishes, &members)?;
        self.take_balances(wishes, &balances)?;
        self.take_quotas(wishes, &quotas)?;
        self.take_coupons(wishes, &coupons)?;
        self.take_phones(wishes, &phones)?;
        self.take_refunds(wishes, &refunds)?;
        self.take_kept(wishes.kept.iter(), &kept)?;
        self.take_kept([].iter(), &under)?;
        self.known.borrow_mut().prefixes.extend(wishes.under.iter().cloned());
        self.take_waiting(wishes, &waiting)
    }

    fn take_stream(&self, w: &Wishes, found: &[Row], parked: &[Row]) -> Result<()> {
        let Some(stream) = w.stream else { return Ok(()) };
        let row = found.first().map(|row| rows::stream_state(row, stream.epoch)).transpose()?;
        let first = parked.first().map(rows::unsigned_option).transpose()?.flatten();
        let known = &mut *self.known.borrow_mut();
        known.streams.insert(stream, row);
        known.parked.insert(stream, first);
        Ok(())
    }

    fn take_settings(&self, w: &Wishes, found: &[Row]) -> Result<()> {
        let known = &mut self.known.borrow_mut().settings;
        known.extend(w.settings.iter().map(|key| ((*key).to_owned(), None)));
        for row in found {
            known.insert(get(row, 0)?, Some(get(row, 1)?));
        }
        Ok(())
    }

    fn take_members(&self, w: &Wishes, found: &[Row]) -> Result<()> {
        let known = &mut self.known.borrow_mut().members;
        known.extend(w.members.iter().map(|id| (*id, None)));
        for row in found {
            let member = rows::known_member(row)?;
            known.insert(member.row.id, Some(member));
        }
        Ok(())
    }

    fn take_balances(&self, w: &Wishes, found: &[Row]) -> Result<()> {
        let known = &mut self.known.borrow_mut().balances;
        known.extend(w.balances.iter().map(|key| (key.clone(), Held::read(0))));
        for row in found {
            known.insert((rows::shard(row, 0)?, get(row, 1)?, get(row, 2)?), Held::read(get(row, 3)?));
        }
        Ok(())
    }

    fn take_quotas(&self, w: &Wishes, found: &[Row]) -> Result<()> {
        let known = &mut self.known.borrow_mut().quotas;
        known.extend(w.quotas.iter().map(|id| (*id, Vec::new())));
        for row in found {
            let member: MemberId = rows::parsed(row, 4)?;
            known.entry(member).or_default().push(Held::read(rows::lent(row)?));
        }
        Ok(())
    }

    /// Only those whose logs are held: others may be used before their logs are.
    fn take_coupons(&self, w: &Wishes, found: &[Row]) -> Result<()> {
        let mut elsewhere = Vec::new();
        let mut there = Vec::new();
        for row in found {
            let (id, coupon): (CouponId, _) = (rows::parsed(row, 8)?, rows::known_coupon(row)?);
            match self.must_hold(coupon.shard) {
                true => elsewhere.push(id),
                false => there.push((id, Some(coupon))),
            }
        }
        let known = &mut self.known.borrow_mut().coupons;
        known.extend(w.coupons.iter().filter(|id| !elsewhere.contains(id)).map(|id| (*id, None)));
        known.extend(there);
        Ok(())
    }

    fn take_phones(&self, w: &Wishes, found: &[Row]) -> Result<()> {
        let known = &mut self.known.borrow_mut().phones;
        known.extend(w.phones.iter().map(|phone| (*phone, None)));
        for row in found {
            known.insert(rows::hash(row, 0)?, Some(rows::parsed(row, 1)?));
        }
        Ok(())
    }

    fn take_refunds(&self, w: &Wishes, found: &[Row]) -> Result<()> {
        let known = &mut self.known.borrow_mut().refunds;
        known.extend(w.refunds.iter().map(|sale| (*sale, None)));
        for row in found {
            let (sale, refund): (String, String) = (get(row, 0)?, get(row, 1)?);
            if let Some(sale) = key_text(&sale) {
                known.insert(sale, key_text(&refund));
            }
        }
        Ok(())
    }

    /// What this transaction keeps is newer than what the table says.
    fn take_kept<'k>(&self, wanted: impl Iterator<Item = &'k KeptKey>, found: &[Row]) -> Result<()> {
        let known = &mut self.known.borrow_mut().kept;
        for row in found {
            let key = (rows::shard(row, 0)?, get(row, 1)?, get(row, 2)?);
            known.entry(key).or_insert(Held::read(Some(rows::from_json(row, 3)?)));
        }
        for key in wanted {
            known.entry(key.clone()).or_insert(Held::read(None));
        }
        Ok(())
    }

    fn take_waiting(&self, w: &Wishes, found: &[Row]) -> Result<()> {
        let known = &mut self.known.borrow_mut().waiting;
        known.extend(w.waiting.iter().map(|reference| (reference.clone(), Vec::new())));
        for row in found {
            let reference: String = get(row, 3)?;
            known.entry(reference).or_default().push(rows::key(row, 0)?);
        }
        Ok(())
    }
}
