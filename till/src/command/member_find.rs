//! Finds members by card, phone, last four digits, name or pinyin; the cart stays as it is.

use hardware::scan::{Code, ScanContext, classify_with};
use ledger::member::Member;
use ledger::sale::Presented;
use ledger::store::members;
use sync::protocol::authorize::LookupRequest;

use crate::desk::Desk;
use crate::failure::Answer;
use crate::lookup;
use crate::view::{MemberFind, MemberView};

const FOUND_DEFAULT: u32 = 20;
const FOUND_MAX: u32 = 100;

pub fn member_find(desk: &Desk, args: MemberFind) -> Answer<Vec<MemberView>> {
    desk.staff()?;
    let limit = args.limit.unwrap_or(FOUND_DEFAULT).min(FOUND_MAX);
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let found: Vec<Member> = match classify_with(&desk.scan_rules(), &args.query, ScanContext::AnyOther) {
        Code::Member { code } => {
            let asked = LookupRequest::Card(code.clone());
            lookup::known(desk, |r| members::by_card(r, &code), asked)?.into_iter().collect()
        }
        Code::Phone { digits } => lookup::by_phone(desk, &digits)?.into_iter().collect(),
        Code::Text { query } | Code::Last4 { digits: query } => {
            desk.read(|r| Ok(members::search(r, &query, limit)?))?
        }
        _ => Vec::new(),
    };
    lookup::views(desk, &found, Presented::Typed)
}
