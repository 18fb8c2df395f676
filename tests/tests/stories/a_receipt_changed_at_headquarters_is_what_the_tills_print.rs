//! Headquarters changes what stands on receipts; the till prints it, and goes on printing it in the dark.

use std::time::Duration;

use serde_json::json;
use suanpan_tests::cashier::CASHIER_PIN;
use suanpan_tests::world::World;
use suanpan_tests::{paper, wait};
use till::view::Paid;

const TEMPLATES: &str = "/v1/console/receipt-templates";
const WORDS: &str = "冬季大促 全场八折";
/// The next slip comes out; the configuration is on its way for at most as long.
const LIMIT: Duration = Duration::from_secs(10);

/// What the till printed for a sale.
fn printed(world: &World, paid: &Paid) -> String {
    wait::until("the receipt is printed", LIMIT, || {
        let slips = paper::slips(&world.tills[0].setup().paper());
        slips.into_iter().find(|slip| slip.name == format!("{}-0", paid.receipt_no)).map(|slip| slip.text)
    })
}

#[test]
fn a_receipt_changed_at_headquarters_is_what_the_tills_print() {
    let mut world = World::open(1);
    let goods = world.goods_worth(5_00);
    let goods: Vec<&str> = goods.iter().map(String::as_str).collect();
    let before = world.tills[0].sell(&goods);
    assert!(!printed(&world, &before).contains(WORDS));

    let mut template = world.operator.get(TEMPLATES)["standard"].clone();
    let words = json!({"part": "text", "lines": [{"text": WORDS, "align": "centre", "bold": true}]});
    template["parts"].as_array_mut().unwrap().insert(1, words);
    let wish = json!({"store": null, "edited": 0, "body": template});
    assert_eq!(world.operator.post(TEMPLATES, &wish)["version"], 1);
    wait::until("the till prints by the new template", LIMIT, || {
        let paid = world.tills[0].sell(&goods);
        printed(&world, &paid).contains(WORDS).then_some(())
    });

    world.darken(0);
    world.tills[0].restart();
    world.tills[0].sign_in(CASHIER_PIN);
    let alone = world.tills[0].sell(&goods);
    assert!(printed(&world, &alone).contains(WORDS), "a till in the dark keeps its last template");
    world.light(0);
    world.tills[0].wait_drained();
}
