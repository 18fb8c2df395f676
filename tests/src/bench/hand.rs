//! A terminal that only writes and packs: sales, marks, pushes and requests, made before the clock runs.

use ed25519_dalek::SigningKey;
use hq::jobs::demo::members::member_id;
use hq::store::model::TerminalRow;
use ledger::catalogue::Item;
use ledger::event::{Class, Clocks, ENVELOPE_VERSION, Event, EventLine, Head, Known, SpendMode, genesis};
use ledger::fact::{ClockMark, Fact};
use ledger::id::{Anchor, Hash, SaleId, Stream};
use ledger::money::Fen;
use ledger::points::Points;
use ledger::quantity::Milli;
use ledger::sale::{Presented, Sale, SaleLine, SaleMember, Spending};
use ledger::tender::{Tender, TenderKind};
use ledger::time::{BusinessDay, Zone};
use sync::client::Identity;
use sync::protocol::push::PushHead;
use sync::protocol::signature::{
    NONCE_HEADER, SIGNATURE_HEADER, TERMINAL_HEADER, TIME_HEADER, request_text, sign,
};

use crate::chance::Chance;
use crate::terminal::now;

/// As tills pack.
pub const ZSTD_LEVEL: i32 = 3;
const LINES: u16 = 3;

/// Deliberately without Debug: it holds a key.
pub struct Hand {
    pub row: TerminalRow,
    key: SigningKey,
    log_epoch: String,
    chance: Chance,
    seq: u64,
    prev: Hash,
}

/// A signed push: what goes over the wire.
pub struct Packed {
    pub first_seq: u64,
    pub last_seq: u64,
    pub body: Vec<u8>,
}

impl Hand {
    pub fn new(row: TerminalRow, key: SigningKey, log_epoch: String, chance: Chance) -> Hand {
        let prev = genesis(Stream { terminal: row.id, epoch: row.epoch });
        Hand { row, key, log_epoch, chance, seq: 0, prev }
    }

    pub fn key(chance: &mut Chance) -> SigningKey {
        SigningKey::from_bytes(&std::array::from_fn(|_| chance.byte()))
    }

    pub fn chance(&mut self) -> &mut Chance {
        &mut self.chance
    }

    /// The next `count` events as one push, each made by `write`.
    ///
    /// # Panics
    /// When memory cannot be packed.
    pub fn pack(&mut self, count: u64, mut write: impl FnMut(&mut Hand) -> EventLine) -> Packed {
        let first_seq = self.seq + 1;
        let mut lines = String::new();
        for _ in 0..count {
            lines.push('\n');
            lines.push_str(&write(self).line);
        }
        let stream = Stream { terminal: self.row.id, epoch: self.row.epoch };
        let events = u32::try_from(count).expect("few events");
        let head = PushHead::signed(&self.key, &self.log_epoch, stream, (first_seq, events), &self.prev);
        let plain = serde_json::to_string(&head).expect("a head is plain data") + &lines + "\n";
        let body = zstd::bulk::compress(plain.as_bytes(), ZSTD_LEVEL).expect("memory can be packed");
        Packed { first_seq, last_seq: self.seq, body }
    }

    /// A sale of a few lines, at today's prices, to one of `members`.
    pub fn sale(&mut self, items: &[Item], members: u32) -> EventLine {
        let number = u32::try_from(self.chance.below(u64::from(members))).unwrap_or(0) + 1;
        let member = member_id(number);
        let lines: Vec<SaleLine> = (0..LINES).map(|n| line(n, self.chance.pick(items))).collect();
        let total = Fen(lines.iter().map(|line| line.amount_fen.0).sum());
        let id: [u8; 10] = std::array::from_fn(|_| self.chance.byte());
        let sale = Sale {
            sale_id: SaleId::new(now(), id),
            receipt_no: format!("{:02}-261121-{:04}", self.row.till_no % 100, self.seq + 1),
            shift_no: 1,
            staff: "1001".into(),
            lines,
            list_total_fen: total,
            total_fen: total,
            tenders: vec![Tender { kind: TenderKind::Cash, amount_fen: total }],
            change_fen: Fen::ZERO,
            member: Some(SaleMember {
                member_id: member,
                presented: Presented::Scanned,
                tier: "basic".to_owned(),
            }),
            points_earned: Points(total.0 / 100),
            points_redeemed: Points::ZERO,
            redeem_value_fen: Fen::ZERO,
            coupons: Vec::new(),
            programme_version: 1,
            spending: Spending::default(),
        };
        self.write(Fact::Sale(sale), member.into())
    }

    /// An event that moves nothing.
    pub fn mark(&mut self) -> EventLine {
        let jump_ms = self.chance.between(-500, 500);
        self.write(Fact::ClockMark(ClockMark { jump_ms }), Anchor::terminal(self.row.id))
    }

    /// An event of a kind that no headquarters knows yet: received and kept, and not decided.
    pub fn of_tomorrow(&mut self) -> EventLine {
        let line = self.mark().line.replacen("\"clock_mark\"", "\"mark_of_tomorrow\"", 1);
        let hash = Hash::of(line.as_bytes());
        self.prev = hash;
        EventLine { line, hash }
    }

    /// The headers of a signed `POST`.
    pub fn sign(&mut self, path: &str, body: &[u8]) -> [(&'static str, String); 4] {
        self.signed("POST", path, body)
    }

    /// The headers of a signed `GET`.
    pub fn sign_get(&mut self, path: &str) -> [(&'static str, String); 4] {
        self.signed("GET", path, b"")
    }

    fn signed(&mut self, method: &str, path: &str, body: &[u8]) -> [(&'static str, String); 4] {
        let (nonce, time) = (self.chance.id().replace('-', ""), now().to_string());
        let text = request_text(method, path, &time, &nonce, body);
        [
            (TERMINAL_HEADER, self.row.id.to_string()),
            (TIME_HEADER, time),
            (NONCE_HEADER, nonce),
            (SIGNATURE_HEADER, sign(&self.key, &text)),
        ]
    }

    /// For the client of a real till.
    pub fn identity(&self) -> Identity {
        Identity { terminal: self.row.id, key: self.key.clone() }
    }

    pub fn log_epoch(&self) -> &str {
        &self.log_epoch
    }

    fn write(&mut self, fact: Fact, anchor: Anchor) -> EventLine {
        self.seq += 1;
        let at = now();
        let head = Head {
            v: ENVELOPE_VERSION,
            terminal: self.row.id,
            epoch: self.row.epoch,
            seq: self.seq,
            prev: self.prev,
            id: self.chance.id().parse().expect("an id is a uuid"),
            kind_ver: 1,
            class: Class::Fact,
            anchor,
            biz_date: BusinessDay::at(at, Zone::CHINA),
            late_of: None,
            clocks: Clocks { t_wall: at, t_mono_ms: self.seq, ..Clocks::default() },
            mode: SpendMode::None,
            known: Known::default(),
            legs: fact.legs(),
            pii_commit: None,
        };
        let line = Event { head, fact }.seal();
        self.prev = line.hash;
        line
    }
}

fn line(n: u16, item: &Item) -> SaleLine {
    SaleLine {
        n,
        sku: item.sku.clone(),
        name: item.name.clone(),
        barcode: item.barcodes.first().cloned().unwrap_or_default(),
        unit: item.unit.clone(),
        weighed: false,
        price_fen: item.price_fen,
        qty_milli: Milli::ONE,
        list_fen: item.price_fen,
        amount_fen: item.price_fen,
        share_fen: Fen::ZERO,
    }
}
