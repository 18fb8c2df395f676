//! Which rule answers which class of conflict, and the verdict that it ends in.

use crate::protocol::push::Verdict;

/// No single movement of points or fen may exceed this: far above any basket, far below overflow.
pub const MOVEMENT_MAX: u64 = 1_000_000_000_000;

/// One way in which an event can end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Classes of PROTOCOL, "Conflicts", that this rule answers.
    pub classes: &'static [&'static str],
    /// Code on the wire and kind of the case that it opens.
    pub code: &'static str,
    pub verdict: Verdict,
    pub says: &'static str,
}

macro_rules! rules {
    ($($name:ident: [$($class:literal),*] $code:literal $verdict:ident $says:literal;)*) => {
        $(
            #[doc = $says]
            pub const $name: Rule = Rule {
                classes: &[$($class),*],
                code: $code,
                verdict: Verdict::$verdict,
                says: $says,
            };
        )*
        /// All rules, in the order of this file.
        pub const ALL: &[Rule] = &[$($name),*];
    };
}

rules! {
    OK: ["C8", "C14", "C28"] "ok" Applied "as the till said; repeats get the stored verdict";
    OVERDRAFT: ["C1"] "overdraft" AppliedWithException
        "the member stops at zero, the rest stands on the store's exception account";
    COUPON_REUSE: ["C3"] "coupon_reuse" AppliedWithException
        "the first in shard order used the coupon; the later one costs the store's exception account";
    COUPON_UNKNOWN: ["C3"] "coupon_unknown" AppliedWithException
        "no such coupon was given out; its value costs the store's exception account";
    OVER_REFUND: ["C6"] "over_refund" AppliedWithException
        "the sale was given back before, or by less: the money is the store's exception, points move once";
    UNKNOWN_REF: ["C7"] "unknown_ref" Parked "waits for the sale or the member that it names";
    UNKNOWN_KIND: ["C24"] "unknown_kind" Parked "waits for a headquarters that knows this kind";
    SAME_PHONE: ["C11"] "same_phone" Applied
        "the phone belongs to an earlier member of the same name: the new id is another name of that one";
    MERGE_CANDIDATE: ["C11"] "merge_candidate" AppliedWithException
        "the phone belongs to an earlier member of another name: a person decides";
    DAY_DIFFERS: ["C30"] "day_differs" AppliedWithException
        "the till's totals are not those of its facts; the difference is named";
    LATE: ["C30"] "late" Applied
        "headquarters' accounting had closed its day: booked to the first open one, linked to its own";
    FLAWED: [] "flawed" Quarantined "the arithmetic cannot be right";
    UNDECODABLE: [] "undecodable" Quarantined "the line cannot be read; its bytes are kept";
    MISPLACED: [] "misplaced" Quarantined "the event names another place in the stream than it has";
    REF_DIFFERS: ["C29"] "ref_differs" Quarantined "it names a fact that is another one than it says";
}

/// The worse of two: a later verdict in the wire's order wins, the earlier code on a tie.
pub fn worse(a: Rule, b: Rule) -> Rule {
    if b.verdict > a.verdict { b } else { a }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_stands_once_and_every_early_class_has_a_rule() {
        let mut codes: Vec<_> = ALL.iter().map(|r| r.code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), ALL.len());
        for class in ["C1", "C3", "C6", "C7", "C8", "C11", "C24", "C28"] {
            assert!(ALL.iter().any(|r| r.classes.contains(&class)), "{class} has no rule");
        }
    }
}
