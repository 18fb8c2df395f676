//! A shop: headquarters, tills, and the cables between them. What must hold at the end of every story
//! is checked when the world ends.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use ledger::catalogue::Item;
use ledger::coupon::CouponState;
use ledger::id::MemberId;
use ledger::programme::Programme;
use serde_json::{Value, json};
use sync::protocol::config::Config;
use sync::protocol::snapshot::{CouponRow, MemberRow};
use tempfile::TempDir;

use crate::cashier::CASHIER_PIN;
use crate::hq::{Hq, Line, STORE};
use crate::operator::Operator;
use crate::proxy::Cable;
use crate::terminal::{Snapshot, Terminal};
use crate::till::{Setup, Till};
use crate::wait;

/// The number under which the checks themselves are enrolled.
const AUDITOR_TILL_NO: u32 = 99;
const FOLD_LIMIT: Duration = Duration::from_secs(20);

pub struct World {
    pub tills: Vec<Till>,
    /// The cable of each till, by the same index.
    pub cables: Vec<Cable>,
    pub hq: Hq,
    pub operator: Operator,
    /// A client that only looks.
    pub auditor: Terminal,
    pub config: Config,
    opening: Snapshot,
    unsettled: Option<&'static str>,
    folder: TempDir,
}

impl World {
    /// Headquarters over TLS and `tills` open tills: enrolled, cashier signed in, shift open.
    pub fn open(tills: u32) -> World {
        Self::of(tills, Line::Tls, None)
    }

    /// The same on a PostgreSQL, by its address.
    pub fn on(tills: u32, database: &str) -> World {
        Self::of(tills, Line::Tls, Some(database))
    }

    /// The same over plain HTTP, for faults that must see where an answer begins.
    pub fn plain(tills: u32) -> World {
        Self::of(tills, Line::Plain, None)
    }

    fn of(tills: u32, line: Line, database: Option<&str>) -> World {
        let folder = tempfile::tempdir().expect("a folder for this test");
        let hq = Hq::demo_on(folder.path(), line, database);
        let mut auditor = match Terminal::enrol(hq.url(), &hq.code(AUDITOR_TILL_NO), 1) {
            Ok(auditor) => auditor,
            Err(no) => panic!("the auditor is not enrolled: {no:?}"),
        };
        let mut world = World {
            operator: Operator::of(&hq, &hq.token()),
            config: auditor.config(),
            opening: auditor.snapshot(),
            auditor,
            hq,
            tills: Vec::new(),
            cables: Vec::new(),
            unsettled: None,
            folder,
        };
        for _ in 0..tills {
            world.add_till(|_| {});
        }
        world
    }

    /// One till more, started in a way of its own.
    pub fn add_till(&mut self, change: impl FnOnce(&mut Setup)) {
        let cable = Cable::to(self.hq.address());
        let number = u32::try_from(self.tills.len()).expect("few tills") + 1;
        let mut setup = Setup::below(&self.folder.path().join(format!("till-{number}")));
        change(&mut setup);
        let mut till = Till::start(&setup);
        till.enrol(&self.hq.url_at(cable.address()), &self.hq.code(number));
        till.open_shop();
        till.wait_online();
        till.wait_drained();
        self.cables.push(cable);
        self.tills.push(till);
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Pulls the cable of till `index` and waits until it has noticed.
    pub fn darken(&mut self, index: usize) {
        self.cables[index].cut();
        self.tills[index].wait_offline();
    }

    /// Pulls the cable of a till that does not run.
    pub fn darken_stopped(&mut self, index: usize) {
        self.cables[index].cut();
    }

    /// Puts the cable back and waits for contact.
    pub fn light(&mut self, index: usize) {
        self.cables[index].heal();
        self.tills[index].wait_online();
    }

    /// What headquarters believes of everybody, now.
    pub fn snapshot(&mut self) -> Snapshot {
        self.auditor.snapshot()
    }

    /// What headquarters says one member has.
    ///
    /// # Panics
    /// When it does not know the member.
    pub fn points_of(&mut self, member: MemberId) -> i64 {
        let snapshot = self.snapshot();
        let found = snapshot.members.iter().find(|(row, ..)| row.id == member);
        found.map(|(_, points, _)| *points).expect("headquarters knows the member")
    }

    /// The member of this store with the most points at the beginning.
    ///
    /// # Panics
    /// When the demo shop has no members.
    pub fn rich_member(&self) -> (MemberRow, i64) {
        let at_home = self.opening.members.iter().filter(|(row, ..)| row.home_store.0 == STORE);
        let richest = at_home.max_by_key(|(_, points, _)| *points);
        let (row, points, _) = richest.expect("the demo shop has members");
        (row.clone(), *points)
    }

    /// A member and one of their open coupons.
    ///
    /// # Panics
    /// When the demo shop has none.
    pub fn member_with_coupon(&self) -> (MemberRow, CouponRow) {
        let open = |coupon: &&CouponRow| coupon.state == CouponState::Open && coupon.home_store.0 == STORE;
        let coupon = self.opening.coupons.iter().find(open).expect("the demo shop gave out coupons");
        let mut members = self.opening.members.iter();
        let (row, ..) = members.find(|(row, ..)| row.id == coupon.member).expect("a coupon has a member");
        (row.clone(), coupon.clone())
    }

    pub fn programme(&self) -> &Programme {
        &self.config.programme
    }

    /// Goods by the piece, cheapest first.
    pub fn goods(&self) -> Vec<Item> {
        let by_piece = |item: &&Item| !item.weighed() && !item.barcodes.is_empty();
        let mut goods: Vec<Item> = self.config.items.iter().filter(by_piece).cloned().collect();
        goods.sort_by_key(|item| item.price_fen);
        goods
    }

    /// Barcodes that cost at least `fen` together, few of them.
    ///
    /// # Panics
    /// When the demo shop has no goods.
    pub fn goods_worth(&self, fen: i64) -> Vec<String> {
        let goods = self.goods();
        let dearest = goods.last().expect("the demo shop has goods");
        let cheapest = dearest.member_price_fen.unwrap_or(dearest.price_fen).min(dearest.price_fen).0;
        let pieces = usize::try_from(fen / cheapest.max(1) + 1).expect("a small sum");
        vec![dearest.barcodes[0].clone(); pieces]
    }

    /// Says why this world may end without its tills and headquarters agreeing.
    pub fn leave_unsettled(&mut self, because: &'static str) {
        self.unsettled = Some(because);
    }

    /// Every cable whole, every queue empty, every balance the same everywhere, trial balance 0.
    ///
    /// # Panics
    /// Naming what does not agree.
    pub fn settle(&mut self) {
        for cable in &self.cables {
            cable.heal();
        }
        for till in self.tills.iter_mut().filter(|till| till.runs()) {
            let _: Value = till.call("sync.resume", json!({}));
            till.wait_online();
            till.wait_drained();
            if till.screen().staff.is_none() {
                till.sign_in(CASHIER_PIN);
            }
        }
        self.compare();
        let balance = self.operator.trial_balance();
        let sums = balance["sums"].as_object().unwrap_or_else(|| panic!("no sums: {balance}"));
        assert!(sums.values().all(|sum| sum == 0), "the trial balance is {balance}");
    }

    /// Members whom anything happened to, and a few others, on every till.
    fn compare(&mut self) {
        let now = self.auditor.snapshot();
        let before: BTreeSet<(MemberId, i64)> = self.opening.members.iter().map(|m| (m.0.id, m.1)).collect();
        let moved = now.members.iter().filter(|m| !before.contains(&(m.0.id, m.1)));
        // Nobody finds a member who was erased.
        let known = |m: &&(MemberRow, i64, i64)| !m.0.card_no.is_empty();
        let looked_at: Vec<_> = moved.chain(now.members.iter().take(3)).filter(known).collect();
        for till in self.tills.iter_mut().filter(|till| till.runs()) {
            for (row, points, _) in &looked_at {
                let what = format!(
                    "{} has {points} points and none pending on {:?}",
                    row.card_no,
                    till.setup().folder
                );
                wait::until(&what, FOLD_LIMIT, || {
                    let found = till.find(&row.card_no);
                    let agreed = |member: &till::view::MemberView| {
                        member.balance.confirmed == *points && member.balance.pending == 0
                    };
                    found.first().is_some_and(agreed).then_some(())
                });
            }
        }
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if !std::thread::panicking() && self.unsettled.is_none() {
            self.settle();
        }
    }
}
