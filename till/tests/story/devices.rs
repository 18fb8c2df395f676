//! Setting devices up: added, tested, learnt, mapped, removed while the till runs.

use till::view::*;

use crate::printing::wait_for;
use crate::shop::{Shop, WATER, refused};

fn add(shop: &Shop, uri: &str, name: &str, role: DeviceRoleView) -> DeviceView {
    let args = DeviceAdd { uri: uri.to_owned(), name: name.to_owned(), role };
    shop.till.device_add(args).unwrap()
}

fn device(shop: &Shop, id: &str) -> DeviceView {
    shop.till.device_list().unwrap().into_iter().find(|device| device.id == id).unwrap()
}

fn becomes(shop: &Shop, id: &str, state: DeviceStateView) -> DeviceView {
    wait_for(&format!("{state:?}"), || Some(device(shop, id)).filter(|device| device.state == state))
}

fn of(device: &DeviceView) -> DeviceOf {
    DeviceOf { device: device.id.clone() }
}

#[test]
fn a_printer_is_added_tested_learnt_renamed_and_removed_while_selling() {
    let shop = Shop::with_printer("none:");
    let paper = shop.folder.path().join("added");
    assert_eq!(shop.till.screen().unwrap().printer.state, PrinterState::None);
    let uri = format!("virtual:?dir={}&profile=58mm", paper.display());
    let added = add(&shop, &uri, "前台打印机", DeviceRoleView::Printer);
    becomes(&shop, &added.id, DeviceStateView::Ready);
    shop.till.device_test(of(&added)).unwrap();
    let says_its_name = |slip: &String| slip.contains("前台打印机");
    wait_for("the test slip", || {
        std::fs::read_to_string(paper.join("TEST-0.txt")).ok().filter(says_its_name)
    });
    let page = shop.till.device_test_page(of(&added)).unwrap();
    assert_eq!((page.sections.len(), page.sections[1].first_line, page.sections[1].lines.len()), (4, 11, 10));
    let tested = wait_for("the report", || device(&shop, &added.id).printer.unwrap().tested);
    assert!(tested.sent);
    assert_eq!((tested.confirm.as_str(), tested.status.as_str()), ("process_id", "eot"));
    let answers = DeviceLearn {
        device: added.id.clone(),
        readable_line: Some(12),
        ruler: Some(48),
        complete: true,
        drawer_shut: Some(true),
    };
    let learnt = shop.till.device_learn(answers).unwrap();
    let traits = learnt.printer.unwrap();
    assert_eq!((traits.columns, traits.text.as_str(), traits.confirm.as_str()), (48, "gbk", "process_id"));
    assert!(
        learnt.uri.contains("width=48&text=gbk&confirm=process_id&status=eot&drawer=high"),
        "{}",
        learnt.uri
    );
    let name = Some("吧台打印机".to_owned());
    let map = DeviceMap { device: added.id.clone(), name, uri: None, role: None, enabled: None };
    assert_eq!(shop.till.device_map(map).unwrap().name, "吧台打印机");
    shop.scan(WATER);
    let paid = shop.pay_cash(200).unwrap();
    let file = paper.join(format!("{}-0.txt", paid.receipt_no));
    wait_for("the receipt", || file.exists().then_some(()));
    assert_eq!(shop.till.device_remove(of(&added)).unwrap(), []);
    assert_eq!(shop.till.screen().unwrap().printer.state, PrinterState::None);
}

#[test]
fn devices_are_there_again_after_a_restart() {
    let shop = Shop::open();
    let folder = shop.folder.path().join("face");
    let uri = format!("virtual:led8?dir={}", folder.display());
    let added = add(&shop, &uri, "客显", DeviceRoleView::Display);
    let shop = shop.restarted();
    becomes(&shop, &added.id, DeviceStateView::Ready);
}

#[test]
fn a_second_printer_waits_until_it_is_mapped() {
    let shop = Shop::with_printer("none:");
    let at = |name: &str| format!("virtual:?dir={}", shop.folder.path().join(name).display());
    let first = add(&shop, &at("one"), "一", DeviceRoleView::Printer);
    let second = add(&shop, &at("two"), "二", DeviceRoleView::Printer);
    assert_eq!(device(&shop, &second.id).state, DeviceStateView::Disabled);
    refused(shop.till.device_test_page(of(&second)), "device_idle");
    let off = DeviceMap { device: first.id.clone(), name: None, uri: None, role: None, enabled: Some(false) };
    shop.till.device_map(off).unwrap();
    becomes(&shop, &second.id, DeviceStateView::Ready);
    assert_eq!(device(&shop, &first.id).state, DeviceStateView::Disabled);
}

#[test]
fn what_cannot_be_a_device_is_refused_and_changes_nothing() {
    let shop = Shop::open();
    let try_add = |uri: &str, name: &str, role| {
        shop.till.device_add(DeviceAdd { uri: uri.into(), name: name.into(), role })
    };
    for (uri, role) in [
        ("tcp://10.0.0.8:9100", DeviceRoleView::Scanner),
        ("wedge://any", DeviceRoleView::Printer),
        ("serial:///dev/ttyS1", DeviceRoleView::Display),
        ("tcp://10.0.0.8:9100?widht=48", DeviceRoleView::Printer),
        ("spool://-d", DeviceRoleView::Printer),
        ("usbprint://vid_0416&pid_5011", DeviceRoleView::Printer),
        ("none:", DeviceRoleView::Printer),
    ] {
        refused(try_add(uri, "x", role), "bad_device");
    }
    refused(try_add("wedge://any", " ", DeviceRoleView::Scanner), "bad_device");
    let fixed = shop.till.device_list().unwrap().remove(0);
    assert!(fixed.fixed);
    refused(shop.till.device_remove(of(&fixed)), "device_fixed");
    refused(shop.till.device_remove(DeviceOf { device: "x".into() }), "unknown_device");
    assert_eq!(shop.till.device_list().unwrap().len(), 1);
    assert!(shop.till.device_found().is_ok());
}

#[test]
fn the_customer_sees_the_total_and_then_the_change() {
    let shop = Shop::open();
    let folder = shop.folder.path().join("face");
    let shows = |text: &str| {
        wait_for(text, || std::fs::read_to_string(folder.join("display.txt")).ok().filter(|t| t == text))
    };
    let uri = format!("virtual:led8?dir={}", folder.display());
    let added = add(&shop, &uri, "客显", DeviceRoleView::Display);
    becomes(&shop, &added.id, DeviceStateView::Ready);
    shop.scan(WATER);
    shows("总计\n2.00\n");
    shop.scan(WATER);
    shows("总计\n4.00\n");
    shop.pay_cash(1000).unwrap();
    shows("找零\n6.00\n");
    shop.till.device_test(of(&added)).unwrap();
    assert_eq!(device(&shop, &added.id).role, DeviceRoleView::Display);
}

#[test]
fn a_set_up_code_offers_a_device_and_adds_none() {
    let shop = Shop::open();
    let printed = format!("SZ2:printer:{}", "tcp://10.0.0.8:9100?profile=80mm");
    refused(shop.till.cart_scan(CartScan { text: printed.clone(), typed: false }), "setup_code");
    let before = shop.till.device_list().unwrap().len();
    let found =
        |text: &str| shop.till.scan_test(ScanTest { text: Some(text.into()) }).unwrap().remove(0).found;
    let offered = found(&printed).unwrap();
    assert_eq!(
        (offered.role, offered.uri.as_str()),
        (DeviceRoleView::Printer, "tcp://10.0.0.8:9100?profile=80mm")
    );
    assert_eq!(found("SZ2:printer:tcp://10.0.0.8"), None, "no address");
    assert_eq!(shop.till.device_list().unwrap().len(), before);
}
