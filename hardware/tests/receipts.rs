//! Golden receipts: the text on the paper and the hash of the bytes, per paper width.
//!
//! `UPDATE_GOLDEN=1 cargo test -p hardware --test receipts` writes them anew and leaves the
//! pictures beside the build.
use std::{env, fs, path::PathBuf};

use hardware::{
    escpos::profile::{PaperSize, Profile},
    receipt::{
        doc::{Block, Cell, Doc},
        preview::preview,
        render::render,
    },
    r#virtual::interpret,
};

fn goods(doc: &mut Doc, name: &str, price: &str, count: &str, amount: &str) {
    doc.push(Block::text(name));
    doc.push(Block::row(vec![
        Cell::rest(format!("  {price}")),
        Cell::right(count, 8),
        Cell::right(amount, 12),
    ]));
}

fn head(doc: &mut Doc, kind: &str) {
    doc.extend([
        Block::title("算盘便利"),
        Block::centred("人民路店 · 欢迎光临"),
        Block::Feed { lines: 1 },
        Block::columns(kind, "0003-00000128"),
        Block::text("2026-11-22 14:05:31  收银 李梅"),
        Block::Rule,
        Block::Row {
            cells: vec![Cell::rest("品名/单价"), Cell::right("数量", 8), Cell::right("金额", 12)],
            bold: true,
        },
        Block::Rule,
    ]);
}

fn sale() -> Doc {
    let mut doc = Doc::new();
    head(&mut doc, "小票");
    goods(&mut doc, "农夫山泉 饮用天然水 550ml", "2.00", "2", "4.00");
    goods(&mut doc, "伊利 金典纯牛奶 250ml×12 有机高端礼盒装(整箱)", "65.90", "1", "65.90");
    goods(&mut doc, "散装 红富士苹果", "11.96/kg", "0.754kg", "9.02");
    doc.extend([
        Block::Rule,
        Block::columns("共 4 件", "合计 78.92"),
        Block::columns("优惠券 CP…7K", "-5.00"),
        Block::columns("积分抵扣 200 分", "-2.00"),
        Block::total("应付", "¥71.92"),
        Block::columns("现金", "¥100.00"),
        Block::columns("找零", "¥28.08"),
        Block::Rule,
        Block::columns("会员 王*明", "138****1234"),
        Block::columns("本单积分", "+35  -200"),
        Block::text("余额 1,260(总部 14:02 确认)+ 本单 35(待确认)"),
        Block::Feed { lines: 1 },
        Block::Qr { data: "SP1:3:1a2b3c:128:9f86d081".into() },
        Block::centred("凭此码退换货"),
        Block::centred("谢谢惠顾,请保留小票"),
        Block::Cut,
    ]);
    doc
}

/// Its balance line fits on neither paper.
fn refund() -> Doc {
    let mut doc = Doc::new();
    head(&mut doc, "退货单");
    goods(&mut doc, "红富士苹果(脆甜,产地直发)", "13.60", "1", "13.60");
    doc.extend([
        Block::Rule,
        Block::columns("原单号", "0003-00000127"),
        Block::total("退款", "¥13.60"),
        Block::columns("收回积分", "-171"),
        Block::columns("退回积分", "+300"),
        Block::text("余额 1,260(总部 08:30 确认) - 此前 129(待确认) + 本单 129(待确认)"),
        Block::Cut,
    ]);
    doc
}

fn rare_name_copy() -> Doc {
    let mut doc = Doc::new();
    doc.push(Block::Text {
        text: "** 补打 第1次 11-22 14:20 **".into(),
        align: hardware::receipt::doc::Align::Centre,
        size: hardware::receipt::doc::Size::Normal,
        bold: true,
    });
    head(&mut doc, "小票");
    goods(&mut doc, "Häagen-Dazs™ 冰淇淋 草莓味 100ml", "39.00", "1", "39.00");
    doc.extend([
        Block::Rule,
        Block::total("应付", "¥39.00"),
        Block::columns("会员 㐱𬱖", "139****0001"),
        Block::Cut,
    ]);
    doc
}

fn day_report() -> Doc {
    let mut doc = Doc::new();
    doc.extend([
        Block::title("日结报表 Z"),
        Block::columns("营业日", "2026-11-22"),
        Block::columns("收银台 3", "班次 2"),
        Block::Rule,
        Block::columns("销售 128 单", "6,842.50"),
        Block::columns("退货 2 单", "-78.92"),
        Block::total("净额", "¥6,763.58"),
        Block::columns("现金应有", "1,204.00"),
        Block::columns("现金实点", "1,203.50"),
        Block::columns("长短款", "-0.50"),
        Block::Cut,
    ]);
    doc
}

#[test]
fn receipts_look_as_they_did_on_both_papers() {
    let slips = [
        ("sale", sale()),
        ("refund", refund()),
        ("rare_name_copy", rare_name_copy()),
        ("day_report", day_report()),
    ];
    let update = env::var_os("UPDATE_GOLDEN").is_some();
    let golden = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    for (name, doc) in slips {
        for paper in PaperSize::ALL {
            let profile = Profile::of(paper);
            let bytes = render(&doc, &profile);
            let shown = preview(&doc, profile.columns).join("\n");
            let printed = interpret(&bytes, profile.columns);
            assert_eq!(printed.complaints, Vec::<String>::new());
            assert_eq!(printed.pulses, Vec::<[u8; 5]>::new(), "a receipt never opens the drawer");
            let text = format!("{shown}\n== blake3 {}\n", blake3::hash(&bytes).to_hex());
            let file = golden.join(format!("{name}-{}.txt", paper.name()));
            if update {
                fs::write(&file, &text).unwrap();
                let picture = format!("{}/{name}-{}.png", env!("CARGO_TARGET_TMPDIR"), paper.name());
                fs::write(picture, printed.to_png()).unwrap();
            }
            assert_eq!(text, fs::read_to_string(&file).unwrap(), "{}", file.display());
        }
    }
}

#[test]
fn no_line_begins_with_a_sign_that_closes_what_stands_before_it() {
    let closing = [')', ')', ',', '。', ':', ',', ':'];
    for columns in 20..=48 {
        for line in preview(&refund(), columns) {
            assert!(!line.trim_start().starts_with(closing), "{columns} columns: {line}");
        }
    }
}

#[test]
fn no_line_ends_with_a_sign_whose_amount_is_on_the_next() {
    for columns in 20..=48 {
        for line in preview(&refund(), columns) {
            let is_rule = line.chars().all(|unit| "- ".contains(unit));
            assert!(is_rule || !line.ends_with(['+', '-', '(', '￥']), "{columns} columns: {line}");
        }
    }
    let slip = preview(&refund(), PaperSize::Mm58.columns()).join("\n");
    assert!(slip.contains("\n- 此前 129(待确认)"), "{slip}");
}

#[test]
fn a_document_survives_being_stored() {
    let stored = serde_json::to_string(&sale()).unwrap();
    assert_eq!(serde_json::from_str::<Doc>(&stored).unwrap(), sale());
}

#[test]
fn the_code_on_the_paper_can_be_scanned() {
    for paper in PaperSize::ALL {
        let profile = Profile::of(paper);
        let printed = interpret(&render(&sale(), &profile), profile.columns);
        let shade = |x: usize, y: usize| if printed.rows[y][x] { 0 } else { 255 };
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(printed.width, printed.rows.len(), shade);
        let grids = image.detect_grids();
        assert_eq!(grids.len(), 1);
        assert_eq!(grids[0].decode().unwrap().1, "SP1:3:1a2b3c:128:9f86d081");
    }
}
