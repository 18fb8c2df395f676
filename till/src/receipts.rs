//! Finished sales and refunds: found again, shown with where they stand on their way to headquarters.

use ledger::event::Event;
use ledger::fact::Fact;
use ledger::id::{EventKey, Hash, SaleId};
use ledger::member::mask_name;
use ledger::receipt::ReceiptCode;
use ledger::refund::Refund;
use ledger::sale::Sale;
use ledger::store::sales::ReceiptRow;
use ledger::store::{Reader, StoreError, journal, members, print_jobs, sales};
use ledger::time::Timestamp;
use sync::protocol::authorize::{Found, LookupRequest};
use sync::protocol::push::Verdict;
use sync::store::outcomes;

use crate::desk::Desk;
use crate::failure::{Answer, Failure};
use crate::shop::Shop;
use crate::view::{SaleLineView, SaleView, Standing, TenderView};

/// The sale that a receipt code, receipt number or sale id names.
///
/// # Errors
/// `unknown_receipt`, `receipt_elsewhere`
pub fn named(desk: &Desk, text: &str) -> Answer<SaleView> {
    let shop = desk.shop()?;
    if let Some(code) = of_another_till(&shop, text) {
        return Ok(told(&shop, &elsewhere(desk, text, code)?));
    }
    let row = row(desk, text)?;
    desk.read(|r| Ok(view(r, &shop, &row)?))
}

/// A sale that may be given back, wherever it was made.
pub struct Original {
    pub key: EventKey,
    pub hash: Hash,
    pub sale: Sale,
    /// By its clock.
    pub at: Timestamp,
    pub refunded: bool,
}

/// The sale behind a receipt: this till's own, or while HQ can be asked another till's.
///
/// # Errors
/// `unknown_receipt`, `receipt_elsewhere`
pub fn original(desk: &Desk, text: &str) -> Answer<Original> {
    if let Some(code) = of_another_till(&*desk.shop()?, text) {
        return elsewhere(desk, text, code);
    }
    let row = row(desk, text)?;
    desk.read(|r| {
        let Some(Fact::Sale(sale)) = sales::fact(r, row.key)? else { return Err(no_sale().into()) };
        let hash = journal::hash_at(r, row.key)?.ok_or_else(Failure::unknown_receipt)?;
        Ok(Original { key: row.key, hash, sale, at: row.at, refunded: row.refunded })
    })
}

fn of_another_till(shop: &Shop, text: &str) -> Option<ReceiptCode> {
    ReceiptCode::parse(text.trim()).filter(|code| code.key.terminal != shop.terminal)
}

/// Another till's sale, as HQ has it.
fn elsewhere(desk: &Desk, text: &str, code: ReceiptCode) -> Answer<Original> {
    if !desk.link.state().online {
        return Err(only_there());
    }
    let asked = LookupRequest::Receipt(text.trim().to_owned());
    let found = match desk.link.lookup(&asked).ok_or_else(only_there)? {
        Found::Receipt(found) if code.matches(&found.hash) && found.key == code.key => found,
        _ => return Err(unknown_at_hq()),
    };
    let event = Event::parse(&found.line).map_err(|_| unknown_at_hq())?;
    if Hash::of(found.line.as_bytes()) != found.hash {
        return Err(unknown_at_hq());
    }
    let at = event.head.clocks.t_wall;
    let Fact::Sale(sale) = event.fact else { return Err(no_sale()) };
    let here = desk.read(|r| Ok(sales::refund_of(r, sale.sale_id)?.is_some()))?;
    Ok(Original { key: found.key, hash: found.hash, sale, at, refunded: here || found.refunded_by.is_some() })
}

/// Another till's sale for the screen.
fn told(shop: &Shop, original: &Original) -> SaleView {
    let sale = &original.sale;
    let mut view = SaleView {
        sale_id: sale.sale_id.to_string(),
        receipt_no: sale.receipt_no.clone(),
        receipt_code: ReceiptCode::of(original.key, &original.hash).to_string(),
        at: original.at.short(shop.zone()),
        total_fen: sale.total_fen.0,
        standing: Standing::Received,
        refunded: original.refunded,
        ..SaleView::default()
    };
    fill_sale(&mut view, shop, sale);
    view
}

/// A person has looked at what headquarters made of this receipt.
///
/// # Errors
/// The ledger cannot be written.
pub fn see(desk: &Desk, text: &str) -> Answer<()> {
    let key = row(desk, text)?.key;
    desk.write(|tx| {
        let key = journal::rewrapped(tx, key)?;
        Ok(outcomes::see(tx, key.epoch, key.seq)?)
    })
}

/// The latest sales, newest first.
///
/// # Errors
/// The ledger cannot be read.
pub fn latest(desk: &Desk, limit: usize) -> Answer<Vec<SaleView>> {
    let shop = desk.shop()?;
    desk.read(|r| {
        let rows = sales::recent(r, limit)?;
        Ok(rows.iter().map(|row| view(r, &shop, row)).collect::<Result<_, _>>()?)
    })
}

/// The receipt that `text` names.
///
/// # Errors
/// `unknown_receipt`, `receipt_elsewhere`
pub fn row(desk: &Desk, text: &str) -> Answer<ReceiptRow> {
    let text = text.trim();
    let shop = desk.shop()?;
    let code = ReceiptCode::parse(text);
    if code.is_some_and(|code| code.key.terminal != shop.terminal) {
        return Err(only_there());
    }
    desk.read(|r| Ok(find(r, text, code)?))?.ok_or_else(Failure::unknown_receipt)
}

fn find(r: &Reader, text: &str, code: Option<ReceiptCode>) -> Result<Option<ReceiptRow>, StoreError> {
    if let Some(code) = code {
        // The check keeps a misread number from opening somebody else's sale.
        let matches = journal::hash_at(r, code.key)?.is_some_and(|hash| code.matches(&hash));
        return if matches { sales::by_key(r, code.key) } else { Ok(None) };
    }
    match text.parse::<SaleId>() {
        Ok(id) => sales::by_sale_id(r, id),
        Err(_) => sales::by_receipt_no(r, text),
    }
}

fn only_there() -> Failure {
    Failure::new("receipt_elsewhere", "这张小票不是这台收银机开的", "请到开票的收银机上办理,或联网后再试")
}

fn unknown_at_hq() -> Failure {
    Failure::new("receipt_elsewhere", "总部还没有这张小票", "请到开票的收银机上办理,或稍后再试")
}

fn no_sale() -> Failure {
    Failure::new("unknown_receipt", "这张是退货单,不能再退", "请扫原来那张销售小票")
}

/// # Errors
/// The ledger cannot be read.
pub fn view(r: &Reader, shop: &Shop, row: &ReceiptRow) -> Result<SaleView, StoreError> {
    let fact = sales::fact(r, row.key)?;
    let mut view = blank(r, shop, row)?;
    match fact {
        Some(Fact::Sale(sale)) => fill_sale(&mut view, shop, &sale),
        Some(Fact::Refund(refund)) => {
            let original = sales::fact(r, refund.original.key)?;
            fill_refund(&mut view, shop, &refund, original.as_ref());
        }
        _ => {}
    }
    Ok(view)
}

fn blank(r: &Reader, shop: &Shop, row: &ReceiptRow) -> Result<SaleView, StoreError> {
    let stored = journal::event(r, row.key)?;
    let hash = stored.as_ref().map_or(ledger::id::Hash::ZERO, |stored| stored.hash);
    let late_of = stored.map(|stored| stored.parse()).transpose()?.and_then(|event| event.head.late_of);
    let member = match row.member {
        Some(id) => members::by_id(r, id)?,
        None => None,
    };
    let (standing, exception) = standing(r, row.key)?;
    let next_copy = print_jobs::next_copy_no(r, row.key)?.unwrap_or(u8::MAX);
    Ok(SaleView {
        sale_id: row.sale_id.to_string(),
        receipt_no: row.receipt_no.clone(),
        receipt_code: ReceiptCode::of(row.key, &hash).to_string(),
        kind: String::new(),
        at: row.at.short(shop.zone()),
        late_of: late_of.map(|late| late.business_day.to_string()),
        cashier: String::new(),
        lines: Vec::new(),
        tenders: Vec::new(),
        total_fen: row.total_fen.0,
        change_fen: 0,
        member_name: member.map(|m| mask_name(&m.name)),
        points_earned: 0,
        points_redeemed: 0,
        standing,
        exception,
        refunded: row.refunded,
        copies: u32::from(next_copy.saturating_sub(1)),
    })
}

fn fill_sale(view: &mut SaleView, shop: &Shop, sale: &Sale) {
    view.kind = "sale".to_owned();
    view.cashier = shop.staff_name(&sale.staff.0);
    view.lines = lines(sale);
    view.tenders = sale.tenders.iter().map(TenderView::from).collect();
    view.change_fen = sale.change_fen.0;
    view.points_earned = sale.points_earned.0;
    view.points_redeemed = sale.points_redeemed.0;
}

/// A refund shows what came back; its points are those of the sale with the sign turned.
fn fill_refund(view: &mut SaleView, shop: &Shop, refund: &Refund, original: Option<&Fact>) {
    view.kind = "refund".to_owned();
    view.cashier = shop.staff_name(&refund.staff.0);
    view.tenders = refund.tenders.iter().map(TenderView::from).collect();
    view.points_earned = -refund.points_taken_back.0;
    view.points_redeemed = -refund.points_returned.0;
    if let Some(Fact::Sale(sale)) = original {
        view.lines = lines(sale);
    }
}

fn lines(sale: &Sale) -> Vec<SaleLineView> {
    let lines = sale.lines.iter();
    lines
        .map(|line| SaleLineView {
            name: line.name.clone(),
            qty_milli: line.qty_milli.0,
            weighed: line.weighed,
            price_fen: line.price_fen.0,
            amount_fen: line.amount_fen.0,
        })
        .collect()
}

/// Where an event stands, and one sentence when headquarters booked it with an exception.
fn standing(r: &Reader, key: EventKey) -> Result<(Standing, Option<String>), StoreError> {
    let key = journal::rewrapped(r, key)?;
    if let Some(outcome) = outcomes::of(r, key.epoch, key.seq)?
        && outcome.verdict != Verdict::Applied
    {
        let standing =
            if outcome.verdict == Verdict::Parked { Standing::Received } else { Standing::Exception };
        return Ok((standing, Some(sentence(&outcome.code))));
    }
    let streams = journal::streams(r)?;
    let stream = streams.iter().find(|s| s.stream.epoch == key.epoch);
    let standing = match stream {
        Some(s) if key.seq <= s.decided => Standing::Decided,
        Some(s) if key.seq <= s.received => Standing::Received,
        _ => Standing::Local,
    };
    Ok((standing, None))
}

fn sentence(code: &str) -> String {
    let text = match code {
        "overdraft" => "会员积分不够,差额已记在门店异常账上,由总部处理",
        "coupon_reuse" => "这张券在别处已经用过,差额已记在门店异常账上,由总部处理",
        "over_refund" => "这一单已经退过,由总部处理",
        "unknown_guest" => "总部没有找到这位会员,这单的积分还没有入账,由总部处理",
        "unknown_ref" => "总部在等相关的单据,不用处理",
        _ => return format!("总部记为异常({code}),由总部处理"),
    };
    text.to_owned()
}
