//! Mistakes planted on purpose: the simulator is only worth what it finds. Each stands as one line in
//! the product, behind the feature `planted`, and must be caught within its number of seeds.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::{Deserialize, Serialize};

/// One mistake.
#[derive(Clone, Copy, Debug)]
pub struct Planted {
    pub name: &'static str,
    /// The conflict or invariant that it breaks.
    pub class: &'static str,
    /// What the program does wrong.
    pub says: &'static str,
    /// Seeds within which it must be caught.
    pub seeds_max: u64,
}

const fn plant(name: &'static str, class: &'static str, seeds_max: u64, says: &'static str) -> Planted {
    Planted { name, class, says, seeds_max }
}

/// Every planted mistake.
pub const PLANTED: &[Planted] = &[
    plant("hello_numbers_only", "C20", 100, "hello compares numbers, never hashes"),
    plant("newest_epoch_only", "C23", 100, "only the newest epoch is offered again after a restore"),
    plant("delete_on_ack", "C23", 60, "events are deleted when they are received"),
    plant("conflict_ignored", "C20", 200, "another event under a known number is passed over in silence"),
    plant("decided_again", "C28", 60, "a repeated event is decided anew"),
    plant("same_log_epoch", "C23", 60, "a restored headquarters does not send tills to a snapshot"),
    plant("number_burnt", "G3", 60, "a sequence number is skipped"),
    plant("cursor_stuck", "G3", 60, "entries are folded in, the cursor stays"),
    plant("cursor_alone", "G5", 20, "the cursor moves, the entries are dropped"),
    plant("gap_patched", "G3", 20, "a frame with a hole is applied"),
    plant("pending_kept", "G5", 20, "an own entry does not clear what was provisional"),
    plant(
        "pending_cleared_early",
        "G5",
        60,
        "what is provisional is cleared at the receipt, before the entry",
    ),
    plant("overdraft_unposted", "C1", 100, "a balance stops at zero and nobody hears of the rest"),
    plant("coupon_twice", "C3", 60, "a used coupon is taken again"),
    plant("alias_ignored", "C14", 100, "events of a merged member are booked under the dead id"),
    plant("quota_whole", "C1", 60, "what was spent offline does not lower what may be spent"),
    plant("quota_after_restore", "C21", 60, "a till on an old disk keeps its quotas"),
    plant("case_doubled", "G6", 60, "one crossing opens two cases"),
    plant("case_closed_twice", "C31", 100, "a case takes a second answer"),
    plant("parked_for_ever", "C7", 200, "what was waited for arrives and nobody looks"),
    plant("receipt_number_again", "G9", 20, "two receipts have one number"),
    plant("wrong_chain", "G3", 20, "a shard's chain forgets the value before"),
    plant("outcome_lost", "G1", 60, "a verdict is not kept at the till"),
    plant("one_sided_post", "G4", 20, "a movement has one side"),
    plant("rewind_forgotten", "C23", 200, "a headquarters that lost events is not told them again"),
    plant("snapshot_without_pins", "G3", 100, "a snapshot is loaded and the cursors stay"),
    plant("refund_keeps_coupon", "C6", 100, "a refund does not give the coupon back"),
    plant("earn_twice", "G8", 20, "points of a sale are posted twice, both sides"),
    plant("quota_unsaid", "G7", 60, "a quota is lent in the table and not in the log"),
    plant("bytes_rewritten", "G1", 20, "a received line is written anew instead of kept"),
    plant(
        "snapshot_counts_twice",
        "G5",
        200,
        "what a snapshot holds stays provisional where its answer was lost",
    ),
    plant("stored_lent_twice", "C2", 200, "one store's loan of stored value does not lower the next one's"),
    plant("hold_never_ends", "C10", 100, "what was set aside for a sale stays so after it"),
    plant("erase_keeps_name", "C27", 200, "a till keeps who an erased member was"),
    plant(
        "sibling_counted_twice",
        "G5",
        100,
        "a sibling's event stays pending after headquarters decided it",
    ),
    plant("sibling_unheeded", "C3", 200, "a sibling's events are kept and move nothing here"),
    plant("forgets_unproved", "C23", 200, "a till forgets what was received, proved backup or not"),
    plant("unseen_no_lost", "C15", 200, "a no to marketing is lost to a yes that had not seen it"),
    plant("coupon_by_arrival", "C4", 200, "a coupon is judged by the moment of its arrival"),
    plant("ended_for_good", "C19", 200, "what ended before a redemption arrived does not come back for it"),
    plant("kind_never_learned", "C24", 200, "a newer headquarters does not look at what the older parked"),
    plant("one_id_unsaid", "C29", 200, "nobody is told that two receipts carry one id"),
    plant("move_unheeded", "C35", 400, "what a till did before it moved is the new store's"),
    plant("answer_forgotten", "G9", 100, "a repeated payment is a second sale"),
];

/// How a mistake was found, if it was.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Caught {
    pub name: String,
    pub class: String,
    pub seeds_max: u64,
    /// None when it escaped.
    pub seed: Option<u64>,
    pub violation: String,
}

/// Plants every mistake in turn (or the one called `only`) that must be caught `within` so many seeds, and
/// runs seeds until it is.
pub fn hunt(only: Option<&str>, within: u64, said: impl Fn(&Caught) + Sync) -> Vec<Caught> {
    let all: Vec<&Planted> =
        PLANTED.iter().filter(|p| p.seeds_max <= within && only.is_none_or(|name| p.name == name)).collect();
    let next = AtomicUsize::new(0);
    let found: Mutex<Vec<(usize, Caught)>> = Mutex::default();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    let Some(planted) = all.get(n) else { return };
                    let caught = catch(planted);
                    said(&caught);
                    found.lock().unwrap_or_else(PoisonError::into_inner).push((n, caught));
                }
            });
        }
    });
    let mut found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    found.sort_by_key(|(n, _)| *n);
    found.into_iter().map(|(_, caught)| caught).collect()
}

fn catch(planted: &Planted) -> Caught {
    let mut caught = Caught {
        name: planted.name.to_owned(),
        class: planted.class.to_owned(),
        seeds_max: planted.seeds_max,
        seed: None,
        violation: String::new(),
    };
    for seed in 1..=planted.seeds_max {
        sow(Some(planted.name));
        let found = super::seed::run(seed, false).violation;
        sow(None);
        // A seed that fails without the mistake says nothing about it.
        if let Some(violation) = found
            && super::seed::run(seed, false).violation.is_none()
        {
            caught.seed = Some(seed);
            caught.violation = violation;
            break;
        }
    }
    caught
}

#[cfg(feature = "planted")]
fn sow(name: Option<&'static str>) {
    ledger::planted::sow(name);
}

#[cfg(not(feature = "planted"))]
fn sow(_: Option<&'static str>) {}

/// Whether this build can make mistakes at all.
pub const fn is_possible() -> bool {
    cfg!(feature = "planted")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mistake_has_a_name_of_its_own() {
        let mut names: Vec<_> = PLANTED.iter().map(|planted| planted.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), PLANTED.len());
        assert!(PLANTED.len() >= 25);
    }
}
