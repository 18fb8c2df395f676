//! Receipts to look at while a template is made: none of them is anybody's.

use hardware::receipt::doc::Doc;
use ledger::balance::Balance;
use ledger::id::{Epoch, EventKey, Hash, SaleId, TerminalId};
use ledger::money::Fen;
use ledger::points::Points;
use ledger::quantity::Milli;
use ledger::receipt::{MemberBlock, ReceiptCode};
use ledger::refund::{OriginalSale, Refund};
use ledger::sale::{CouponUse, Sale, SaleLine, Spending};
use ledger::tender::{Tender, TenderKind};
use ledger::time::{Timestamp, Zone};
use serde::Deserialize;

use crate::frame::{Letterhead, Stamp};
use crate::member::MemberSlip;
use crate::receipt::{SaleSlip, sale};
use crate::refund::{RefundSlip, refund};

/// 2026-01-21 14:26:05 in China.
const AT: Timestamp = Timestamp(1_768_976_765_000);
const NUMBER: &str = "02-260121-0047";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sample {
    Sale,
    /// With coupon, points spent, stored value and a card that was just given out.
    Member,
    Refund,
    /// Names that do not fit on a line.
    Long,
    /// Characters that a printer's own font lacks.
    Rare,
}

impl Sample {
    pub const ALL: [Sample; 5] = [Sample::Sale, Sample::Member, Sample::Refund, Sample::Long, Sample::Rare];
}

/// The sample as this letterhead and its template lay it out.
pub fn doc(sample: Sample, letterhead: &Letterhead) -> Doc {
    match sample {
        Sample::Refund => refunded(letterhead),
        other => sold(other, letterhead),
    }
}

fn stamp(cashier: &str) -> Stamp {
    Stamp { number: NUMBER.to_owned(), at: AT, zone: Zone::CHINA, cashier: cashier.to_owned() }
}

fn key(seq: u64) -> EventKey {
    EventKey { terminal: TerminalId(2), epoch: Epoch(1), seq }
}

fn code(seq: u64) -> ReceiptCode {
    ReceiptCode::of(key(seq), &Hash::of(b"a sample"))
}

fn sold(sample: Sample, letterhead: &Letterhead) -> Doc {
    let lines = lines(sample);
    let is_member = sample == Sample::Member;
    let made = fact(lines, is_member);
    sale(&SaleSlip {
        letterhead,
        stamp: stamp(if sample == Sample::Rare { "李䶮" } else { "李静" }),
        sale: &made,
        coupon_titles: vec!["满 100 减 15".to_owned()],
        member: match sample {
            Sample::Member => Some(member("王*梅", Some("8600000000017"))),
            Sample::Rare => Some(member("㐱*𬱖", None)),
            _ => None,
        },
        guest: None,
        code: code(47),
    })
}

type Goods = (&'static str, i64, i64);

/// Name, price in fen, quantity in thousandths.
fn lines(sample: Sample) -> Vec<SaleLine> {
    let goods: &[Goods] = match sample {
        Sample::Long => &[
            ("农夫山泉 饮用天然水 550ml×24 整箱装 家庭办公室聚会用 产地浙江千岛湖 水源地灌装", 4_800, 2_000),
            ("Häagen-Dazs Salted Caramel Ice Cream Limited Winter Edition 473ml", 12_990, 1_000),
            ("德芙丝滑牛奶巧克力", 850, 999_000),
        ],
        Sample::Rare => &[("鱻食堂 叁鮮𫚭魚", 2_600, 1_000), ("𠮷野家 牛肉飯 ™", 3_250, 2_000)],
        _ => &[
            ("农夫山泉 饮用天然水 550ml", 200, 6_000),
            ("伊利 纯牛奶 250ml×16", 6_290, 2_000),
            ("红富士苹果", 1_360, 1_235),
        ],
    };
    goods.iter().zip(1u16..).map(|(one, n)| line(n, *one)).collect()
}

fn line(n: u16, (name, price, milli): Goods) -> SaleLine {
    let list = Fen(price * milli / 1000);
    let weighed = milli % 1000 != 0;
    SaleLine {
        n,
        sku: format!("S{n}").as_str().into(),
        name: name.to_owned(),
        barcode: String::new(),
        unit: if weighed { "kg" } else { "件" }.to_owned(),
        weighed,
        price_fen: Fen(price),
        qty_milli: Milli(milli),
        list_fen: list,
        amount_fen: list,
        share_fen: Fen::ZERO,
    }
}

fn fact(mut lines: Vec<SaleLine>, is_member: bool) -> Sale {
    let list: Fen = lines.iter().map(|line| line.list_fen).sum();
    let (mut coupons, mut redeemed) = (Vec::new(), Points::ZERO);
    let mut off = Fen::ZERO;
    if is_member {
        lines[1].amount_fen = lines[1].list_fen.minus(Fen(1_420));
        coupons.push(CouponUse { coupon_id: [3; 16].into(), value_fen: Fen(1_500) });
        redeemed = Points(300);
        off = Fen(1_420 + 1_500 + 300);
    }
    let due = list.minus(off);
    let given = Fen((due.0 / 10_000 + 1) * 10_000);
    Sale {
        sale_id: SaleId::new(AT, [1; 10]),
        receipt_no: NUMBER.to_owned(),
        shift_no: 1,
        staff: "1001".into(),
        lines,
        list_total_fen: list,
        total_fen: due,
        tenders: vec![Tender { kind: TenderKind::Cash, amount_fen: given }],
        change_fen: given.minus(due),
        member: None,
        points_earned: Points(due.0 / 100),
        points_redeemed: redeemed,
        redeem_value_fen: if is_member { Fen(300) } else { Fen::ZERO },
        coupons,
        programme_version: 1,
        spending: Spending::default(),
    }
}

fn member(name_masked: &str, new_card: Option<&str>) -> MemberSlip {
    let at = AT.plus_ms(-6 * ledger::time::HOUR_MS);
    let balance = Balance { confirmed: Points(1_260), pending: Points::ZERO, confirmed_at: Some(at) };
    MemberSlip {
        block: MemberBlock::of(&balance, Points(-129), name_masked.to_owned(), "0017".to_owned()),
        moves: vec![("本单积分", Points(171)), ("使用积分", Points(-300))],
        stored: Some(Fen(32_000)),
        new_card: new_card.map(str::to_owned),
    }
}

fn refunded(letterhead: &Letterhead) -> Doc {
    let made = Refund {
        sale_id: SaleId::new(AT, [2; 10]),
        receipt_no: NUMBER.to_owned(),
        shift_no: 1,
        staff: "1001".into(),
        approved_by: "9001".into(),
        original: OriginalSale {
            key: key(12),
            hash: Hash::of(b"a sample"),
            sale_id: SaleId::new(AT, [1; 10]),
            receipt_no: "02-260121-0012".to_owned(),
            proof: None,
        },
        reason: "质量问题".to_owned(),
        lines: Vec::new(),
        total_fen: Fen(11_440),
        tenders: vec![Tender { kind: TenderKind::Cash, amount_fen: Fen(11_440) }],
        member_id: None,
        points_taken_back: Points(171),
        points_returned: Points(300),
        coupons: Vec::new(),
    };
    refund(&RefundSlip {
        letterhead,
        stamp: stamp("李静"),
        refund: &made,
        approved_by: "王店长".to_owned(),
        member: Some(MemberSlip {
            moves: vec![("收回积分", Points(-171)), ("退还积分", Points(300))],
            ..member("王*梅", None)
        }),
        code: code(48),
    })
}
