//! Which classes of conflict a seed met: by the codes in headquarters' log, by what the log did, and by what
//! happened to the machines. A class that no seed meets is not tested by this simulator, whatever it proves.

use hq::jobs::keeping;
use ledger::fact::Fact;
use ledger::id::MemberId;
use ledger::posting::Account;
use sync::decide::order::Order;
use sync::decide::table;
use sync::protocol::entry::{Cause, Effect, Entry};
use sync::protocol::push::Verdict;

use super::books::Written;
use super::oracle::Kept;
use super::post::{Ask, Letter};
use super::world::World;

/// Older than a month when it is decided: ms.
const OLD_MS: i64 = 30 * 24 * 60 * 60_000;

impl World {
    /// Something happened after which what was lent may be spent twice.
    pub fn distrust(&mut self, class: &'static str) {
        self.unsafe_since.get_or_insert(class);
        self.reached.insert(class);
    }

    /// A push that came before, in whole.
    pub fn meet_again(&mut self, letter: &Letter) {
        if matches!(letter.ask, Ask::Push(_)) && !self.pushed.insert((letter.to.till, letter.to.flight)) {
            self.reached.insert("C28");
        }
    }

    /// An order of a person at headquarters is about to be carried out.
    pub fn reach_order(&mut self, order: &Order, member: MemberId) {
        let class = match order {
            Order::Merge { .. } => "C12",
            Order::Unmerge { .. } => "C13",
            Order::Erase { .. } if self.is_on_its_way(member) => "C27",
            _ => return,
        };
        self.reached.insert(class);
    }

    /// Whether some till holds an event of the member that headquarters has not.
    fn is_on_its_way(&self, member: MemberId) -> bool {
        self.oracle.kept.iter().any(|kept| names(kept) == Some(member) && !self.at_hq(kept))
    }
}

/// Adds what the log and the record of the tills say.
pub fn read(world: &mut World) {
    let mut met: Vec<&'static str> = Vec::new();
    for written in world.books.shards.values().flatten() {
        met.extend(classes(written));
        let Cause::Event(key) = written.entry.cause else { continue };
        if let Some(kept) = world.oracle.of(key).next() {
            met.extend(of_event(kept, &written.entry));
        }
    }
    met.extend(world.oracle.kept.iter().filter_map(|kept| kept.event.head.late_of.as_ref().map(|_| "C30")));
    let newest = world.oracle.kept.iter().filter_map(|kept| kept.event.head.known.bundle).max();
    let programme = |kept: &Kept| match &kept.event.fact {
        Fact::Sale(sale) => Some(sale.programme_version),
        _ => None,
    };
    let outdated = world.oracle.kept.iter().filter_map(programme).any(|version| version < world.programmes);
    met.extend(outdated.then_some("C17"));
    // Some things that happened are a case of their own, beside the decision of an event.
    let cases = world.office.cases().ok().flatten().unwrap_or_default();
    met.extend(cases.iter().flat_map(|case| of_code(&case.kind)));
    let older = |kept: &&Kept| kept.event.head.known.bundle < newest;
    met.extend(world.oracle.kept.iter().find(older).map(|_| "C18"));
    world.reached.extend(met);
}

fn classes(written: &Written) -> Vec<&'static str> {
    let entry = &written.entry;
    let mut met: Vec<&'static str> = of_code(&entry.code).collect();
    if let Cause::Job(name) = &entry.cause {
        met.extend((name == keeping::EXPIRE).then_some("C19"));
        met.extend((name == keeping::TIERS).then_some("C16"));
    }
    met
}

fn of_code(code: &str) -> impl Iterator<Item = &'static str> {
    let rules = table::ALL.iter().filter(move |rule| rule.code == code && rule.code != table::OK.code);
    rules.flat_map(|rule| rule.classes).copied()
}

fn of_event(kept: &Kept, entry: &Entry) -> Vec<&'static str> {
    let mut met = Vec::new();
    let named = entry.effects.iter().any(|e| matches!(e, Effect::Post { named: Some(_), .. }));
    let in_debt = entry.effects.iter().any(|e| {
        matches!(e, Effect::Post { account: Account::Member(_), balance_after, delta, .. }
            if *balance_after < 0 && *delta < 0)
    });
    let age_ms = entry.t_hq.since(kept.event.head.clocks.t_eff());
    met.extend((age_ms > OLD_MS && entry.verdict != Verdict::Parked).then_some("C25"));
    let nobody = entry.effects.iter().any(|e| matches!(e, Effect::Post { account: Account::Anon(_), .. }));
    match &kept.event.fact {
        Fact::Refund(_) if named => met.push("C9"),
        _ if named => met.push("C14"),
        Fact::Refund(_) if in_debt => met.push("C8"),
        Fact::Sale(sale) => {
            let late = sale.spending.grants.iter().any(|grant| entry.t_hq > grant.until);
            let unheard = !sale.spending.unanswered.is_empty();
            met.extend((late || unheard).then_some("C10"));
            met.extend(sale.spending.guest.as_ref().map(|_| "C33"));
        }
        Fact::MemberEdit(wish) if wish.edits.iter().any(|edit| edit.basis_ver > 0) => met.push("C15"),
        _ => {}
    }
    met.extend(nobody.then_some("C26"));
    met
}

fn names(kept: &Kept) -> Option<MemberId> {
    match &kept.event.fact {
        Fact::Sale(sale) => sale.member.as_ref().map(|named| named.member_id),
        Fact::Refund(refund) => refund.member_id,
        Fact::TopUp(top_up) => Some(top_up.member_id),
        _ => None,
    }
}
