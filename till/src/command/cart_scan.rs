//! Anything scanned or typed, from any screen: recognised by its shape, answered by what it is.

use hardware::scan::{Code, ScanContext, card, classify_with};
use ledger::catalogue::Item;
use ledger::id::{MemberId, Sku};
use ledger::member::Member;
use ledger::money::Fen;
use ledger::quantity::Milli;
use ledger::sale::Presented;
use ledger::store::{Reader, StoreError, catalogue, coupons, members};
use sync::protocol::authorize::LookupRequest;
use sync::store::existence::Word;

use crate::approval;
use crate::cart::{Cart, Line, Shopper};
use crate::checkout;
use crate::command::cart_coupon::take;
use crate::desk::Desk;
use crate::failure::{Answer, Failure};
use crate::guests;
use crate::lookup::{self, Sought};
use crate::receipts;
use crate::signed_codes;
use crate::spending_checks::not_usable;
use crate::view::{CartScan, GoodsView, MemberView, Scanned};

/// Most goods listed for a typed name.
const GOODS_LISTED_MAX: usize = 20;
/// Most members listed for typed digits or a name.
const MEMBERS_LISTED_MAX: usize = 20;

pub fn cart_scan(desk: &Desk, args: CartScan) -> Answer<Scanned> {
    desk.staff()?;
    let (typed, answer) = (args.typed, taken(desk, &args));
    match answer {
        Err(failure) if failure.code == "bad_check_digit" && !typed => Err(misread(desk, failure)),
        answer => {
            if answer.is_ok() {
                desk.session().scans.read_well();
            }
            answer
        }
    }
}

/// One misread code is read again; several in a row are a scanner that is set wrongly.
fn misread(desk: &Desk, once: Failure) -> Failure {
    if !desk.session().scans.misread() {
        return once;
    }
    let message = "连续几次读错,校验位不对,购物车没有变";
    Failure::new("scanner_settings", message, "请打开 扫码测试,看扫码枪怎么设")
}

fn taken(desk: &Desk, args: &CartScan) -> Answer<Scanned> {
    let presented = if args.typed { Presented::Typed } else { Presented::Scanned };
    match classify_with(&desk.scan_rules(), &args.text, ScanContext::Selling) {
        Code::Goods { gtin } => goods(desk, &gtin),
        Code::Gs1 { gtin, weight_g, amount_fen } => labelled(desk, &gtin, weight_g, amount_fen),
        Code::Proximity { digits } => proximity(desk, &digits, presented),
        Code::BankCard => Err(bank_card()),
        Code::ScaleLabel { plu, amount_fen, weight_g } => label(desk, &args.text, &plu, amount_fen, weight_g),
        Code::Member { code } => card(desk, &code, presented),
        Code::Phone { digits } => phone(desk, &digits),
        Code::Last4 { digits } => listed(desk, &digits)?.ok_or_else(|| lookup::unknown("尾号")),
        Code::Coupon { code } => coupon(desk, &code),
        Code::Receipt { .. } => Ok(Scanned::Receipt { sale: receipts::named(desk, &args.text)? }),
        Code::Staff { code } => staff(desk, &code),
        Code::Text { query } => text(desk, &query),
        Code::PaymentTooEarly => {
            Err(Failure::new("payment_code_early", "这是付款码,还没有到收款", "请先按收款,再扫付款码"))
        }
        Code::Setup => {
            Err(Failure::new("setup_code", "这是设备设置码,购物车没有变", "请打开 扫码测试 再扫它"))
        }
        Code::MemberToken { token } => member_code(desk, &token),
        Code::CouponToken { token } => bearer(desk, &token),
        Code::Payment { .. } => Err(unknown(&args.text)),
        Code::Unknown => shapeless(desk, &args.text),
    }
}

fn goods(desk: &Desk, gtin: &str) -> Answer<Scanned> {
    let item = desk.read(|r| Ok(catalogue::by_barcode(r, gtin)?))?.ok_or_else(|| unknown(gtin))?;
    add(desk, item, gtin)
}

/// A GS1 label: its weight and amount, if it has them, are what is charged.
fn labelled(desk: &Desk, gtin: &str, weight_g: Option<i64>, amount: Option<i64>) -> Answer<Scanned> {
    if weight_g.is_none() && amount.is_none() {
        return goods(desk, gtin);
    }
    let item = desk.read(|r| Ok(catalogue::by_barcode(r, gtin)?))?.ok_or_else(|| unknown(gtin))?;
    weighed(desk, gtin, item, amount, weight_g)
}

/// A proximity card, read in either order of its bytes; else ten digits are words like any others.
fn proximity(desk: &Desk, digits: &str, presented: Presented) -> Answer<Scanned> {
    let orders = card::both_orders(digits).into_iter().flatten();
    for number in orders {
        if let Some(found) = desk.read(|r| Ok(members::by_card(r, &number)?))? {
            return attach(desk, &found, presented);
        }
    }
    text(desk, digits)
}

/// Its number is not kept, shown or logged.
fn bank_card() -> Failure {
    Failure::new("bank_card", "这是银行卡,卡号没有保存", "收银行卡请用 POS 机;会员请出示会员卡")
}

/// Of no known shape: a code of the shop's own making, or one that was misread.
fn shapeless(desk: &Desk, text: &str) -> Answer<Scanned> {
    let code = text.trim();
    match desk.read(|r| Ok(catalogue::by_barcode(r, code)?))? {
        Some(item) => add(desk, item, code),
        None if matches!(code.len(), 8 | 12 | 13 | 14) && code.bytes().all(|b| b.is_ascii_digit()) => {
            Err(Failure::new("bad_check_digit", "这个码读错了,校验位不对,购物车没有变", "请再扫一次"))
        }
        None => Err(unknown(text)),
    }
}

/// Weighed goods without a label have no weight yet: the quantity key gives it.
fn add(desk: &Desk, item: Item, barcode: &str) -> Answer<Scanned> {
    let mut cart = checkout::cart(desk)?;
    let name = item.name.clone();
    let index = cart.add(item, barcode.to_owned());
    rung_up(desk, &cart, index, name)
}

/// The amount on the label is what the customer read, so it is charged; the weight follows from it.
fn label(desk: &Desk, text: &str, plu: &str, amount: Option<i64>, weight_g: Option<i64>) -> Answer<Scanned> {
    let number: u32 = plu.parse().map_err(|_| unknown(text))?;
    let item = desk.read(|r| Ok(catalogue::by_plu(r, number)?))?.ok_or_else(|| unknown(text))?;
    weighed(desk, text, item, amount, weight_g)
}

/// The weight on the label, else the one that follows from its amount.
fn weighed(
    desk: &Desk,
    text: &str,
    item: Item,
    amount: Option<i64>,
    weight_g: Option<i64>,
) -> Answer<Scanned> {
    let qty = match (weight_g, amount) {
        (Some(grams), _) => Milli(grams),
        (None, Some(fen)) => Milli(Fen(fen).scaled(1000, item.price_fen.0).0),
        (None, None) => Milli::ONE,
    };
    if !qty.is_sellable() {
        return Err(unknown(text));
    }
    let name = item.name.clone();
    let mut cart = checkout::cart(desk)?;
    let index = cart.push(Line { item, barcode: text.to_owned(), qty, label_amount: amount.map(Fen) });
    rung_up(desk, &cart, index, name)
}

fn rung_up(desk: &Desk, cart: &Cart, index: usize, name: String) -> Answer<Scanned> {
    checkout::store(desk, cart)?;
    let mut session = desk.session();
    session.last_sale = None;
    session.strip = None;
    Ok(Scanned::Goods { line: u32::try_from(index).unwrap_or(u32::MAX), name })
}

fn card(desk: &Desk, code: &str, presented: Presented) -> Answer<Scanned> {
    let asked = LookupRequest::Card(code.to_owned());
    match lookup::sought(desk, |r| by_card_or_id(r, code), asked)? {
        Sought::Member(found) => attach(desk, &found, presented),
        // Also when headquarters knows of nobody: who gave the card out may be in the dark.
        Sought::Nobody => guests::of_card(desk, code, None),
        Sought::Unsaid(word) => guests::of_card(desk, code, word),
    }
}

/// A code on a receipt or a phone holds the card's number or the member's id.
fn by_card_or_id(r: &Reader, code: &str) -> Result<Option<Member>, StoreError> {
    match code.parse::<MemberId>() {
        Ok(id) => members::by_id(r, id),
        Err(_) => members::by_card(r, code),
    }
}

fn phone(desk: &Desk, digits: &str) -> Answer<Scanned> {
    let hash = lookup::hash_of(desk, digits)?.ok_or_else(|| lookup::unknown("手机号"))?;
    let here = |r: &Reader| members::by_phone_hash(r, &hash);
    match lookup::sought(desk, here, LookupRequest::PhoneHash(hash))? {
        Sought::Member(found) => attach(desk, &found, Presented::Typed),
        Sought::Nobody => Err(lookup::unknown("手机号")),
        Sought::Unsaid(Some(Word::Nobody { as_of })) => Err(lookup::unknown_since(desk, "手机号", as_of)?),
        Sought::Unsaid(word) => guests::of_phone(desk, hash, digits, word),
    }
}

fn attach(desk: &Desk, member: &Member, presented: Presented) -> Answer<Scanned> {
    lookup::refuse_blocked(member)?;
    let mut cart = checkout::cart(desk)?;
    cart.present(Some(Shopper { member: member.id, presented }));
    let view = checkout::keep(desk, &cart)?.member.ok_or_else(|| lookup::unknown("会员码"))?;
    desk.session().strip = None;
    Ok(Scanned::Member { member: view })
}

/// Members by last four digits, name or pinyin: one is attached, several are for choosing.
fn listed(desk: &Desk, query: &str) -> Answer<Option<Scanned>> {
    let found = desk.read(|r| Ok(members::search(r, query, MEMBERS_LISTED_MAX)?))?;
    match found.as_slice() {
        [] => Ok(None),
        [one] => attach(desk, one, Presented::Typed).map(Some),
        several => {
            let views: Vec<MemberView> = lookup::views(desk, several, Presented::Typed)?;
            Ok(Some(Scanned::Members { found: views }))
        }
    }
}

fn coupon(desk: &Desk, code: &str) -> Answer<Scanned> {
    let coupon = desk.read(|r| Ok(coupons::by_code(r, code)?))?;
    let coupon = coupon.ok_or_else(|| not_usable("没有这张券".to_owned()))?;
    let mut cart = checkout::cart(desk)?;
    let view = take(desk, &mut cart, &coupon, None)?;
    checkout::store(desk, &cart)?;
    Ok(Scanned::Coupon { coupon: view })
}

/// A coupon for whoever carries it, checked by its signature.
fn bearer(desk: &Desk, token: &str) -> Answer<Scanned> {
    let coupon = signed_codes::coupon(desk, token)?;
    let mut cart = checkout::cart(desk)?;
    let view = take(desk, &mut cart, &coupon, None)?;
    checkout::store(desk, &cart)?;
    Ok(Scanned::Coupon { coupon: view })
}

/// The code on a member's phone, good for a moment: who shows it is the member.
fn member_code(desk: &Desk, token: &str) -> Answer<Scanned> {
    let attached = checkout::cart(desk)?.shopper.map(|shopper| shopper.member);
    let id = signed_codes::member(desk, token, attached)?;
    match lookup::sought(desk, |r| members::by_id(r, id), LookupRequest::Qr(token.to_owned()))? {
        Sought::Member(found) => attach(desk, &found, Presented::Scanned),
        Sought::Nobody | Sought::Unsaid(_) => guests::of_code(desk, id),
    }
}

/// A staff code says who; the PIN is still asked.
fn staff(desk: &Desk, code: &str) -> Answer<Scanned> {
    let row = approval::by_number(desk, code)?;
    Ok(Scanned::Staff { name: row.name })
}

/// Typed words: an article number, goods by name or pinyin, then members by name or pinyin.
fn text(desk: &Desk, query: &str) -> Answer<Scanned> {
    if let Some(item) = desk.read(|r| Ok(by_number(r, query)?))? {
        let code = item.barcodes.first().cloned().unwrap_or_else(|| item.sku.0.clone());
        return add(desk, item, &code);
    }
    let found = desk.read(|r| Ok(catalogue::search(r, query, GOODS_LISTED_MAX)?))?;
    if !found.is_empty() {
        return Ok(Scanned::GoodsFound { found: found.iter().map(goods_view).collect() });
    }
    listed(desk, query)?.ok_or_else(|| unknown(query))
}

fn by_number(r: &Reader, query: &str) -> Result<Option<Item>, StoreError> {
    match catalogue::by_barcode(r, query)? {
        Some(item) => Ok(Some(item)),
        None => catalogue::by_sku(r, &Sku(query.to_owned())),
    }
}

fn goods_view(item: &Item) -> GoodsView {
    GoodsView {
        sku: item.sku.0.clone(),
        barcode: item.barcodes.first().cloned().unwrap_or_else(|| item.sku.0.clone()),
        name: item.name.clone(),
        price_fen: item.price_fen.0,
        member_price_fen: item.member_price_fen.map(|p| p.0),
        unit: item.unit.clone(),
    }
}

/// Long codes are shown by their end: what a misread looks like, and never a whole bank card.
fn unknown(text: &str) -> Failure {
    let chars: Vec<char> = text.trim().chars().collect();
    let shown: String = match chars.len() {
        0..=13 => chars.iter().collect(),
        long => format!("…{}", chars[long - 4..].iter().collect::<String>()),
    };
    Failure::new("unknown_code", format!("没有找到 {shown},购物车没有变"), "请再扫一次,或输入商品名称查找")
}
