//! Templates: what is refused and how it is said, and that whatever is taken prints as paper should be.

use hardware::escpos::profile::PaperSize;
use hardware::receipt::doc::{Align, Size};
use hardware::receipt::picture::Picture;
use proptest::prelude::*;
use serde_json::{Value, json};
use slip::samples::{Sample, doc};
use slip::{Letterhead, Look, Part, PartKind, Template, TextLine, logo, paper, text};

const KINDS: [PartKind; 16] = [
    PartKind::Logo,
    PartKind::Store,
    PartKind::Text,
    PartKind::Stamp,
    PartKind::Items,
    PartKind::Promotions,
    PartKind::Total,
    PartKind::Tenders,
    PartKind::Member,
    PartKind::Points,
    PartKind::Stored,
    PartKind::NewCard,
    PartKind::Signature,
    PartKind::Footer,
    PartKind::ReceiptQr,
    PartKind::InvoiceQr,
];

fn letterhead(template: Template) -> Letterhead {
    Letterhead {
        store: "静安寺店".to_owned(),
        address: "上海市静安区南京西路 1618 号".to_owned(),
        phone: "021-62488888".to_owned(),
        footer: vec!["谢谢惠顾,欢迎再来".to_owned()],
        till_no: 2,
        template,
    }
}

fn own_line(text: &str, size: Size) -> TextLine {
    TextLine { text: text.to_owned(), align: Align::Centre, size, bold: false }
}

fn part(part: PartKind) -> Part {
    Part { part, rule: false, look: None, lines: Vec::new(), url: String::new() }
}

fn refused(edit: impl FnOnce(&mut Value)) -> String {
    let mut json = serde_json::to_value(Template::default()).unwrap();
    edit(&mut json);
    Template::read(&json).unwrap_err().to_string()
}

#[test]
fn what_is_wrong_is_said_in_one_sentence() {
    let add = |json: &mut Value, part: Value| json["parts"].as_array_mut().unwrap().push(part);
    let line = |text: &str, size: &str| json!({"part": "text", "lines": [{"text": text, "size": size}]});
    let code = |url: &str| json!({"part": "invoice_qr", "url": url});
    type Edit<'a> = Box<dyn FnOnce(&mut Value) + 'a>;
    let table: Vec<(&str, Edit)> = vec![
        ("模板名称要 1 到 20 个字", Box::new(|t| t["name"] = json!(" "))),
        ("模板里有不认识的内容:colour", Box::new(|t| t["colour"] = json!("red"))),
        ("模板里有不认识的内容:weather", Box::new(|t| t["parts"][0]["part"] = json!("weather"))),
        ("模板里缺少:paper", Box::new(|t| drop(t.as_object_mut().unwrap().remove("paper")))),
        ("「商品」只能放一次", Box::new(|t| add(t, json!({"part": "items"})))),
        ("小票上必须有「店名」", Box::new(|t| drop(t["parts"].as_array_mut().unwrap().remove(0)))),
        ("放了「标志」,但还没有选图片", Box::new(|t| add(t, json!({"part": "logo"})))),
        (
            "标志图片读不出来,请重新选一张 PNG",
            Box::new(|t| t["logo"] = json!({"width_dots": 8, "dots": "x"})),
        ),
        (
            "标志太宽:392 点,58mm 纸只有 384 点",
            Box::new(|t| {
                t["logo"] = json!({"width_dots": 392, "dots": "ff".repeat(49)});
            }),
        ),
        (
            "标志太高:200 点,最多 192 点",
            Box::new(|t| t["logo"] = json!({"width_dots": 8, "dots": "ff".repeat(200)})),
        ),
        (
            "「欢迎光临静安寺店新店开业…」太宽:要 36 列,58mm 纸只有 32 列",
            Box::new(|t| {
                add(t, line("欢迎光临静安寺店新店开业全场八折优惠", "normal"));
            }),
        ),
        (
            "「会员日双倍积分全场…」太宽:要 36 列,58mm 纸只有 32 列",
            Box::new(|t| add(t, line("会员日双倍积分全场", "double"))),
        ),
        ("「😀」里有打不出的字:😀", Box::new(|t| add(t, line("😀", "normal")))),
        ("有一段文字是空的,请写一行,或删掉它", Box::new(|t| add(t, json!({"part": "text"})))),
        ("「商品」不能改字号和对齐", Box::new(|t| t["parts"][2]["look"] = json!({"bold": true}))),
        ("「商品」里不能放网址", Box::new(|t| t["parts"][2]["url"] = json!("https://a"))),
        (
            "开票网址要以 https:// 开头,只用英文字符,最长 150 个",
            Box::new(|t| add(t, code("fapiao.example/{receipt}"))),
        ),
        (
            "开票网址里要有 {receipt}(单号)或 {code}(小票码),不然不知道是哪一单",
            Box::new(|t| add(t, code("https://a.example/"))),
        ),
    ];
    for (sentence, edit) in table {
        assert_eq!(refused(edit), sentence);
    }
}

#[test]
fn a_template_reads_back_as_it_was() {
    let json = serde_json::to_value(Template::default()).unwrap();
    assert_eq!(Template::read(&json).unwrap(), Template::default());
}

#[test]
fn an_invoice_code_names_the_receipt_and_stands_on_sales_only() {
    let mut template = Template::default();
    let url = "https://fapiao.example/?no={receipt}&code={code}".to_owned();
    template.parts.push(Part { url, ..part(PartKind::InvoiceQr) });
    template.check().unwrap();
    let head = letterhead(template);
    let told = text(&doc(Sample::Sale, &head), PaperSize::Mm80).join("\n");
    assert!(told.contains("https://fapiao.example/?no=02-260121-0047&code=SP1:2:"), "{told}");
    assert!(!text(&doc(Sample::Refund, &head), PaperSize::Mm80).join("\n").contains("fapiao"));
}

fn png(width: u32, height: u32, shade: u8) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&vec![shade; (width * height) as usize]).unwrap();
    writer.finish().unwrap();
    file
}

#[test]
fn a_logo_fits_the_paper_and_grey_becomes_dots() {
    let wide = logo::from_png(&png(1_200, 300, 0), PaperSize::Mm58).unwrap();
    assert_eq!((wide.width_dots, wide.height_dots()), (384, 96));
    let tall = logo::from_png(&png(300, 900, 0), PaperSize::Mm80).unwrap();
    assert_eq!((tall.width_dots, tall.height_dots()), (64, 192));
    let grey = logo::from_png(&png(64, 64, 128), PaperSize::Mm58).unwrap();
    let ink = grey.rows().unwrap().iter().flatten().filter(|ink| **ink).count();
    assert!((1_800..2_300).contains(&ink), "{ink} of 4096");
    for (file, why) in [
        (b"GIF89a".to_vec(), "这不是能读的 PNG 图片,请另存为 PNG 再选"),
        (png(40, 40, 255), "图片上什么也没有(全白),请换一张深色的"),
        (vec![0; 600 * 1024], "图片文件太大:600 KB,最多 512 KB"),
        (png(3_001, 1, 0), "图片太大:3001×1,每边最多 3000 点"),
    ] {
        assert_eq!(logo::from_png(&file, PaperSize::Mm58).unwrap_err().to_string(), why);
    }
}

fn looks() -> impl Strategy<Value = Look> {
    (
        prop::sample::select(vec![Align::Left, Align::Centre, Align::Right]),
        prop::sample::select(vec![Size::Normal, Size::Tall, Size::Double]),
        any::<bool>(),
    )
        .prop_map(|(align, size, bold)| Look { align, size, bold })
}

fn parts() -> impl Strategy<Value = Vec<Part>> {
    let needed = [PartKind::Store, PartKind::Stamp, PartKind::Items, PartKind::Total, PartKind::Tenders];
    let one = move |kind: PartKind| {
        let is_needed = needed.contains(&kind);
        (prop::bool::weighted(if is_needed { 1.0 } else { 0.7 }), any::<bool>(), looks(), "\\PC{1,8}")
            .prop_map(move |(stands, rule, look, words)| {
                let mut made = Part { rule, ..part(kind) };
                match kind {
                    PartKind::Store | PartKind::Total => made.look = Some(look),
                    PartKind::Text => {
                        made.lines = vec![TextLine {
                            text: words,
                            align: look.align,
                            size: look.size,
                            bold: look.bold,
                        }];
                    }
                    PartKind::InvoiceQr => made.url = "https://fapiao.example/{code}".to_owned(),
                    _ => {}
                }
                stands.then_some(made)
            })
    };
    let all: Vec<_> = KINDS.into_iter().map(one).collect();
    all.prop_map(|parts| parts.into_iter().flatten().collect::<Vec<_>>()).prop_shuffle()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_template_that_is_taken_prints_within_the_paper_with_one_cut(
        parts in parts(), width in 1usize..384, height in 1usize..60,
    ) {
        let dots: Vec<Vec<bool>> = (0..height).map(|y| (0..width).map(|x| x * y % 3 == 1).collect()).collect();
        let template = Template { logo: Some(Picture::of(&dots)), parts, ..Template::default() };
        prop_assume!(template.check().is_ok());
        let head = letterhead(template);
        for sample in Sample::ALL {
            for size in PaperSize::ALL {
                let doc = doc(sample, &head);
                let made = paper(&doc, size);
                prop_assert_eq!(&made.complaints, &Vec::<String>::new());
                prop_assert_eq!((made.cuts.len(), made.pulses.len()), (1, 0));
                prop_assert!(made.rows.iter().all(|row| row.len() == size.columns() * 12));
                for line in text(&doc, size).iter().filter(|line| !line.contains('[')) {
                    prop_assert!(hardware::escpos::text::columns(line) <= size.columns(), "{}", line);
                }
                let words = serde_json::to_string(&doc).unwrap();
                prop_assert_eq!(serde_json::from_str::<hardware::receipt::doc::Doc>(&words).unwrap(), doc);
            }
        }
    }
}

#[test]
fn own_text_and_logo_stand_where_they_were_put() {
    let mut template = Template { logo: Some(Picture::of(&vec![vec![true; 24]; 24])), ..Template::default() };
    template.parts.insert(0, part(PartKind::Logo));
    template.parts.insert(2, Part { lines: vec![own_line("欢迎光临", Size::Tall)], ..part(PartKind::Text) });
    template.check().unwrap();
    let told = text(&doc(Sample::Sale, &letterhead(template)), PaperSize::Mm58);
    assert_eq!((told[0].trim(), told[1].trim(), told[4].trim()), ("[24 x 24]", "静安寺店", "欢迎光临"));
}
