//! Codes by their shape.
use hardware::scan::{
    Code, ScaleLayout, ScaleRule, ScanContext, ScanRules, Wallet, classify, classify_with, ean_is_valid,
    luhn_is_valid,
};
use proptest::prelude::*;

fn selling(raw: &str) -> Code {
    classify(raw, ScanContext::Selling)
}

fn scale(rule: ScaleRule) -> ScanRules {
    ScanRules { scale: vec![rule], ..ScanRules::default() }
}

#[test]
fn goods_are_told_by_their_check_digit() {
    let goods = |gtin: &str| Code::Goods { gtin: gtin.into() };
    assert_eq!(selling("6901234567892"), goods("6901234567892"));
    assert_eq!(selling("96385074"), goods("96385074"));
    assert_eq!(selling("036000291452"), goods("0036000291452"), "UPC-A is an EAN-13 with a 0");
    assert_eq!(selling("]E06901234567892\r"), goods("6901234567892"), "symbology identifier");
    assert_eq!(selling("６９０１２３４５６７８９２"), goods("6901234567892"), "full width");
    assert_eq!(selling("6901234567893"), Code::Unknown, "a misread is not goods");
}

#[test]
fn a_scale_label_gives_its_price_or_weight_by_the_rule_of_the_shop() {
    let label = |amount_fen, weight_g| Code::ScaleLabel { plu: "00123".into(), amount_fen, weight_g };
    assert_eq!(selling("2200123012340"), label(Some(1234), None));
    let weight = ScaleRule::new((22, 22), ScaleLayout::Weight13);
    assert_eq!(classify_with(&scale(weight), "2200123012340", ScanContext::Selling), label(None, Some(1234)));
}

#[test]
fn the_same_18_digits_are_goods_while_selling_and_money_while_paying() {
    let both = "260012301234004561";
    let rule = ScaleRule::new((26, 26), ScaleLayout::AmountWeight18);
    let sold = classify_with(&scale(rule), both, ScanContext::Selling);
    assert_eq!(sold, Code::ScaleLabel { plu: "00123".into(), amount_fen: Some(1234), weight_g: Some(456) });
    let paid = classify_with(&scale(rule), both, ScanContext::Paying);
    assert!(matches!(paid, Code::Payment { wallet: Wallet::Alipay, .. }));
}

#[test]
fn a_payment_code_counts_only_while_paying_and_never_shows() {
    let code = "134567890123456789";
    assert_eq!(selling(code), Code::PaymentTooEarly);
    assert_eq!(classify(code, ScanContext::AnyOther), Code::PaymentTooEarly);
    let paying = classify(code, ScanContext::Paying);
    assert!(matches!(&paying, Code::Payment { wallet: Wallet::WeChat, code: c } if c.expose() == code));
    assert!(!format!("{paying:?}").contains("3456"));
}

#[test]
fn members_coupons_receipts_and_staff_are_told_by_their_marker() {
    assert_eq!(selling("MB1:00000077"), Code::Member { code: "00000077".into() });
    assert_eq!(selling("mb1:77"), Code::Member { code: "77".into() }, "Caps Lock");
    assert_eq!(selling("MB2.aGk-_.c2ln"), Code::MemberToken { token: "MB2.aGk-_.c2ln".into() });
    assert_eq!(selling("8600123456781"), Code::Member { code: "8600123456781".into() });
    assert_eq!(selling("cp0123456789"), Code::Coupon { code: "CP0123456789".into() });
    assert_eq!(selling("CPabcdefghjo"), Code::Coupon { code: "CPABCDEFGHJ0".into() });
    assert_eq!(selling("ST1001"), Code::Staff { code: "1001".into() });
    let receipt = Code::Receipt { terminal: 3, epoch: 0x1a2b, seq: 128, check: "9f86d081".into() };
    assert_eq!(selling("SP1:3:1a2b:128:9F86D081"), receipt);
}

#[test]
fn broken_markers_are_searched_for_or_unknown_but_never_taken() {
    for raw in ["MB2.a.b.c", "CP012345678", "SP1:3:xyz:1:9f86d081", "SP1:3:1a:1:9f86", "STabc", "北冰洋 汽水"]
    {
        assert!(matches!(selling(raw), Code::Text { .. }), "{raw}");
    }
    for raw in ["", "  \r\n", ";6222020000000000=2512", "6222021234567890123", "---"] {
        assert_eq!(selling(raw), Code::Unknown, "{raw}");
    }
}

#[test]
fn typed_digits_are_a_phone_its_end_or_a_search() {
    assert_eq!(selling("13800138000"), Code::Phone { digits: "13800138000".into() });
    assert_eq!(selling("8000"), Code::Last4 { digits: "8000".into() });
    assert_eq!(selling("123"), Code::Text { query: "123".into() });
    assert!(!format!("{:?}", selling("13800138000")).contains("138"));
}

proptest! {
    #[test]
    fn no_input_panics_and_no_secret_shows(raw in "\\PC{0,40}|[0-9]{1,24}|(MB|CP|SP1:|ST|\\]).{0,30}") {
        for context in [ScanContext::Selling, ScanContext::Paying, ScanContext::AnyOther] {
            let code = classify(&raw, context);
            let secret = matches!(code, Code::Payment { .. } | Code::Phone { .. } | Code::MemberToken { .. });
            let shown = format!("{code:?}");
            prop_assert!(!secret || !shown.contains(raw.trim()));
        }
    }

    #[test]
    fn exactly_one_last_digit_is_right(body in "[0-9]{7,17}") {
        let fits = |check: fn(&str) -> bool| (0..10).filter(|digit| check(&format!("{body}{digit}"))).count();
        prop_assert_eq!(fits(ean_is_valid), 1);
        prop_assert_eq!(fits(luhn_is_valid), 1);
    }

    #[test]
    fn one_wrong_digit_is_always_noticed(body in "[0-9]{12}", at in 0_usize..13, add in 1_u32..10) {
        let check = (0..10).find(|digit| ean_is_valid(&format!("{body}{digit}"))).unwrap();
        let mut digits: Vec<u32> = format!("{body}{check}").chars().filter_map(|c| c.to_digit(10)).collect();
        digits[at] = (digits[at] + add) % 10;
        let changed: String = digits.iter().map(ToString::to_string).collect();
        prop_assert!(!ean_is_valid(&changed));
    }
}
