//! Stored value lent to stores: for any order of sales, silences and deliveries the sum of what tills may
//! still spend stays inside the balance.

use ledger::id::StoreId;
use ledger::money::Fen;
use ledger::programme::OfflineRule;
use ledger::time::{DAY_MS, HOUR_MS, Timestamp};
use proptest::prelude::*;
use sync::decide::lending::{Funds, Visit, lend_stored, reserved};
use sync::decide::view::Lent;

const STORES: usize = 3;

#[derive(Clone, Debug)]
enum Step {
    TopUp {
        store: usize,
        fen: i64,
    },
    /// Spends in the dark, inside what the till believes.
    Dark {
        store: usize,
        fen: i64,
    },
    /// The oldest sale in the dark reaches HQ.
    Deliver {
        store: usize,
    },
    /// The till hears what HQ decided.
    Hear {
        store: usize,
    },
    /// A hold and its sale, with HQ's word.
    Online {
        store: usize,
        fen: i64,
    },
    Pass {
        hours: i64,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let store = 0..STORES;
    prop_oneof![
        (store.clone(), 1i64..5_000).prop_map(|(store, fen)| Step::TopUp { store, fen }),
        (store.clone(), 1i64..3_000).prop_map(|(store, fen)| Step::Dark { store, fen }),
        store.clone().prop_map(|store| Step::Deliver { store }),
        store.clone().prop_map(|store| Step::Hear { store }),
        (store, 1i64..4_000).prop_map(|(store, fen)| Step::Online { store, fen }),
        (1i64..40).prop_map(|hours| Step::Pass { hours }),
    ]
}

/// The one till of a store that may spend on the quota.
#[derive(Clone, Default)]
struct Till {
    told: i64,
    until: Option<Timestamp>,
    /// Sales in the dark: when, how much, whether HQ has them.
    sold: Vec<(Timestamp, i64, bool)>,
}

impl Till {
    fn left(&self, now: Timestamp) -> i64 {
        let live = self.until.is_some_and(|until| now < until);
        let pending: i64 = self.sold.iter().map(|(_, fen, _)| fen).sum();
        if live { (self.told - pending).max(0) } else { 0 }
    }
}

struct Chain {
    rule: OfflineRule,
    now: Timestamp,
    balance: i64,
    lent: Vec<Lent>,
    tills: Vec<Till>,
}

fn store(n: usize) -> StoreId {
    StoreId(format!("S{n}"))
}

impl Chain {
    fn new(share: i64) -> Self {
        let rule = OfflineRule { stored_share_permille: share, ..OfflineRule::default() };
        let tills = vec![Till::default(); STORES];
        Chain { rule, now: Timestamp(0), balance: 0, lent: Vec::new(), tills }
    }

    fn visit(&mut self, n: usize, moved: i64, spent: i64) {
        self.balance += moved;
        assert!(self.balance >= 0, "a sale inside the quota overdrew by {}", -self.balance);
        if !self.lent.iter().any(|lent| lent.store == store(n)) {
            self.lent.push(Lent { store: store(n), points: 0, fen: 0, until: None });
        }
        let visit = Visit { store: &store(n), now: self.now, spent_fen: Fen(spent) };
        lend_stored(&mut self.lent, visit, Funds { balance: self.balance, held: 0 }, &self.rule);
    }

    fn take(&mut self, step: &Step) {
        match *step {
            Step::TopUp { store, fen } => self.visit(store, fen, 0),
            Step::Dark { store, fen } => {
                let spend = fen.min(self.tills[store].left(self.now));
                if spend > 0 {
                    self.tills[store].sold.push((self.now, spend, false));
                }
            }
            Step::Deliver { store } => {
                if let Some(sale) = self.tills[store].sold.iter_mut().find(|sale| !sale.2) {
                    sale.2 = true;
                    let spent = sale.1;
                    self.visit(store, -spent, spent);
                }
            }
            Step::Hear { store: n } => {
                let Some(lent) = self.lent.iter().find(|lent| lent.store == store(n)) else { return };
                let till = &mut self.tills[n];
                (till.told, till.until) = (lent.fen, lent.until);
                till.sold.retain(|sale| !sale.2);
            }
            Step::Online { store, fen } => {
                if fen <= self.balance - reserved(&self.lent, self.now) {
                    self.visit(store, -fen, 0);
                }
            }
            Step::Pass { hours } => self.pass(hours),
        }
    }

    /// Nobody keeps a sale for longer than the upload delay.
    fn pass(&mut self, hours: i64) {
        self.now = self.now.plus_ms(hours * HOUR_MS);
        for n in 0..STORES {
            while self.tills[n].sold.iter().any(|sale| !sale.2 && self.now.since(sale.0) > 5 * DAY_MS) {
                self.take(&Step::Deliver { store: n });
            }
        }
    }
}

proptest! {
    #[test]
    fn what_stores_may_still_spend_never_exceeds_the_balance(
        share in 1i64..1500,
        steps in prop::collection::vec(step(), 1..120),
    ) {
        let mut chain = Chain::new(share);
        for step in &steps {
            chain.take(step);
            let left: i64 = chain.tills.iter().map(|till| till.left(chain.now)).sum();
            let under_way: i64 =
                chain.tills.iter().flat_map(|till| &till.sold).filter(|sale| !sale.2).map(|sale| sale.1).sum();
            prop_assert!(left + under_way <= chain.balance, "{left} + {under_way} of {}", chain.balance);
            prop_assert!(reserved(&chain.lent, chain.now) <= chain.balance);
        }
    }
}

#[test]
fn a_chain_that_says_nothing_lends_no_stored_value() {
    let mut chain = Chain::new(OfflineRule::default().stored_share_permille);
    chain.visit(0, 10_000, 0);
    assert_eq!((chain.lent[0].fen, chain.lent[0].until), (0, None));
}

#[test]
fn a_silent_stores_share_is_free_again_after_its_time_and_the_upload_delay() {
    let mut chain = Chain::new(1000);
    chain.visit(0, 10_000, 0);
    assert_eq!(reserved(&chain.lent, chain.now), 10_000);
    chain.visit(1, 0, 0);
    assert_eq!(chain.lent[1].fen, 0, "everything is lent to the first store");
    chain.pass(72 + 7 * 24 + 1);
    chain.visit(1, 0, 0);
    assert_eq!((chain.lent[0].fen, chain.lent[1].fen), (0, 5_000));
}
