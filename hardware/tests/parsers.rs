//! Whatever comes from outside: no parser panics, none keeps more than it may, none lies about a check.
use hardware::{
    escpos::status::{QUESTIONS, Reply, ReplyReader},
    scan::{
        Code, ScaleLayout, ScaleRule, ScanContext, ScanRules, aim, card, classify, classify_with,
        ean_is_valid, examine,
        gs1::{self, Gs1Error, SEPARATOR},
        stripe::{self, Stripe},
    },
    scanner::{frame::Framer, hidpos::Reports},
    r#virtual::talker::{Talker, Trouble},
};
use proptest::prelude::*;

fn element_string(text: &str) -> Result<Vec<(String, String)>, Gs1Error> {
    let text = text.replace('|', &SEPARATOR.to_string());
    gs1::parse(&text).map(|all| all.into_iter().map(|one| (one.ai, one.data)).collect())
}

fn scale(rule: ScaleRule) -> ScanRules {
    ScanRules { scale: vec![rule], ..ScanRules::default() }
}

#[test]
fn element_strings_are_cut_at_fixed_lengths_and_separators() {
    let read = |text: &str| element_string(text).unwrap();
    let pair = |ai: &str, data: &str| (ai.to_owned(), data.to_owned());
    assert_eq!(
        read("010692116850925610L26|17270131"),
        [pair("01", "06921168509256"), pair("10", "L26"), pair("17", "270131")]
    );
    assert_eq!(read("|3103000754|3922998|")[0], pair("3103", "000754"));
    assert_eq!(element_string("0106921168509257"), Err(Gs1Error::CheckDigit));
    assert_eq!(element_string("17271331"), Err(Gs1Error::Date));
    assert_eq!(element_string("17270100").unwrap(), [pair("17", "270100")], "day 00: the end of the month");
    assert_eq!(element_string("0106921168"), Err(Gs1Error::Length));
    assert_eq!(element_string("5512"), Err(Gs1Error::UnknownIdentifier));
    assert_eq!(element_string("10中文"), Err(Gs1Error::Signs));
}

#[test]
fn a_gs1_label_is_goods_with_its_weight_and_amount() {
    let label = format!("]C1010692116850925631030007543922998{SEPARATOR}");
    let code = Code::Gs1 { gtin: "6921168509256".into(), weight_g: Some(754), amount_fen: Some(998) };
    assert_eq!(classify(&label, ScanContext::Selling), code);
    let link = classify("https://id.gs1.org/01/06921168509256/10/L26?17=270131&x=y", ScanContext::Selling);
    assert!(matches!(link, Code::Gs1 { ref gtin, weight_g: None, .. } if gtin == "6921168509256"));
    let cased = classify("]C10116921168509253", ScanContext::Selling);
    assert!(!matches!(cased, Code::Gs1 { .. }), "a case is not sold by the piece");
    assert!(matches!(classify("https://example.invalid/01", ScanContext::Selling), Code::Text { .. }));
}

#[test]
fn cards_are_members_and_bank_cards_go_nowhere() {
    let selling = |text: &str| classify(text, ScanContext::Selling);
    assert_eq!(selling(";8600000000017?"), Code::Member { code: "8600000000017".into() });
    assert_eq!(selling("；８６０００００００００１７？"), Code::Member { code: "8600000000017".into() });
    assert_eq!(selling("%B1234567^WANG^9912?;1234567=9912?"), Code::Member { code: "1234567".into() });
    for bank in [";6222020000000000=2512?", "%B4111111111111111^X^2512?", ";4111111111111111?"] {
        assert_eq!(selling(bank), Code::BankCard);
        assert!(!format!("{:?}", selling(bank)).contains("41111"));
    }
    assert_eq!(selling("0012345678"), Code::Proximity { digits: "0012345678".into() });
    let [read, reversed] = card::both_orders("0012345678").unwrap();
    assert_eq!((read.as_str(), reversed.as_str()), ("0012345678", "1315027968"));
    assert_eq!(card::both_orders(&reversed).unwrap()[1], read);
    assert!(matches!(selling("9999999999"), Code::Text { .. }), "more than four bytes");
}

#[test]
fn every_layout_of_a_scale_label_is_read_by_its_rule() {
    let digits = |body: &str| {
        let check = (0..10).find(|digit| ean_is_valid(&format!("{body}{digit}"))).unwrap();
        format!("{body}{check}")
    };
    let cases = [
        (ScaleLayout::Amount13, "220012301234", (Some(1234), None)),
        (ScaleLayout::Weight13, "220012301234", (None, Some(1234))),
        (ScaleLayout::AmountWeight18, "22001230123400456", (Some(1234), Some(456))),
        (ScaleLayout::WeightAmount18, "22001230045601234", (Some(1234), Some(456))),
        (ScaleLayout::WeightUnitPrice18, "22001230045601360", (None, Some(456))),
        (ScaleLayout::UnitPriceWeight18, "22001230136000456", (None, Some(456))),
    ];
    for (layout, body, (amount_fen, weight_g)) in cases {
        let rule = ScaleRule::new((22, 22), layout);
        let label = Code::ScaleLabel { plu: "00123".into(), amount_fen, weight_g };
        assert_eq!(classify_with(&scale(rule), &digits(body), ScanContext::Selling), label, "{layout:?}");
    }
    let jiao = ScaleRule { amount_unit_fen: 10, ..ScaleRule::new((22, 22), ScaleLayout::Amount13) };
    let label = Code::ScaleLabel { plu: "00123".into(), amount_fen: Some(12340), weight_g: None };
    assert_eq!(classify_with(&scale(jiao), &digits("220012301234"), ScanContext::Selling), label);
}

#[test]
fn a_chain_of_reports_without_end_is_thrown_away() {
    let mut reports = Reports::default();
    let mut report = [b'7'; 64];
    (report[0], report[1], report[63]) = (2, 56, 1);
    assert!((0..200).all(|_| reports.push(&report).is_none()));
    report[63] = 0;
    assert_eq!(reports.push(&report), None, "longer than any code");
    assert_eq!(reports.push(&report).map(|code| code.len()), Some(56));
}

proptest! {
    #[test]
    fn replies_never_panic_and_a_barrier_needs_its_answer(
        bytes in prop::collection::vec(any::<u8>(), 0..200), asked in 0_usize..9,
    ) {
        let mut reader = ReplyReader::default();
        (0..asked).for_each(|at| reader.asked(QUESTIONS[at % 4]));
        let replies = reader.push(&bytes);
        prop_assert!(replies.len() <= bytes.len());
        let numbered = replies.iter().filter(|reply| matches!(reply, Reply::ReachedProcess(_))).count();
        prop_assert!(numbered <= bytes.windows(2).filter(|two| *two == [0x37, 0x22]).count());
    }

    #[test]
    fn the_same_bytes_split_anywhere_are_the_same_replies(
        bytes in prop::collection::vec(any::<u8>(), 0..60), at in 0_usize..60,
    ) {
        let at = at.min(bytes.len());
        let (mut whole, mut split) = (ReplyReader::default(), ReplyReader::default());
        let mut parts = split.push(&bytes[..at]);
        parts.extend(split.push(&bytes[at..]));
        prop_assert_eq!(whole.push(&bytes), parts);
    }

    #[test]
    fn element_strings_never_panic_and_never_pass_a_wrong_gtin(text in "[0-9]{0,40}|\\PC{0,30}|01[0-9]{14}") {
        if let Ok(elements) = gs1::parse(&text) {
            for one in elements.iter().filter(|one| one.ai == "01") {
                prop_assert!(ean_is_valid(&one.data));
            }
            gs1::goods(&elements);
        }
        gs1::digital_link(&format!("https://x/{text}"));
    }

    #[test]
    fn what_is_written_as_elements_reads_back(
        lot in "[A-Z0-9]{1,20}", grams in 0_i64..1_000_000, day in 1_u8..29, month in 1_u8..13,
    ) {
        let text = format!("3103{grams:06}17{:02}{month:02}{day:02}10{lot}", 27);
        let elements = gs1::parse(&text).unwrap();
        prop_assert_eq!(elements.len(), 3);
        prop_assert_eq!(&elements[2].data, &lot);
    }

    #[test]
    fn stripes_never_panic_and_never_give_a_bank_card(text in "[;%][0-9A-Z=^]{0,40}\\?|\\PC{0,40}|;[0-9]{16,19}=[0-9]{4}\\?") {
        if let Some(Stripe::Card(number)) = stripe::read(&text) {
            let looks_like_one = (16..=19).contains(&number.len()) && text.contains('=');
            prop_assert!(!looks_like_one || !number.bytes().all(|byte| byte.is_ascii_digit()));
        }
    }

    #[test]
    fn identifiers_never_panic(text in "\\](\\PC|[A-Za-z0-9]){0,8}|\\PC{0,10}") {
        let (_, rest) = aim::split(&text);
        prop_assert!(text.ends_with(rest));
        examine(&ScanRules::default(), &text, ScanContext::Selling);
    }

    #[test]
    fn reports_and_frames_never_panic_and_stay_bounded(
        chunks in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..80), 0..80),
    ) {
        let (mut reports, mut framer) = (Reports::default(), Framer::default());
        for chunk in &chunks {
            prop_assert!(reports.push(chunk).is_none_or(|code| code.len() <= 3 * 4096 + 3));
            prop_assert!(framer.push(chunk).iter().all(|code| code.len() <= 3 * 4096));
        }
    }

    #[test]
    fn the_talking_printer_survives_any_bytes(
        bytes in prop::collection::vec(any::<u8>(), 0..300), paper_end in any::<bool>(),
    ) {
        let mut talker = Talker::with_paper_for(50);
        talker.push(&bytes);
        talker.set(Trouble { paper_end, ..Trouble::default() });
        let mut answers = [0; 16];
        while talker.answer(&mut answers) > 0 {}
        prop_assert!(talker.obeyed().len() <= bytes.len());
    }
}
