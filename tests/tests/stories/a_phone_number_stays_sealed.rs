//! A member joins in the dark: headquarters learns the number, the till cannot read it any more.

use std::path::Path;
use std::time::Duration;

use serde_json::json;
use suanpan_tests::wait;
use suanpan_tests::world::World;

const PHONE: &str = "13912345678";
const NAME: &str = "欧阳晓梅";

/// The number in every encoding a file could hold it in.
fn forms() -> Vec<Vec<u8>> {
    let utf16 = |little: bool| {
        PHONE
            .encode_utf16()
            .flat_map(move |unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() })
    };
    // GBK writes digits as ASCII, its full-width ones as two bytes.
    let full_width: String =
        PHONE.chars().filter_map(|digit| char::from_u32(u32::from(digit) + 0xfee0)).collect();
    let (gbk, ..) = encoding_rs::GBK.encode(&full_width);
    vec![
        PHONE.as_bytes().to_vec(),
        utf16(true).collect(),
        utf16(false).collect(),
        gbk.into_owned(),
        full_width.into_bytes(),
        NAME.as_bytes().to_vec(),
    ]
}

fn check(folder: &Path, looked_at: &mut usize) {
    for entry in std::fs::read_dir(folder).expect("the till's folder").filter_map(Result::ok) {
        let path = entry.path();
        if path.is_dir() {
            check(&path, looked_at);
            continue;
        }
        *looked_at += 1;
        let bytes = std::fs::read(&path).unwrap_or_default();
        for form in forms() {
            let found = bytes.windows(form.len()).any(|window| window == form);
            assert!(!found, "{} holds the number or the name", path.display());
        }
    }
}

#[test]
fn a_phone_number_stays_sealed() {
    let mut world = World::open(1);
    let goods = world.goods_worth(30_00);
    world.darken(0);
    let till = &mut world.tills[0];
    let joined = till.join(PHONE, NAME);
    assert_eq!(joined.member.phone_masked, "139****5678");
    assert!(joined.member.provisional);
    for code in &goods {
        till.scan(code);
    }
    let paid = till.pay();
    assert!(paid.points_earned > 0, "who joined earns at once");
    let mut looked_at = 0;
    check(&till.setup().folder.clone(), &mut looked_at);
    assert!(looked_at >= 4, "ledger, log, key and paper were looked at, not {looked_at} files");

    world.light(0);
    world.tills[0].wait_drained();
    let found = wait::until("headquarters knows the member", Duration::from_secs(10), || {
        Some(world.tills[0].member(PHONE)).filter(|found| !found.provisional)
    });
    assert_eq!(found.member_id, joined.member.member_id);
    assert_eq!(found.balance.confirmed, paid.points_earned);
    let at_hq = world.operator.get(&format!("/v1/console/members/{}", found.member_id));
    assert_eq!(
        (&at_hq["phone_mask"], &at_hq["name_masked"]),
        (&json!("139****5678"), &json!("欧**梅")),
        "{at_hq}"
    );
    let snapshot = world.snapshot();
    let row = snapshot.members.iter().find(|(row, ..)| row.id.to_string() == found.member_id);
    let name = row.map(|(row, ..)| row.name.as_str());
    assert_ne!(name, None, "headquarters feeds the member");
    check(&world.tills[0].setup().folder.clone(), &mut looked_at);
}
