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
    OK: [
        "C8", "C9", "C10", "C12", "C14", "C15", "C16", "C18", "C25", "C26", "C27", "C28", "C34", "C35"
    ] "ok" Applied "as the till said; repeats get the stored verdict";
    OVERDRAFT: ["C1"] "overdraft" AppliedWithException
        "the member stops at zero, the rest stands on the store's exception account";
    COUPON_REUSE: ["C3"] "coupon_reuse" AppliedWithException
        "the first in shard order used the coupon; the later one costs the store's exception account";
    SV_OVERDRAFT: ["C2"] "sv_overdraft" AppliedWithException
        "the member's stored value stops at zero, the rest stands on the store's exception account";
    COUPON_EXPIRED: ["C4"] "coupon_expired" AppliedWithException
        "it was out of date when it was used, by more than a day";
    REVOKED_HONOURED: ["C5"] "revoked_honoured" AppliedWithException
        "it was revoked before, but the till could not know";
    COUPON_REVOKED: ["C5"] "coupon_revoked" AppliedWithException
        "it was revoked before, and the till had heard of it";
    COUPON_UNKNOWN: ["C3"] "coupon_unknown" AppliedWithException
        "no such coupon was given out; its value costs the store's exception account";
    OVER_REFUND: ["C6"] "over_refund" AppliedWithException
        "the sale was given back before, or by less: the money is the store's exception, points move once";
    CLAWBACK_DEBT: ["C8"] "clawback_debt" AppliedWithException
        "the points of the sale were spent before it came back: the member owes many";
    CALC_MISMATCH: ["C17"] "calc_mismatch" AppliedWithException
        "the receipt's points stand; they are not what its programme gives";
    STALE_RULE: ["C17"] "stale_rule" Applied
        "counted with a programme that had been replaced for more than a week";
    POINTS_EXPIRED: ["C19"] "points_expired" AppliedWithException
        "the points had expired before they were spent";
    BLOCKED_MEMBER: ["C36"] "blocked_member" AppliedWithException
        "the member was blocked, and spent all the same";
    UNKNOWN_REF: ["C7"] "unknown_ref" Parked "waits for the sale or the member that it names";
    UNKNOWN_KIND: ["C24"] "unknown_kind" Parked "waits for a headquarters that knows this kind";
    SAME_PHONE: ["C11"] "same_phone" Applied
        "the phone belongs to an earlier member of the same name: the new id is another name of that one";
    MERGE_CANDIDATE: ["C11"] "merge_candidate" AppliedWithException
        "the phone belongs to an earlier member of another name: a person decides";
    DAY_DIFFERS: ["C30"] "day_differs" AppliedWithException
        "the till's totals are not those of its facts; the difference is named";
    BUNDLE_MISSING: ["C32"] "bundle_missing" Parked
        "it was rung up with a newer configuration than headquarters has: waits until that is published";
    PARKED_TOO_LONG: ["C7", "C24"] "parked_too_long" Parked
        "kind of the case: it has waited for a day, and nobody knows whether what it waits for will come";
    ORPHAN_REFUND: ["C7"] "orphan_refund" AppliedWithException
        "its sale did not come in time; the signed receipt proves it, the money is the store's exception";
    UNPROVEN_REFUND: ["C7"] "unproven_refund" Quarantined
        "its sale did not come in time, and nothing proves that there was one";
    ALREADY_RECOVERED: ["C20", "C21"] "already_recovered" Applied
        "the same event was decided before, under the key that it had or was re-wrapped to";
    RECOVERED_DIFFERS: ["C20"] "recovered_differs" Quarantined
        "what it wraps is not the event that it names";
    CLOCK_SUSPECT: ["C22"] "clock_suspect" Applied
        "the till's clock cannot be trusted, so nothing was judged by it";
    REDECIDED: ["C23"] "redecided" AppliedWithException
        "kind of the case: decided otherwise than before headquarters was restored";
    ID_COLLISION: ["C29"] "id_collision" AppliedWithException
        "kind of the case: two receipts carry one id";
    SHARED_SPEND: ["C13"] "shared_spend" AppliedWithException
        "two members were parted, and one had spent what the other brought";
    UNKNOWN_MEMBER: ["C12", "C15"] "unknown_member" Rejected "there is no such member, or none any more";
    STALE: ["C15"] "stale" Rejected "the wish is older than 30 days";
    UNPROVEN: ["C15"] "unproven" Rejected "nobody proved that the new number answers";
    PHONE_TAKEN: ["C15"] "phone_taken" Rejected "the number belongs to another member";
    UNKNOWN_GUEST: ["C33"] "unknown_guest" AppliedWithException
        "nobody holds the card or number that the till read; its points are earned by nobody yet";
    LATE: ["C30"] "late" Applied
        "headquarters' accounting had closed its day: booked to the first open one, linked to its own";
    FLAWED: [] "flawed" Quarantined "the arithmetic cannot be right";
    UNDECODABLE: [] "undecodable" Quarantined "the line cannot be read; its bytes are kept";
    MISPLACED: [] "misplaced" Quarantined "the event names another place in the stream than it has";
    REF_DIFFERS: ["C29"] "ref_differs" Quarantined "it names a fact that is another one than it says";
}

/// A class of conflict, and the file that answers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Class {
    /// `C1`, as in PROTOCOL, "Conflicts".
    pub class: &'static str,
    pub conflict: &'static str,
    /// From the root of the repository.
    pub place: &'static str,
}

const fn class(class: &'static str, conflict: &'static str, place: &'static str) -> Class {
    Class { class, conflict, place }
}

/// The whole catalogue.
pub const CLASSES: [Class; 36] = [
    class("C1", "two redemptions of one balance", "sync/src/decide/points.rs"),
    class("C2", "stored value spent beyond the balance", "sync/src/decide/stored.rs"),
    class("C3", "one coupon used twice", "sync/src/decide/coupon.rs"),
    class("C4", "a coupon that expired before its sale arrived", "sync/src/decide/coupon.rs"),
    class("C5", "a coupon that was revoked meanwhile", "sync/src/decide/coupon.rs"),
    class("C6", "one sale given back twice", "sync/src/decide/refund.rs"),
    class("C7", "a refund before its sale", "sync/src/decide/orphan.rs"),
    class("C8", "a refund of points already spent", "sync/src/decide/refund.rs"),
    class("C9", "a refund after a merge", "sync/src/decide/party.rs"),
    class("C10", "a capture of a hold that is gone", "sync/src/decide/capture.rs"),
    class("C11", "one phone number joined twice", "sync/src/decide/join.rs"),
    class("C12", "merges that race", "sync/src/decide/merge.rs"),
    class("C13", "a merge that was wrong", "sync/src/decide/merge.rs"),
    class("C14", "events for the merged member", "sync/src/decide/party.rs"),
    class("C15", "edits of one profile", "sync/src/decide/mod.rs"),
    class("C16", "a tier that changed meanwhile", "sync/src/decide/tier.rs"),
    class("C17", "a programme that changed meanwhile", "sync/src/decide/points.rs"),
    class("C18", "a price that changed meanwhile", "sync/src/decide/price.rs"),
    class("C19", "points that expired meanwhile", "sync/src/decide/lot.rs"),
    class("C20", "one till on two machines", "hq/src/receive.rs"),
    class("C21", "a till restored from an old copy", "hq/src/receive.rs"),
    class("C22", "a till's clock that is wrong", "sync/src/decide/coupon.rs"),
    class("C23", "headquarters restored from an old copy", "hq/src/api/hello.rs"),
    class("C24", "an event of a later version", "sync/src/decide/line.rs"),
    class("C25", "an event of a very old till", "sync/src/decide/line.rs"),
    class("C26", "events of a member who was erased", "sync/src/decide/mod.rs"),
    class("C27", "erasure at a till with unsent events", "sync/src/store/fold.rs"),
    class("C28", "pushes repeated, lost and reordered", "hq/src/receive.rs"),
    class("C29", "one id for two facts", "sync/src/decide/mod.rs"),
    class("C30", "a fact for a closed day", "sync/src/decide/late.rs"),
    class("C31", "two people answer one case", "hq/src/api/cases.rs"),
    class("C32", "configuration published while tills are pending", "hq/src/api/config.rs"),
    class("C33", "a member whom the store does not know", "sync/src/decide/sale.rs"),
    class("C34", "a transfer between members", "sync/src/decide/transfer.rs"),
    class("C35", "a till or store that moved", "hq/src/receive.rs"),
    class("C36", "a member who was blocked meanwhile", "sync/src/decide/block.rs"),
];

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
