//! Prices add up, advantages never pay out more than there is, and a refund undoes a sale.

use ledger::catalogue::Item;
use ledger::coupon::{Benefit, Coupon, CouponRefusal, CouponState};
use ledger::id::{CouponId, Epoch, EventKey, Hash, MemberId, SaleId, TerminalId};
use ledger::money::Fen;
use ledger::points::Points;
use ledger::posting::Leg;
use ledger::pricing::{Basket, Buyer, CartLine, price};
use ledger::programme::{BurnRule, OfflineRule, Programme};
use ledger::quantity::Milli;
use ledger::refund::{Refund, RefundDesk};
use ledger::sale::{CouponUse, Presented, Sale, SaleLine, SaleMember};
use ledger::shift::Totals;
use ledger::tender::{Tender, TenderKind};
use ledger::tier::Tier;
use ledger::time::{BusinessDay, Timestamp};
use proptest::prelude::*;

fn programme() -> Programme {
    Programme {
        version: 3,
        name: "积分".into(),
        tiers: vec![Tier {
            code: "gold".into(), name: "黄金".into(), earn_permille: 1500, earned_min: None
        }],
        earn_fen_per_point: 100,
        burn: BurnRule { points_per_yuan: 100, share_max_permille: 500, points_min: Points(100) },
        offline: OfflineRule { points_max: Points(5000), in_a_row_max: 2, ..OfflineRule::default() },
        balance: ledger::programme::BalanceRule::default(),
    }
}

fn day() -> BusinessDay {
    "2026-11-21".parse().unwrap()
}

fn line(price_fen: i64, member_price_fen: Option<i64>, qty_milli: i64) -> CartLine {
    let item = Item {
        sku: "1".into(),
        barcodes: vec!["6921168509256".into()],
        name: "水".into(),
        unit: "瓶".into(),
        price_fen: Fen(price_fen),
        member_price_fen: member_price_fen.map(Fen),
        plu: None,
        category: String::new(),
    };
    CartLine { item, barcode: "6921168509256".into(), qty: Milli(qty_milli), label_amount: None }
}

fn member() -> MemberId {
    MemberId::new(Timestamp(1), [1; 10])
}

fn coupon(n: u8, off_fen: i64, threshold_fen: i64) -> Coupon {
    Coupon {
        id: CouponId::new(Timestamp(2), [n; 10]),
        code: format!("CP000000000{n}"),
        member: member(),
        title: "满减".into(),
        benefit: Benefit::Off { off_fen: Fen(off_fen) },
        threshold_fen: Fen(threshold_fen),
        starts_on: day().plus_days(-5),
        ends_on: day(),
        home_store: "S001".into(),
        state: CouponState::Open,
    }
}

fn buyer() -> Buyer {
    Buyer { member: member(), tier: "gold".into() }
}

#[test]
fn member_price_then_coupon_then_points() {
    let (lines, coupons, programme, buyer) =
        (vec![line(6000, Some(5500), 2000)], vec![coupon(1, 1500, 10_000)], programme(), buyer());
    let basket = Basket {
        lines: &lines,
        buyer: Some(&buyer),
        coupons: &coupons,
        redeem: Points(500),
        day: day(),
        programme: &programme,
    };
    let priced = price(basket);
    assert_eq!((priced.list_total, priced.goods_total), (Fen(12_000), Fen(11_000)));
    assert_eq!((priced.redeemed, priced.redeem_value, priced.due), (Points(500), Fen(500), Fen(9_000)));
    assert_eq!(priced.earned, Points(135), "90 yuan at one and a half");
}

#[test]
fn a_coupon_is_refused_with_the_first_reason_that_holds() {
    let base = coupon(1, 1500, 10_000);
    let someone_else = MemberId::new(Timestamp(1), [9; 10]);
    for (coupon, who, amount, on, want) in [
        (
            Coupon { state: CouponState::Used, ..base.clone() },
            Some(member()),
            20_000,
            day(),
            Err(CouponRefusal::Used),
        ),
        (base.clone(), Some(someone_else), 20_000, day(), Err(CouponRefusal::OtherMember)),
        (base.clone(), None, 20_000, day(), Err(CouponRefusal::OtherMember)),
        (
            base.clone(),
            Some(member()),
            20_000,
            day().plus_days(1),
            Err(CouponRefusal::Expired { ended_on: day() }),
        ),
        (base.clone(), Some(member()), 9_999, day(), Err(CouponRefusal::BelowThreshold { missing: Fen(1) })),
        (base.clone(), Some(member()), 10_000, day(), Ok(Fen(1500))),
    ] {
        assert_eq!(coupon.value(who, Fen(amount), on), want);
    }
}

fn sale_of(lines: &[CartLine], coupons: &[Coupon], redeem: i64) -> Sale {
    let (programme, buyer) = (programme(), buyer());
    let priced = price(Basket {
        lines,
        buyer: Some(&buyer),
        coupons,
        redeem: Points(redeem),
        day: day(),
        programme: &programme,
    });
    let lines = lines.iter().zip(&priced.lines).enumerate().map(|(n, (line, price))| SaleLine {
        n: n as u16,
        sku: line.item.sku.clone(),
        name: line.item.name.clone(),
        barcode: line.barcode.clone(),
        unit: line.item.unit.clone(),
        weighed: false,
        price_fen: line.item.price_fen,
        qty_milli: line.qty,
        list_fen: price.list,
        amount_fen: price.amount,
        share_fen: price.share,
    });
    Sale {
        sale_id: SaleId::new(Timestamp(3), [3; 10]),
        receipt_no: "01-261121-0001".into(),
        shift_no: 1,
        staff: "1001".into(),
        lines: lines.collect(),
        list_total_fen: priced.list_total,
        total_fen: priced.due,
        tenders: vec![Tender { kind: TenderKind::Cash, amount_fen: priced.due.plus(Fen(37)) }],
        change_fen: Fen(37),
        member: Some(SaleMember { member_id: member(), presented: Presented::Scanned, tier: "gold".into() }),
        points_earned: priced.earned,
        points_redeemed: priced.redeemed,
        redeem_value_fen: priced.redeem_value,
        coupons: priced
            .coupons
            .iter()
            .map(|(coupon_id, value_fen)| CouponUse { coupon_id: *coupon_id, value_fen: *value_fen })
            .collect(),
        programme_version: 3,
        spending: ledger::sale::Spending::default(),
    }
}

fn any_lines() -> impl Strategy<Value = Vec<CartLine>> {
    prop::collection::vec((1i64..50_000, prop::option::of(1i64..50_000), 1i64..20_000), 1..30).prop_map(
        |lines| lines.into_iter().map(|(price, member_price, qty)| line(price, member_price, qty)).collect(),
    )
}

proptest! {
    #[test]
    fn every_priced_cart_is_a_sale_without_a_flaw(lines in any_lines(), redeem in 0i64..100_000, off in 0i64..30_000) {
        let sale = sale_of(&lines, &[coupon(1, off, 100)], redeem);
        prop_assert_eq!(sale.flaw(), None);
        prop_assert!(sale.total_fen >= Fen::ZERO);
        prop_assert!(sale.points_redeemed.0 <= redeem);
        prop_assert!(sale.lines.iter().all(|l| l.share_fen <= l.amount_fen), "no line is sold below nothing");
    }

    #[test]
    fn a_sale_and_its_whole_refund_change_nothing(lines in any_lines(), redeem in 0i64..100_000, off in 0i64..30_000) {
        let sale = sale_of(&lines, &[coupon(1, off, 100)], redeem);
        let key = EventKey { terminal: TerminalId(1), epoch: Epoch(1), seq: 1 };
        let desk = RefundDesk {
            sale_id: SaleId::new(Timestamp(4), [4; 10]), receipt_no: "01-261121-0002".into(), shift_no: 1,
            staff: "1001".into(), approved_by: "1002".into(), reason: "不想要".into(),
        };
        let refund = Refund::whole(&sale, key, Hash::ZERO, desk);
        prop_assert_eq!(refund.flaw(), None);

        let mut sums = std::collections::BTreeMap::new();
        for Leg { account, unit, delta, .. } in sale.legs().into_iter().chain(refund.legs()) {
            *sums.entry((account, unit)).or_insert(0i64) += delta;
        }
        prop_assert!(sums.values().all(|sum| *sum == 0), "{sums:?}");

        let mut totals = Totals::default();
        totals.add_sale(&sale);
        totals.add_refund(&refund);
        prop_assert_eq!(totals.total_fen, Fen::ZERO);
        prop_assert_eq!(totals.cash_expected(), Fen::ZERO);
        prop_assert_eq!((totals.points_earned, totals.points_redeemed), (Points::ZERO, Points::ZERO));
    }
}
