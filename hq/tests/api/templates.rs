//! Receipts' templates: saved by one, refused with a sentence, carried to the tills, shown as the paper itself.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hardware::escpos::profile::PaperSize;
use serde_json::{Value, json};
use slip::samples::{self, Sample};
use slip::{Letterhead, Template, paper};

use crate::shop::Shop;
use crate::till::Till;

const PATH: &str = "/v1/console/receipt-templates";

fn named(name: &str) -> Value {
    serde_json::to_value(Template { name: name.to_owned(), ..Template::default() }).unwrap()
}

async fn save(shop: &Shop, store: Option<&str>, edited: u32, template: Value) -> crate::shop::Answer {
    shop.post(PATH, json!({"store": store, "edited": edited, "body": template})).await
}

/// Name of the template that a till of the store gets; None when it is left to the till.
async fn carried(shop: &Shop, till: &Till) -> Option<String> {
    let config = till.get(shop, "/v1/sync/config?have=0").await.ok();
    config["receipt_template"]["name"].as_str().map(str::to_owned)
}

#[tokio::test]
async fn a_saved_template_travels_with_the_configuration_and_a_store_may_have_its_own() {
    let shop = Shop::open();
    let (first, second) = (Till::enrol(&shop, "S001", 1).await, Till::enrol(&shop, "S002", 1).await);
    assert_eq!(carried(&shop, &first).await, None);
    let before = shop.app.feed.config_version();
    assert_eq!(save(&shop, None, 0, named("冬季")).await.ok()["version"], 1);
    assert_eq!(save(&shop, Some("S001"), 0, named("旗舰店")).await.ok()["version"], 1);
    assert_eq!(shop.app.feed.config_version(), before + 2);
    assert_eq!(carried(&shop, &first).await.as_deref(), Some("旗舰店"));
    assert_eq!(carried(&shop, &second).await.as_deref(), Some("冬季"));
    let followed = save(&shop, Some("S001"), 1, Value::Null).await.ok();
    assert_eq!(followed["earlier"][0]["body"]["name"], "旗舰店");
    assert_eq!(carried(&shop, &first).await.as_deref(), Some("冬季"));
    let listed = shop.get(PATH).await;
    assert_eq!(
        (&listed["chain"]["saved_by"], &listed["standard"]["name"]),
        (&json!("admin"), &json!("标准小票"))
    );
}

#[tokio::test]
async fn who_comes_second_and_what_is_wrong_is_told_and_nothing_is_kept() {
    let shop = Shop::open();
    save(&shop, None, 0, named("一")).await.ok();
    save(&shop, None, 0, named("二")).await.refused(409, "version_changed");
    let wrong = save(&shop, None, 1, named("")).await.refused(422, "bad_template");
    assert_eq!(wrong["detail"], "模板名称要 1 到 20 个字");
    save(&shop, Some("S999"), 0, named("三")).await.refused(404, "not_found");
    assert_eq!(shop.get(PATH).await["chain"]["body"]["name"], "一");
    for n in 1..=12 {
        save(&shop, None, n, named(&format!("第{n}版"))).await.ok();
    }
    assert_eq!(shop.get(PATH).await["chain"]["earlier"].as_array().unwrap().len(), 9);
}

#[tokio::test]
async fn the_preview_is_the_paper_that_a_till_prints_dot_for_dot() {
    let shop = Shop::open();
    let store = shop.store.read().unwrap().stores().unwrap().remove(0);
    let head = Letterhead {
        store: store.name,
        address: store.address,
        phone: store.phone,
        footer: store.receipt_footer,
        till_no: 2,
        template: Template::default(),
    };
    for (sample, name) in [(Sample::Member, "member"), (Sample::Refund, "refund"), (Sample::Rare, "rare")] {
        for (size, width) in [(PaperSize::Mm58, "58mm"), (PaperSize::Mm80, "80mm")] {
            let asked =
                json!({"template": named("标准小票"), "sample": name, "paper": width, "store": store.id});
            let shown = shop.post(&format!("{PATH}/preview"), asked).await.ok();
            let png = STANDARD.encode(paper(&samples::doc(sample, &head), size).to_png());
            assert!(shown["png"] == format!("data:image/png;base64,{png}"), "{name} {width}");
            assert_eq!(shown["trouble"], Value::Null);
        }
    }
    let mut unfinished = named("");
    let asked = json!({"template": unfinished, "sample": "sale", "paper": "80mm", "store": null});
    let shown = shop.post(&format!("{PATH}/preview"), asked).await.ok();
    assert_eq!(shown["trouble"], "模板名称要 1 到 20 个字");
    unfinished["parts"] = json!("none");
    let asked = json!({"template": unfinished, "sample": "sale", "paper": "80mm", "store": null});
    shop.post(&format!("{PATH}/preview"), asked).await.refused(422, "bad_template");
    let logo = json!({"png": "bm8gcGljdHVyZQ==", "paper": "58mm"});
    let wrong = shop.post(&format!("{PATH}/logo"), logo).await.refused(422, "bad_template");
    assert_eq!(wrong["detail"], "这不是能读的 PNG 图片,请另存为 PNG 再选");
}
