//! A till as the wire sees it: keeps its chain, signs, pushes.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::Body;
use axum::http::Request;
use ed25519_dalek::SigningKey;
use ledger::event::{
    Class, Clocks, ENVELOPE_VERSION, Event, EventLine, Head, Parent, SpendMode, genesis, genesis_after,
};
use ledger::fact::Fact;
use ledger::id::{Anchor, Epoch, Hash, Stream, TerminalId};
use ledger::time::Timestamp;
use serde_json::{Value, json};
use sync::protocol::path;
use sync::protocol::push::{PushHead, SealedPii};
use sync::protocol::signature::{
    NONCE_HEADER, SIGNATURE_HEADER, TERMINAL_HEADER, TIME_HEADER, encode, request_text, sign,
};
use uuid::Uuid;

use crate::shop::{Answer, Shop};

static NONCE: AtomicU64 = AtomicU64::new(1);

pub struct Till {
    pub key: SigningKey,
    pub id: TerminalId,
    pub epoch: Epoch,
    pub log_epoch: String,
    pub lines: Vec<EventLine>,
    pub seal: String,
    /// What its clock shows.
    pub t_wall: Timestamp,
    pub parent: Option<Parent>,
}

impl Till {
    pub async fn enrol(shop: &Shop, store: &str, till_no: u32) -> Self {
        let seed = u8::try_from(NONCE.fetch_add(1, Ordering::Relaxed) % 251).unwrap();
        let code = shop.code(store, till_no, [seed; 5]);
        let key = SigningKey::from_bytes(&[seed; 32]);
        let answer = shop.ask(enrol_request(&code, &key)).await.ok();
        Till { t_wall: shop.app.now(), ..Self::of(&answer, key) }
    }

    /// The till that this answer makes.
    pub fn of(answer: &Value, key: SigningKey) -> Self {
        Till {
            key,
            id: TerminalId(u32::try_from(answer["terminal"].as_u64().unwrap()).unwrap()),
            epoch: answer["epoch"].as_str().unwrap().parse().unwrap(),
            log_epoch: answer["log_epoch"].as_str().unwrap().to_owned(),
            lines: Vec::new(),
            seal: answer["hq_keys"]["seal"].as_str().unwrap().to_owned(),
            t_wall: Timestamp(1_700_000_000_000),
            parent: None,
        }
    }

    pub fn stream(&self) -> Stream {
        Stream { terminal: self.id, epoch: self.epoch }
    }

    /// Writes an event into the till's own chain.
    pub fn record(&mut self, anchor: Anchor, fact: Fact) -> Event {
        let seq = self.lines.len() as u64 + 1;
        let head = Head {
            v: ENVELOPE_VERSION,
            terminal: self.id,
            epoch: self.epoch,
            seq,
            prev: self.lines.last().map_or_else(|| self.genesis(), |line| line.hash),
            id: Uuid::from_u128(u128::from(self.id.0) << 96 | u128::from(self.epoch.0 ^ seq)),
            kind_ver: 1,
            class: Class::Fact,
            anchor,
            biz_date: "2026-11-21".parse().unwrap(),
            late_of: None,
            clocks: Clocks { t_wall: self.t_wall, ..Clocks::default() },
            mode: SpendMode::None,
            known: ledger::event::Known::default(),
            legs: fact.legs(),
            pii_commit: None,
        };
        let event = Event { head, fact };
        self.lines.push(event.seal());
        event
    }

    /// A line that is no event, at its right place.
    pub fn record_raw(&mut self, line: &str) {
        self.lines.push(EventLine { line: line.to_owned(), hash: Hash::of(line.as_bytes()) });
    }

    pub fn push_body(&self, first_seq: u64, pii: Vec<SealedPii>) -> Vec<u8> {
        self.body(first_seq, |head| head.pii = pii)
    }

    /// A push from `first_seq` on with something else in its head.
    pub fn body(&self, first_seq: u64, change: impl FnOnce(&mut PushHead)) -> Vec<u8> {
        zstd::encode_all(self.plain(first_seq, change).as_bytes(), 3).unwrap()
    }

    pub fn plain(&self, first_seq: u64, change: impl FnOnce(&mut PushHead)) -> String {
        let from = usize::try_from(first_seq).unwrap() - 1;
        let lines = &self.lines[from..];
        let last = lines.last().expect("something to push");
        let count = u32::try_from(lines.len()).unwrap();
        let mut head =
            PushHead::signed(&self.key, &self.log_epoch, self.stream(), (first_seq, count), &last.hash);
        head.parent = self.parent.filter(|_| first_seq == 1);
        change(&mut head);
        let mut body = serde_json::to_string(&head).unwrap() + "\n";
        lines.iter().for_each(|line| body += &format!("{}\n", line.line));
        body
    }

    /// Another machine with the same identity and the same history so far.
    pub fn copy(&self) -> Till {
        Till {
            key: self.key.clone(),
            log_epoch: self.log_epoch.clone(),
            lines: self.lines.clone(),
            seal: self.seal.clone(),
            ..*self
        }
    }

    /// Goes on in `epoch` after the first `shared` events.
    pub fn branch(&mut self, epoch: Epoch, shared: usize) -> Vec<EventLine> {
        let hash = match shared {
            0 => self.genesis(),
            n => self.lines[n - 1].hash,
        };
        self.parent = Some(Parent { epoch: self.epoch, seq: shared as u64, hash });
        self.epoch = epoch;
        self.lines.drain(..).skip(shared).collect()
    }

    fn genesis(&self) -> Hash {
        match &self.parent {
            Some(parent) => genesis_after(self.stream(), parent),
            None => genesis(self.stream()),
        }
    }

    pub async fn push_from(&self, shop: &Shop, first_seq: u64) -> Answer {
        self.post(shop, path::PUSH, self.push_body(first_seq, Vec::new())).await
    }

    pub async fn post(&self, shop: &Shop, path: &str, body: Vec<u8>) -> Answer {
        shop.ask(self.signed("POST", path, body, &Slip::now(shop))).await
    }

    pub async fn get(&self, shop: &Shop, path: &str) -> Answer {
        shop.ask(self.signed("GET", path, Vec::new(), &Slip::now(shop))).await
    }

    pub fn signed(&self, method: &str, path: &str, body: Vec<u8>, slip: &Slip) -> Request<Body> {
        let text = request_text(method, path, &slip.time.to_string(), &slip.nonce, &body);
        Request::builder()
            .method(method)
            .uri(path)
            .header(TERMINAL_HEADER, self.id.to_string())
            .header(TIME_HEADER, slip.time.to_string())
            .header(NONCE_HEADER, &slip.nonce)
            .header(SIGNATURE_HEADER, sign(&self.key, &text))
            .body(Body::from(body))
            .unwrap()
    }

    /// Hello with the whole history as held.
    pub async fn hello(&self, shop: &Shop, held: u64, hash: Hash, cursors: Value) -> Value {
        let hello = json!({
            "proto": 1, "app_version": "0.1.0", "log_epoch": self.log_epoch, "generation": 1,
            "streams": [{"epoch": self.epoch, "max_seq": held, "hash_at_max": hash}],
            "cursors": cursors, "t_wall": Timestamp(0),
        });
        self.post(shop, path::HELLO, hello.to_string().into_bytes()).await.ok()
    }
}

/// Time and nonce of one request.
pub struct Slip {
    pub time: Timestamp,
    pub nonce: String,
}

impl Slip {
    pub fn now(shop: &Shop) -> Self {
        Slip { time: shop.app.now(), nonce: format!("{:032x}", NONCE.fetch_add(1, Ordering::Relaxed)) }
    }
}

pub fn enrol_request(code: &str, key: &SigningKey) -> Request<Body> {
    let body = json!({
        "code": code,
        "public_key": encode(key.verifying_key().as_bytes()),
        "app_version": "0.1.0",
    });
    Request::post(path::ENROL).body(Body::from(body.to_string())).unwrap()
}

pub mod facts {
    //! Sales of 100 yuan, as small as they can be.

    use ledger::fact::{Fact, MemberNew};
    use ledger::id::{CouponId, Hash, MemberId, SaleId};
    use ledger::money::Fen;
    use ledger::points::Points;
    use ledger::quantity::Milli;
    use ledger::refund::{Refund, RefundDesk};
    use ledger::sale::{CouponUse, Presented, Sale, SaleLine, SaleMember};
    use ledger::tender::{Tender, TenderKind};

    pub fn sale(member: Option<MemberId>, earned: i64, redeemed: i64, coupon: Option<CouponId>) -> Fact {
        let coupons: Vec<_> =
            coupon.iter().map(|id| CouponUse { coupon_id: *id, value_fen: Fen(1500) }).collect();
        let off = Fen(redeemed + 1500 * i64::try_from(coupons.len()).unwrap());
        let total = Fen(10_000).minus(off);
        Fact::Sale(Sale {
            sale_id: SaleId::from([7; 16]),
            receipt_no: "01-261121-0001".into(),
            shift_no: 1,
            staff: "1001".into(),
            lines: vec![SaleLine {
                n: 0,
                sku: "100001".into(),
                name: "大米".into(),
                barcode: "6921168509256".into(),
                unit: "袋".into(),
                weighed: false,
                price_fen: Fen(10_000),
                qty_milli: Milli::ONE,
                list_fen: Fen(10_000),
                amount_fen: Fen(10_000),
                share_fen: off,
            }],
            list_total_fen: Fen(10_000),
            total_fen: total,
            tenders: vec![Tender { kind: TenderKind::Cash, amount_fen: total }],
            change_fen: Fen::ZERO,
            member: member.map(|member_id| SaleMember {
                member_id,
                presented: Presented::Scanned,
                tier: "gold".into(),
            }),
            points_earned: Points(earned),
            points_redeemed: Points(redeemed),
            redeem_value_fen: Fen(redeemed),
            coupons,
            // Never published: what it earns is not counted again.
            programme_version: 0,
            spending: ledger::sale::Spending::default(),
        })
    }

    pub fn refund(of: &ledger::event::Event) -> Fact {
        let Fact::Sale(sold) = &of.fact else { panic!("only a sale is refunded") };
        let desk = RefundDesk {
            sale_id: SaleId::from([9; 16]),
            receipt_no: "01-261121-0002".into(),
            shift_no: 1,
            staff: "1001".into(),
            approved_by: "1002".into(),
            reason: "不想要了".into(),
        };
        Fact::Refund(Refund::whole(sold, of.key(), of.seal().hash, desk))
    }

    pub fn join(member: MemberId, phone_hash: Hash) -> Fact {
        Fact::MemberNew(MemberNew {
            member_id: member,
            card_no: ledger::member::card_no(900_001),
            phone_hash,
            phone_mask: "199****9999".into(),
            name_masked: "韩*梅".into(),
            home_store: "S001".into(),
            staff: "1001".into(),
            consent_version: 1,
        })
    }
}
