//! What the day came to, asked of the till and of headquarters apart, and compared.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::Day;
use crate::demo::shop::MEMBER_CARD;
use crate::demo::summary::{Close, Member, Sale, Summary, Tender};

/// Fills the summary; an error when till and headquarters do not agree.
pub fn fill(day: &Day<'_>, folder: &Path, summary: &mut Summary) -> Result<()> {
    let list = day.ask("sale_list", &json!({ "limit": 200 }))?;
    for sale in list.as_array().context("sale_list is a list")?.iter().rev() {
        summary.sales.push(sale_of(day, folder, sale)?);
    }
    let sales = &summary.sales;
    let count = |good: fn(&Sale) -> bool| u64::try_from(sales.iter().filter(|sale| good(sale)).count());
    summary.printed = count(|sale| sale.receipt_bin.is_some())?;
    summary.decided = count(|sale| sale.verdict.is_some())?;
    summary.received = summary.decided;
    summary.missing = count(|sale| sale.verdict.is_none())?;
    summary.members.push(member(day)?);
    close(day, summary)?;
    ensure!(
        summary.missing == 0 && summary.doubled == 0,
        "missing {}, doubled {}",
        summary.missing,
        summary.doubled
    );
    let agreed = summary.close.as_ref().is_some_and(|close| close.agreed);
    ensure!(agreed, "till and headquarters do not agree on the day");
    Ok(())
}

fn sale_of(day: &Day<'_>, folder: &Path, seen: &Value) -> Result<Sale> {
    let text = |name: &str| seen[name].as_str().unwrap_or_default().to_owned();
    let number = |name: &str| seen[name].as_i64().unwrap_or_default();
    // SP1:<terminal>:<epoch>:<seq>:<check>, PROTOCOL "Receipt code".
    let code = text("receipt_code");
    let mut parts = code.split(':').skip(1).map(str::to_owned);
    let (terminal, epoch) = (parts.next().context("a terminal")?, parts.next().context("an epoch")?);
    let seq: u64 = parts.next().context("a number")?.parse()?;
    let event = day.shop.read(&format!("/v1/read/events/{terminal}/{epoch}/{seq}")).ok();
    let said = |name: &str| event.as_ref().and_then(|event| event[name].as_str()).map(str::to_owned);
    let tenders = seen["tenders"].as_array().cloned().unwrap_or_default();
    let receipt_no = text("receipt_no");
    Ok(Sale {
        online: day.book.online.contains(&receipt_no),
        receipt_bin: paper(folder, &receipt_no)?,
        sale_id: text("sale_id"),
        terminal,
        epoch,
        seq,
        kind: text("kind"),
        total_fen: number("total_fen"),
        tenders: tenders
            .iter()
            .map(|tender| Tender {
                kind: tender["kind"].as_str().unwrap_or_default().to_owned(),
                amount_fen: tender["amount_fen"].as_i64().unwrap_or_default(),
            })
            .collect(),
        member: seen["member_name"].as_str().map(str::to_owned),
        points_earned: number("points_earned"),
        points_redeemed: number("points_redeemed"),
        verdict: said("verdict"),
        case: said("case"),
        receipt_no,
    })
}

/// The file that holds every byte the printer got for this receipt, beside the summary.
fn paper(folder: &Path, receipt_no: &str) -> Result<Option<String>> {
    let mut names = Vec::new();
    for file in std::fs::read_dir(folder.join("receipts"))? {
        let name = file?.file_name().to_string_lossy().into_owned();
        if name.starts_with(&format!("{receipt_no}-")) && name.ends_with(".bin") {
            names.push(format!("receipts/{name}"));
        }
    }
    Ok(names.into_iter().min())
}

fn member(day: &Day<'_>) -> Result<Member> {
    let found = day.ask("member_find", &json!({ "query": MEMBER_CARD }))?;
    let id = found[0]["member_id"].as_str().context("the member is found by the card")?.to_owned();
    let confirmed_after = found[0]["balance"]["confirmed"].as_i64().context("a balance")?;
    let at_hq = day.shop.read(&format!("/v1/read/members/{id}"))?["points"].as_i64();
    ensure!(at_hq == Some(confirmed_after), "the till says {confirmed_after}, headquarters {at_hq:?}");
    let confirmed_before = day.book.points_before.context("the card was scanned")?;
    Ok(Member { id, confirmed_before, confirmed_after })
}

/// The closed day as both sides have it; a sale at headquarters that no till knows is a double.
fn close(day: &Day<'_>, summary: &mut Summary) -> Result<()> {
    let date = day.book.business_day.as_deref().context("the day was closed")?;
    let till_total_fen = day.book.z_total_fen.context("the Z report was seen")?;
    let at_hq = day.shop.read(&format!("/v1/read/stores/S001/days/{date}"))?;
    let hq_total_fen = at_hq["total_fen"].as_i64().context("a total")?;
    let agreed = till_total_fen == hq_total_fen && at_hq["state"] == "agreed";
    summary.close = Some(Close { till_total_fen, hq_total_fen, agreed });
    let mut keys: Vec<_> = summary.sales.iter().map(|sale| &sale.sale_id).collect();
    keys.sort();
    keys.dedup();
    summary.doubled = u64::try_from(summary.sales.len() - keys.len())?;
    Ok(())
}
