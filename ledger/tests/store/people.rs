//! Members and goods: found as a cashier types, loaded a million at a time.

use ledger::catalogue::Item;
use ledger::id::Hash;
use ledger::member::{Member, MemberState};
use ledger::money::Fen;
use ledger::points::Points;
use ledger::posting::{Account, Unit};
use ledger::quota::Quota;
use ledger::store::programme::Bundle;
use ledger::store::snapshot::{CHUNK_ROWS, Load, LoadRow};
use ledger::store::{Ledger, StoreError, accounts, catalogue, coupons, journal, members, programme};

use crate::shop::{NOW, Shop, basket, check_out, coupon, member, member_id};

fn people() -> (Shop, Ledger) {
    let shop = Shop::new();
    let ledger = shop.enrolled();
    let names = [(12, "王小梅"), (1234, "王大力"), (9934, "欧阳修文"), (5, "Anna Wang")];
    ledger.write(|tx| names.iter().try_for_each(|(n, name)| members::put(tx, &member(*n, name)))).unwrap();
    (shop, ledger)
}

fn found(ledger: &Ledger, query: &str, limit: usize) -> Vec<String> {
    ledger.read(|r| members::search(r, query, limit)).unwrap().into_iter().map(|m| m.name).collect()
}

#[test]
fn a_member_is_found_by_card_by_phone_and_by_id() {
    let (_shop, ledger) = people();
    let wang = member(12, "王小梅");
    ledger
        .read(|r| {
            assert_eq!(members::by_card(r, &wang.card_no)?, Some(wang.clone()));
            assert_eq!(members::by_phone_hash(r, &wang.phone_hash)?, Some(wang.clone()));
            assert_eq!(members::by_id(r, wang.id)?, Some(wang.clone()));
            assert_eq!(members::by_card(r, "8600000000000")?, None);
            assert_eq!(members::by_phone_hash(r, &Hash::ZERO)?, None);
            assert_eq!(members::count(r)?, 4);
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_member_is_found_as_typed() {
    let (_shop, ledger) = people();
    for (query, want) in [
        ("1234", vec!["王大力"]),
        ("99", vec!["欧阳修文"]),
        ("wxm", vec!["王小梅"]),
        ("wangxiao", vec!["王小梅"]),
        ("Wang Da", vec!["王大力"]),
        ("王小", vec!["王小梅"]),
        ("anna", vec!["Anna Wang"]),
        ("w%", vec![]),
        ("", vec![]),
        ("李", vec![]),
    ] {
        assert_eq!(found(&ledger, query, 10), want, "{query:?}");
    }
    assert_eq!(found(&ledger, "王", 1).len(), 1);
}

#[test]
fn merged_members_are_found_as_the_one_they_became() {
    let (_shop, ledger) = people();
    let (old, new) = (member(12, "王小梅"), member(1234, "王大力"));
    ledger.write(|tx| members::alias(tx, old.id, new.id)).unwrap();
    ledger
        .read(|r| {
            assert_eq!(members::by_card(r, &old.card_no)?, Some(new.clone()));
            assert_eq!(members::by_id(r, old.id)?, Some(new.clone()));
            Ok(())
        })
        .unwrap();
    assert_eq!(found(&ledger, "wxm", 10), Vec::<String>::new());
    ledger.write(|tx| members::alias(tx, new.id, old.id)).unwrap();
    assert_eq!(ledger.read(|r| members::by_id(r, old.id)).unwrap(), None, "a circle ends");
}

#[test]
fn an_erased_member_is_not_found_by_phone_or_name() {
    let (_shop, ledger) = people();
    let gone = Member { state: MemberState::Erased, ..member(12, "王小梅") };
    ledger.write(|tx| members::put(tx, &gone)).unwrap();
    assert_eq!(ledger.read(|r| members::by_phone_hash(r, &gone.phone_hash)).unwrap(), None);
    assert_eq!(found(&ledger, "wxm", 10), Vec::<String>::new());
}

fn row(n: u32, points: i64) -> LoadRow {
    LoadRow::Member { member: member(n, "张三"), points: Points(points), quota: Points(points / 2) }
}

#[test]
fn a_snapshot_replaces_what_hq_said_and_keeps_what_is_the_tills_own() {
    let (_shop, ledger) = people();
    let joined = Member { state: MemberState::Provisional, ..member(77, "新会员") };
    ledger.write(|tx| members::put(tx, &joined)).unwrap();
    let (_, sale) = check_out(&ledger, basket(2).by(member_id(12)));

    for round in 0..2 {
        let mut load = Load::begin(&ledger, NOW).unwrap();
        load.rows(&[row(12, 100), row(13, 200), LoadRow::Coupon(coupon(1, member_id(13)))]).unwrap();
        let now_in_use = ledger.read(|r| members::by_id(r, member_id(1234))).unwrap().is_some();
        assert_eq!(now_in_use, round == 0, "until the swap the rows in use are the old ones");
        load.finish(|tx| programme::put(tx, &Bundle { version: round, body: "{}".to_owned() })).unwrap();
    }
    ledger
        .read(|r| {
            assert_eq!(members::count(r)?, 3);
            assert_eq!(members::by_id(r, joined.id)?, Some(joined.clone()));
            let balance = accounts::balance(r, &Account::Member(member_id(12)), Unit::Points)?;
            assert_eq!((balance.confirmed, balance.pending), (Points(100), sale.points_earned));
            assert_eq!(accounts::quota(r, member_id(13))?, Quota { points: Points(100), ..Quota::default() });
            assert_eq!(coupons::of_member(r, member_id(13))?.len(), 1);
            assert_eq!(journal::counts(r)?.unreceived, 1);
            assert_eq!(programme::version(r)?, 1);
            Ok(())
        })
        .unwrap();
    assert_eq!(found(&ledger, "zhang", 10).len(), 2);
}

#[test]
fn a_snapshot_that_is_given_up_changes_nothing() {
    let (_shop, ledger) = people();
    let mut load = Load::begin(&ledger, NOW).unwrap();
    load.rows(&[row(12, 100)]).unwrap();
    drop(load);
    let mut load = Load::begin(&ledger, NOW).unwrap();
    load.rows(&[row(12, 100), row(12, 100)]).unwrap();
    assert!(matches!(load.finish(|_| Ok(())), Err(StoreError::Duplicate(_))));
    assert_eq!(ledger.read(members::count).unwrap(), 4);
}

#[test]
fn a_snapshot_longer_than_a_chunk_is_loaded_whole() {
    let shop = Shop::new();
    let ledger = shop.enrolled();
    let many = CHUNK_ROWS as u32 + 10;
    let rows: Vec<LoadRow> = (0..many).map(|n| row(n, 1)).collect();
    let mut load = Load::begin(&ledger, NOW).unwrap();
    load.rows(&rows).unwrap();
    load.finish(|_| Ok(())).unwrap();
    assert_eq!(ledger.read(members::count).unwrap(), u64::from(many));
    assert_eq!(found(&ledger, "zs", 20).len(), 20);
}

fn item(sku: &str, barcode: &str, name: &str, plu: Option<u32>) -> Item {
    Item {
        sku: sku.into(),
        barcodes: vec![barcode.to_owned()],
        name: name.to_owned(),
        unit: "件".to_owned(),
        price_fen: Fen(500),
        member_price_fen: None,
        plu,
        category: String::new(),
    }
}

#[test]
fn goods_are_found_by_barcode_by_scale_label_and_as_typed() {
    let shop = Shop::new();
    let ledger = shop.enrolled();
    let (water, apple) =
        (item("1", "6921168509256", "矿泉水", None), item("2", "2000000000008", "苹果", Some(31)));
    let old = item("9", "6900000000000", "下架", None);
    ledger.write(|tx| catalogue::replace(tx, &[old])).unwrap();
    ledger.write(|tx| catalogue::replace(tx, &[water.clone(), apple.clone()])).unwrap();
    ledger
        .read(|r| {
            assert_eq!(catalogue::by_barcode(r, "6921168509256")?, Some(water.clone()));
            assert_eq!(catalogue::by_barcode(r, "6900000000000")?, None);
            assert_eq!(catalogue::by_plu(r, 31)?, Some(apple.clone()));
            assert_eq!(catalogue::by_sku(r, &"2".into())?, Some(apple.clone()));
            for query in ["苹", "pg", "ping guo"] {
                assert_eq!(catalogue::search(r, query, 5)?, std::slice::from_ref(&apple), "{query}");
            }
            assert_eq!(catalogue::count(r)?, 2);
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_newer_configuration_takes_the_place_of_the_older() {
    let shop = Shop::new();
    let ledger = shop.open().ledger;
    assert_eq!(ledger.read(programme::version).unwrap(), 0);
    for version in [1, 2] {
        let bundle = Bundle { version, body: format!("{{\"v\":{version}}}") };
        ledger.write(|tx| programme::put(tx, &bundle)).unwrap();
        assert_eq!(ledger.read(programme::current).unwrap(), Some(bundle));
    }
}
