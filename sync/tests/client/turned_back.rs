//! What stays true of headquarters' verdicts after its log became another one.

use ledger::id::Shard;
use ledger::store::journal;
use sync::protocol::hello::{Action, KnownStream, Limits, Welcome};
use sync::protocol::push::{Outcome, Pace, PushAck, Verdict};
use sync::store::{acks, standing};

use super::shop::{EPOCH, NOW, Shop, member};

/// HQ has all that the till ever wrote, and so much of it lies in a proved backup.
fn welcome(shop: &Shop, log_epoch: &str, stable: u64, actions: Vec<Action>) -> Welcome {
    let state = &shop.ledger.read(journal::streams).unwrap()[0];
    let stream = KnownStream {
        epoch: EPOCH,
        received: state.last_seq,
        hash_at_received: state.head_hash,
        hash_at_held: Some(state.head_hash),
        decided: state.last_seq,
        stable,
    };
    Welcome {
        log_epoch: log_epoch.to_owned(),
        hq_time: NOW,
        min_proto: 1,
        min_app: String::new(),
        streams: vec![stream],
        actions,
        limits: Limits {
            push_events_max: 100,
            push_bytes_max: 1 << 20,
            linger_ms: 50,
            start_delay_ms: 0,
            prev_left_out: false,
        },
        heads: Vec::new(),
        config_version: 1,
    }
}

/// Three sales, all decided as far as the till knows.
fn decided() -> Shop {
    let shop = Shop::new(1);
    let last = [10, 20, 30].map(|points| shop.sell(member(1), points, 0))[2];
    let outcome = |seq| Outcome {
        seq,
        verdict: Verdict::Applied,
        code: "ok".into(),
        shard: Shard(0),
        lsn: seq,
        case: None,
    };
    let ack = PushAck {
        received_through: 3,
        hash: shop.ledger.read(|r| journal::hash_at(r, last)).unwrap().unwrap(),
        decided_through: 3,
        stable_through: 0,
        outcomes: (1..=3).map(outcome).collect(),
        next: Pace { events_max: 100, delay_ms: 0 },
    };
    acks::take_ack(&shop.ledger, &shop.own, EPOCH, &ack).unwrap();
    let log = welcome(&shop, "log", 0, Vec::new());
    assert_eq!(standing::greet(&shop.ledger, &log).unwrap().streams[0].decided, 3);
    shop
}

#[test]
fn verdicts_of_another_log_are_asked_for_again_though_nothing_is_missing_there() {
    let shop = decided();
    let other = welcome(&shop, "other", 1, Vec::new());
    let fit = standing::greet(&shop.ledger, &other).unwrap().streams[0];
    assert_eq!((fit.received, fit.decided, fit.forked_at), (3, 1, None), "what a backup holds is certain");
    assert_eq!(shop.counts().unreceived, 0);
}

#[test]
fn a_log_that_turned_back_under_its_name_is_another_one_as_well() {
    let shop = decided();
    let same = welcome(&shop, "log", 0, vec![Action::Rebootstrap]);
    assert_eq!(standing::greet(&shop.ledger, &same).unwrap().streams[0].decided, 0);
}
