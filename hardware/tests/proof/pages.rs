//! The test page: what the printer answers is found out, what the cashier sees becomes its settings.
use hardware::{
    escpos::{
        profile::{PaperSize, Profile, TextMode},
        test_page::{COUNTED_LINES, SAMPLES, SECTIONS, Seen, learn, test_page},
        text::needs_raster,
    },
    queue::SelfTest,
    state::{Confirm, StatusBack},
    transport::{
        fault::{FaultPlan, Faulty},
        tcp::TcpConnector,
    },
    r#virtual::{interpret, talker::Talker},
};

use crate::rig::{Book, Device, Event, Memory, limits, profile, start};

fn page(paper: PaperSize) -> Vec<u8> {
    test_page("前台打印机", "tcp://10.0.0.8:9100", &Profile::of(paper))
}

#[test]
fn the_page_shows_ten_lines_in_each_encoding_a_ruler_and_every_number() {
    assert!(SAMPLES.iter().all(|line| !needs_raster(line)), "GBK has all of it: no code of four bytes");
    for paper in PaperSize::ALL {
        let printed = interpret(&page(paper), paper.columns());
        assert_eq!(printed.pulses.len(), 0);
        assert_eq!(printed.cuts.len(), 1);
        assert_eq!(printed.complaints, Vec::<String>::new());
        let shows = |text: String| printed.text.iter().filter(|line| line.starts_with(&text)).count();
        for (at, sample) in SAMPLES.iter().enumerate() {
            // As GB 18030, GBK and UTF-8; the fourth is a picture.
            for section in 0..3 {
                assert_eq!(shows(format!("{:2} {sample}", section * 10 + at + 1)), 1, "{sample}");
            }
        }
        assert_eq!(printed.text.iter().filter(|line| line.starts_with("[图")).count(), 2 + SAMPLES.len());
        for number in 1..=COUNTED_LINES {
            assert_eq!(shows(format!("{number:02}2345")), 1, "{number}");
        }
    }
}

#[test]
fn what_was_seen_becomes_the_printers_settings() {
    let before = Profile::of(PaperSize::Mm80);
    let seen =
        |readable_line, ruler, is_complete| learn(&before, &Seen { readable_line, ruler, is_complete });
    let good = seen(Some(13), Some(48), true);
    assert_eq!((good.text, good.columns, good.pace_bps), (TextMode::Gbk, 48, None));
    assert_eq!(seen(Some(1), None, true).text, TextMode::Gbk, "GB 18030 has the same codes of two bytes");
    let narrow = seen(Some(25), Some(32), false);
    assert_eq!((narrow.text, narrow.columns, narrow.pace_bps), (TextMode::Utf8, 32, Some(960)));
    assert_eq!(seen(None, Some(99), true).text, TextMode::Raster);
    assert_eq!(SECTIONS.len() * SAMPLES.len(), 40);
}

fn tested(plan: FaultPlan) -> (Confirm, StatusBack) {
    let (_device, address) = Device::socket(Talker::default());
    let connector = Faulty::new(TcpConnector::new(&address.ip().to_string(), address.port()), plan);
    let rig = start(connector, profile(Confirm::None, StatusBack::None), limits(), &Book::default());
    rig.queue.test(SelfTest { page: page(PaperSize::Mm80) });
    let report = rig.wait_for(|event| match event {
        Event::Tested(report) => Some(report.clone()),
        _ => None,
    });
    assert!(rig.queue.stop());
    assert_eq!(report.error, None);
    (report.confirm, report.status)
}

#[test]
fn a_talking_printer_is_found_out_over_a_socket() {
    assert_eq!(tested(FaultPlan::default()), (Confirm::ProcessId, StatusBack::Eot));
}

#[test]
fn a_test_of_an_absent_printer_says_so_and_ends() {
    let plan = FaultPlan { busy_open: 1000, ..FaultPlan::default() };
    let rig = start(
        Faulty::new(Memory::default(), plan),
        profile(Confirm::None, StatusBack::None),
        limits(),
        &Book::default(),
    );
    rig.queue.test(SelfTest { page: page(PaperSize::Mm58) });
    let failed = rig.wait_for(|event| match event {
        Event::Tested(report) => Some(report.error.is_some()),
        _ => None,
    });
    assert!(failed);
    assert!(rig.queue.stop());
}
