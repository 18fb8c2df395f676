//! A till's ledger with one stream, and sales to put in it.

use ledger::coupon::{Benefit, CouponState};
use ledger::event::{Clocks, SpendMode};
use ledger::fact::Fact;
use ledger::id::{Anchor, CouponId, Epoch, EventKey, MemberId, SaleId, StoreId, Stream, TerminalId};
use ledger::money::Fen;
use ledger::points::Points;
use ledger::posting::{Account, Unit};
use ledger::quantity::Milli;
use ledger::sale::{Presented, Sale, SaleLine, SaleMember};
use ledger::store::journal::{self, Draft};
use ledger::store::{Key, Ledger, Options, accounts, open};
use ledger::tender::{Tender, TenderKind};
use ledger::time::Timestamp;
use sync::protocol::snapshot::CouponRow;
use sync::store::{MIGRATIONS, Own};

pub const EPOCH: Epoch = Epoch(1);
pub const NOW: Timestamp = Timestamp(1_795_000_000_000);

pub struct Shop {
    _dir: tempfile::TempDir,
    pub ledger: Ledger,
    pub own: Own,
}

pub fn member(n: u8) -> MemberId {
    MemberId::from([n; 16])
}

/// The one coupon that is told of, still open.
pub fn coupon(owner: MemberId) -> CouponRow {
    CouponRow {
        id: CouponId::from([3; 16]),
        code: "CP0000000001".into(),
        member: owner,
        title: "满50减10".into(),
        benefit: Benefit::Off { off_fen: Fen(1000) },
        threshold_fen: Fen(5000),
        starts_on: "2026-11-01".parse().unwrap(),
        ends_on: "2026-11-30".parse().unwrap(),
        home_store: "S001".into(),
        state: CouponState::Open,
    }
}

impl Shop {
    pub fn new(terminal: u32) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let opened = open(&Options {
            dir: &dir.path().join("data"),
            key: Key([7; 32]),
            generation_file: &dir.path().join("generation"),
            migrations: MIGRATIONS,
            now: NOW,
            random: 1,
        })
        .unwrap();
        let own = Own { terminal: TerminalId(terminal), store: StoreId::from("S001") };
        let stream = Stream { terminal: own.terminal, epoch: EPOCH };
        opened.ledger.write(|tx| journal::open(tx, stream, None)).unwrap();
        Shop { _dir: dir, ledger: opened.ledger, own }
    }

    /// A sale of one yuan that earns and spends points.
    pub fn sell(&self, who: MemberId, earned: i64, redeemed: i64) -> EventKey {
        let draft = Draft {
            id: SaleId::new(NOW, [1; 10]).0,
            fact: Fact::Sale(sale(who, earned, redeemed)),
            anchor: Anchor::from(who),
            biz_date: "2026-11-21".parse().unwrap(),
            late_of: None,
            clocks: Clocks { t_wall: NOW, ..Clocks::default() },
            mode: SpendMode::None,
            known: ledger::event::Known::default(),
            sealed_pii: None,
        };
        self.ledger.write(|tx| journal::append(tx, draft)).unwrap().key
    }

    /// (confirmed, pending)
    pub fn points(&self, who: MemberId) -> (i64, i64) {
        let balance =
            self.ledger.read(|r| accounts::balance(r, &Account::Member(who), Unit::Points)).unwrap();
        (balance.confirmed.0, balance.pending.0)
    }

    /// Epochs of this till, oldest first.
    pub fn epochs(&self) -> Vec<Epoch> {
        let streams = self.ledger.read(journal::streams).unwrap();
        streams.into_iter().map(|state| state.stream.epoch).collect()
    }

    pub fn counts(&self) -> journal::Counts {
        self.ledger.read(journal::counts).unwrap()
    }
}

fn sale(who: MemberId, earned: i64, redeemed: i64) -> Sale {
    let line = SaleLine {
        n: 1,
        sku: "1".into(),
        name: "水".to_owned(),
        barcode: String::new(),
        unit: "瓶".to_owned(),
        weighed: false,
        price_fen: Fen(100),
        qty_milli: Milli(1000),
        list_fen: Fen(100),
        amount_fen: Fen(100),
        share_fen: Fen(0),
    };
    Sale {
        sale_id: SaleId::new(NOW, [1; 10]),
        receipt_no: "01-261121-0001".to_owned(),
        shift_no: 1,
        staff: "1001".into(),
        lines: vec![line],
        list_total_fen: Fen(100),
        total_fen: Fen(100),
        tenders: vec![Tender { kind: TenderKind::Cash, amount_fen: Fen(100) }],
        change_fen: Fen(0),
        member: Some(SaleMember { member_id: who, presented: Presented::Scanned, tier: String::new() }),
        points_earned: Points(earned),
        points_redeemed: Points(redeemed),
        redeem_value_fen: Fen(0),
        coupons: Vec::new(),
        programme_version: 1,
        spending: ledger::sale::Spending::default(),
    }
}
