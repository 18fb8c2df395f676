//! Tills as a story needs them: each keeps its chain, remembers what it heard, and writes real events.

use std::collections::BTreeMap;

use ledger::event::{
    Basis, Boot, Class, Clocks, ENVELOPE_VERSION, Event, EventLine, Head, Known, SpendMode, genesis,
};
use ledger::fact::{Fact, MemberEdit, MemberNew, MergeAsk, Recovered};
use ledger::given_back::{GivenBack, Part};
use ledger::grant::Grant;
use ledger::id::{Anchor, Epoch, EventKey, Hash, SaleId, Shard, Stream, TerminalId};
use ledger::member::mask_name;
use ledger::money::Fen;
use ledger::points::Points;
use ledger::profile::FieldEdit;
use ledger::programme::Programme;
use ledger::quantity::Milli;
use ledger::refund::{Refund, RefundDesk};
use ledger::sale::{CouponUse, Guest, Presented, Sale, SaleLine, SaleMember, Spending};
use ledger::tender::{Tender, TenderKind};
use ledger::time::{BusinessDay, Timestamp, Zone};
use ledger::top_up::TopUp;
use sync::protocol::hello::Cursor;
use sync::protocol::push::{Prior, Verdict};

use crate::cast::{card, coupon_id, member_id, phone};
use crate::deed::auth_id;
use crate::story::{Given, ShortAsk, ShortEdit, ShortJoin, ShortRefund, ShortSale, ShortTopUp};

/// Everybody's clock and the till's own.
#[derive(Clone, Copy)]
pub struct Now {
    pub true_time: Timestamp,
    /// What the till's clock says when it is wrong and nobody corrected it.
    pub wall: Option<Timestamp>,
    /// When the story began.
    pub begin: Timestamp,
}

pub struct Till {
    pub stream: Stream,
    pub store: String,
    pub lines: Vec<EventLine>,
    /// How many of them headquarters has.
    pub sent: usize,
    /// How far it heard each log.
    heard: BTreeMap<Shard, u64>,
    config: Config,
    /// What it gave back of each sale.
    given_back: BTreeMap<SaleId, GivenBack>,
    /// What its next event says that is out of the ordinary.
    pub next: Next,
    /// What it remembers of verdicts before headquarters was restored, by number.
    pub priors: BTreeMap<u64, Prior>,
}

#[derive(Default)]
pub struct Next {
    pub bundle: Option<u64>,
    pub id: Option<SaleId>,
    pub prior: Option<(Verdict, String)>,
}

/// What a till was last told about programme and prices.
#[derive(Clone)]
pub struct Config {
    pub programme: Programme,
    pub bundle: u64,
}

/// Tokens by the step that asked for them.
pub type Grants = BTreeMap<String, Grant>;

/// What a fact is about: its anchor, and the coupons it takes.
struct About {
    anchor: Anchor,
    /// Shards whose state the till looked at.
    looked_at: Vec<Shard>,
    mode: SpendMode,
}

impl Till {
    pub fn new(n: u32, store: &str, config: Config) -> Self {
        let stream = Stream { terminal: TerminalId(n), epoch: Epoch(1) };
        Till {
            stream,
            store: store.into(),
            lines: Vec::new(),
            sent: 0,
            heard: BTreeMap::new(),
            config,
            given_back: BTreeMap::new(),
            next: Next::default(),
            priors: BTreeMap::new(),
        }
    }

    /// Leaves its stream as it is and begins another one.
    pub fn go_on(&mut self) {
        self.stream.epoch = Epoch(self.stream.epoch.0 + 1);
        (self.lines, self.sent, self.priors) = (Vec::new(), 0, BTreeMap::new());
    }

    pub fn next_seq(&self) -> u64 {
        self.lines.len() as u64 + 1
    }

    pub fn key(&self, seq: u64) -> EventKey {
        self.stream.at(seq)
    }

    /// Hears everything up to now.
    pub fn hear(&mut self, heads: &[Cursor], config: Config) {
        self.heard = heads.iter().map(|head| (head.shard, head.lsn)).collect();
        self.config = config;
    }

    fn label(&self, what: &str) -> SaleId {
        let place = self.key(self.next_seq());
        let digest = Hash::of(format!("{what}:{place}").as_bytes()).0;
        SaleId::from(std::array::from_fn::<u8, 16, _>(|i| digest[i]))
    }

    fn receipt_no(&self) -> String {
        format!("{:02}-261121-{:04}", self.stream.terminal.0, self.next_seq())
    }

    fn append(&mut self, now: Now, id: SaleId, about: About, fact: Fact) -> Event {
        let next = std::mem::take(&mut self.next);
        let id = next.id.unwrap_or(id);
        if let Some((verdict, code)) = next.prior {
            let seq = self.next_seq();
            self.priors.insert(seq, Prior { seq, verdict, code });
        }
        let basis = about
            .looked_at
            .iter()
            .map(|shard| Basis { shard: *shard, lsn: self.heard.get(shard).copied().unwrap_or(0) });
        let wall = now.wall.unwrap_or(now.true_time);
        let head = Head {
            v: ENVELOPE_VERSION,
            terminal: self.stream.terminal,
            epoch: self.stream.epoch,
            seq: self.next_seq(),
            prev: self.lines.last().map_or_else(|| genesis(self.stream), |line| line.hash),
            id: id.0,
            kind_ver: 1,
            class: if fact.is_request() { Class::Request } else { Class::Fact },
            anchor: about.anchor,
            biz_date: BusinessDay::at(now.true_time, Zone::CHINA),
            late_of: None,
            clocks: Clocks {
                t_wall: wall,
                t_mono_ms: now.true_time.since(now.begin).unsigned_abs(),
                boot: Boot(u64::from(self.stream.terminal.0)),
                hq_off_ms: now.wall.is_none().then_some(0),
                hq_unc_ms: now.wall.is_none().then_some(50),
            },
            mode: about.mode,
            known: Known { bundle: Some(next.bundle.unwrap_or(self.config.bundle)), basis: basis.collect() },
            legs: fact.legs(),
            pii_commit: None,
        };
        let event = Event { head, fact };
        self.lines.push(event.seal());
        event
    }

    pub fn sale(
        &mut self,
        now: Now,
        short: &ShortSale,
        (offs, grants): (&Given, &Grants),
        offline: bool,
    ) -> Event {
        let mut sale = self.sold(short, offs);
        sale.spending.grants = short.grants.iter().map(|name| grants[name].clone()).collect();
        sale.spending.unanswered = short.unanswered.iter().map(|name| auth_id(name)).collect();
        let member = short.member.as_deref().map(member_id);
        let anchor = member.map_or(Anchor::terminal(self.stream.terminal), Anchor::from);
        let spends = short.spend > 0 || short.stored_fen > 0 || !short.coupons.is_empty();
        let mode = match (spends, offline) {
            (false, _) => SpendMode::None,
            (true, true) => SpendMode::StandIn,
            (true, false) => SpendMode::Online,
        };
        let owners = short.coupons.iter().filter_map(|c| offs.coupons.get(c)).map(|c| member_id(&c.member));
        let mut looked_at: Vec<Shard> =
            owners.chain(member).map(|owner| Anchor::from(owner).shard()).collect();
        looked_at.sort_unstable();
        looked_at.dedup();
        let id = sale.sale_id;
        self.append(now, id, About { anchor, looked_at, mode }, Fact::Sale(sale))
    }

    fn sold(&self, short: &ShortSale, offs: &Given) -> Sale {
        let coupons: Vec<CouponUse> = short
            .coupons
            .iter()
            .map(|handle| CouponUse {
                coupon_id: coupon_id(handle),
                value_fen: Fen(offs.coupons.get(handle).map_or(1_500, |c| c.off_fen)),
            })
            .collect();
        let programme = &self.config.programme;
        let redeem_value_fen = programme.worth(Points(short.spend));
        let goods = Fen(short.goods_fen.iter().sum());
        let off = redeem_value_fen.plus(coupons.iter().map(|c| c.value_fen).sum());
        let total_fen = goods.minus(off);
        let of_start = short.member.as_ref().and_then(|handle| offs.members.get(handle));
        let of_start = of_start.map_or("basic", |member| member.tier.as_str());
        let tier = short.tier.as_deref().unwrap_or(of_start);
        let earned = programme.earns(total_fen, tier);
        let none = Points::ZERO;
        let given = if short.member.is_some() || short.guest.is_some() { earned } else { none };
        let guest = short.guest.as_deref().map(|handle| Guest::Card { card_no: card(handle) });
        Sale {
            sale_id: self.label("sale"),
            receipt_no: self.receipt_no(),
            shift_no: 1,
            staff: "1001".into(),
            lines: lines(&short.goods_fen, off),
            list_total_fen: goods,
            total_fen,
            tenders: tenders(total_fen, Fen(short.stored_fen)),
            change_fen: Fen::ZERO,
            member: short.member.as_deref().map(|handle| SaleMember {
                member_id: member_id(handle),
                presented: Presented::Scanned,
                tier: tier.into(),
            }),
            points_earned: short.earn.map_or(given, Points),
            points_redeemed: Points(short.spend),
            redeem_value_fen,
            coupons,
            programme_version: programme.version,
            spending: Spending { guest, ..Spending::default() },
        }
    }

    pub fn refund(&mut self, now: Now, short: &ShortRefund, of: &Event) -> Event {
        let Fact::Sale(sold) = &of.fact else { panic!("only a sale is given back") };
        let desk = RefundDesk {
            sale_id: self.label("refund"),
            receipt_no: self.receipt_no(),
            shift_no: 1,
            staff: "1001".into(),
            approved_by: "1002".into(),
            reason: "不想要了".into(),
        };
        let (key, hash) = (of.key(), of.seal().hash);
        let refund = match &short.lines[..] {
            [] => Refund::whole(sold, key, hash, desk),
            lines => {
                let before = self.given_back.entry(sold.sale_id).or_default();
                let back: Vec<_> = lines.iter().map(|(n, qty)| (*n, Milli(qty * 1000))).collect();
                let refund = Refund::of_lines(sold, (key, hash), before, &back, desk);
                for line in &refund.lines {
                    before.add(line.n, Part { qty_milli: line.qty_milli, amount_fen: line.amount_fen });
                }
                refund
            }
        };
        let about = About { anchor: of.head.anchor, looked_at: Vec::new(), mode: SpendMode::None };
        self.append(now, refund.sale_id, about, Fact::Refund(refund))
    }

    pub fn ask(&mut self, now: Now, short: &ShortAsk) -> Event {
        let (from, to) = (member_id(&short.from), member_id(&short.to));
        let ask = MergeAsk { from, to, staff: "1001".into() };
        let about = About { anchor: from.into(), looked_at: Vec::new(), mode: SpendMode::None };
        self.append(now, self.label("ask"), about, Fact::MergeAsk(ask))
    }

    pub fn edit(&mut self, now: Now, short: &ShortEdit) -> Event {
        let member = member_id(&short.member);
        let edits = vec![FieldEdit {
            field: short.field,
            basis_ver: short.saw,
            value: short.value.clone(),
            proven: false,
        }];
        let wish = MemberEdit { member_id: member, staff: "1001".into(), edits };
        let about = About { anchor: member.into(), looked_at: Vec::new(), mode: SpendMode::None };
        self.append(now, self.label("edit"), about, Fact::MemberEdit(wish))
    }

    /// Wraps an event that headquarters could not continue.
    pub fn recover(&mut self, now: Now, of: &Event) -> Event {
        let sealed = of.seal();
        let recovered = Recovered {
            orig_epoch: of.head.epoch,
            orig_seq: of.head.seq,
            orig_hash: sealed.hash,
            orig_line: sealed.line,
        };
        let about = About { anchor: of.head.anchor, looked_at: Vec::new(), mode: of.head.mode };
        self.append(now, self.label("recovered"), about, Fact::Recovered(recovered))
    }

    pub fn join(&mut self, now: Now, short: &ShortJoin) -> Event {
        let member = member_id(&short.member);
        let join = MemberNew {
            member_id: member,
            card_no: card(&short.member),
            phone_hash: phone(short.phone.as_deref().unwrap_or(&short.member)),
            phone_mask: "199****0000".into(),
            name_masked: mask_name(&short.name),
            home_store: self.store.as_str().into(),
            staff: "1001".into(),
            consent_version: 1,
        };
        let about = About { anchor: member.into(), looked_at: Vec::new(), mode: SpendMode::None };
        self.append(now, SaleId(member.0), about, Fact::MemberNew(join))
    }

    pub fn top_up(&mut self, now: Now, short: &ShortTopUp) -> Event {
        let member = member_id(&short.member);
        let paid = Fen(short.principal_fen);
        let top_up = TopUp {
            top_up_id: self.label("top_up"),
            receipt_no: self.receipt_no(),
            shift_no: 1,
            staff: "1001".into(),
            member_id: member,
            principal_fen: paid,
            bonus_fen: Fen(short.bonus_fen),
            tenders: vec![Tender { kind: TenderKind::Cash, amount_fen: paid }],
            change_fen: Fen::ZERO,
        };
        let about = About { anchor: member.into(), looked_at: Vec::new(), mode: SpendMode::None };
        self.append(now, top_up.top_up_id, about, Fact::TopUp(top_up))
    }
}

/// One line for each price; advantages shared in proportion, so that the shares add up.
fn lines(goods_fen: &[i64], off: Fen) -> Vec<SaleLine> {
    let whole: i64 = goods_fen.iter().sum();
    let mut before = 0;
    let line = |(n, fen): (usize, &i64)| {
        let part = |upto: i64| Fen(off.0 * upto / whole.max(1));
        let share_fen = part(before + fen).minus(part(before));
        before += fen;
        let price_fen = Fen(*fen);
        SaleLine {
            n: u16::try_from(n).unwrap(),
            sku: format!("10000{n}").as_str().into(),
            name: "大米".into(),
            barcode: "6921168509256".into(),
            unit: "袋".into(),
            weighed: false,
            price_fen,
            qty_milli: Milli::ONE,
            list_fen: price_fen,
            amount_fen: price_fen,
            share_fen,
        }
    };
    goods_fen.iter().enumerate().map(line).collect()
}

fn tenders(total: Fen, stored: Fen) -> Vec<Tender> {
    let rest = total.minus(stored);
    let parts = [(TenderKind::StoredValue, stored), (TenderKind::Cash, rest)];
    let paid = parts.into_iter().filter(|(_, amount)| *amount > Fen::ZERO);
    paid.map(|(kind, amount_fen)| Tender { kind, amount_fen }).collect()
}
