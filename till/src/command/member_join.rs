//! Makes the customer a member: one short form, with consent. The number leaves the till only sealed.

use crypto_box::PublicKey;
use ledger::event::SpendMode;
use ledger::fact::{Fact, MemberNew};
use ledger::id::{Anchor, MemberId, TerminalId};
use ledger::member::{Member, MemberState, card_no, mask_name, mask_phone, mobile_e164, phone_hash};
use ledger::sale::Presented;
use ledger::store::{Tx, members};
use zeroize::Zeroizing;

use crate::business_day;
use crate::cart::Shopper;
use crate::checkout;
use crate::clock::Dice;
use crate::desk::Desk;
use crate::failure::{Answer, Failure};
use crate::fault::Fault;
use crate::lookup;
use crate::member_card::FIRST_TIER;
use crate::recording::{Entry, committed, record};
use crate::settings;
use crate::view::{Joined, MemberJoin};

/// Longest name kept, characters.
const NAME_MAX: usize = 40;
/// Each terminal gives out its own hundred thousand card numbers, so that two tills never give the same
/// one while neither sees headquarters: serial = terminal * 100,000 + running number.
const CARDS_PER_TERMINAL: u32 = 100_000;
const TERMINAL_MAX: u32 = 999;

pub fn member_join(desk: &Desk, args: MemberJoin) -> Answer<Joined> {
    let (shop, staff) = (desk.shop()?, desk.staff()?);
    if !args.consent {
        return Err(Failure::new("consent_needed", "顾客还没有同意会员条款", "请顾客看过条款,同意后再办"));
    }
    let e164 = Zeroizing::new(mobile_e164(&args.phone).ok_or_else(bad_phone)?);
    let name: String = args.name.as_deref().unwrap_or_default().trim().chars().take(NAME_MAX).collect();
    let sealed = seal(desk, &shop.seal_key, &e164, &name)?;
    let member_id = MemberId::new(desk.now(), desk.fresh());
    let member = desk.write(|tx| {
        let hash = phone_hash(&shop.lookup_key, &e164);
        if members::by_phone_hash(tx, &hash)?.is_some() {
            return Err(known_already());
        }
        let member = Member {
            id: member_id,
            card_no: next_card_no(tx, shop.terminal)?,
            phone_hash: hash,
            phone_mask: mask_phone(e164.trim_start_matches("+86")),
            name: mask_name(&name),
            tier: FIRST_TIER.to_owned(),
            state: MemberState::Provisional,
            home_store: shop.store_id().clone(),
            joined_at: desk.now(),
        };
        members::put(tx, &member)?;
        let fact = MemberNew {
            member_id,
            card_no: member.card_no.clone(),
            phone_hash: hash,
            phone_mask: member.phone_mask.clone(),
            name_masked: member.name.clone(),
            home_store: member.home_store.clone(),
            staff: staff.id.clone(),
            consent_version: shop.consent.version,
        };
        let entry = Entry {
            id: Some(member_id.0),
            fact: Fact::MemberNew(fact),
            anchor: Some(Anchor::from(member_id)),
            mode: SpendMode::None,
            sealed_pii: Some(sealed.clone()),
        };
        let day = business_day::of(tx, shop.zone(), desk.now())?;
        record(desk, tx, &shop, day, entry)?;
        Ok(member)
    })?;
    committed(desk);
    desk.link.wake();
    attach(desk, member)
}

/// Who joins stands there, but showed no card: they earn at once and spend from the next visit on.
fn attach(desk: &Desk, member: Member) -> Answer<Joined> {
    let mut cart = checkout::cart(desk)?;
    cart.present(Some(Shopper { member: member.id, presented: Presented::Typed }));
    checkout::keep(desk, &cart)?;
    desk.session().strip = None;
    let views = lookup::views(desk, std::slice::from_ref(&member), Presented::Typed)?;
    let view = views.into_iter().next().ok_or_else(bad_phone)?;
    Ok(Joined { member: view, card_no: member.card_no })
}

/// Readable by headquarters only, from here on.
fn seal(desk: &Desk, seal_key: &[u8; 32], e164: &str, name: &str) -> Answer<Vec<u8>> {
    let personal = serde_json::json!({ "phone": e164, "name": name });
    let text = Zeroizing::new(personal.to_string());
    PublicKey::from(*seal_key)
        .seal(&mut Dice(&*desk.chance), text.as_bytes())
        .map_err(|_| Failure::new("internal", "手机号加密失败,没有保存", "请再试一次"))
}

fn next_card_no(tx: &Tx<'_>, terminal: TerminalId) -> Result<String, Fault> {
    let counter = settings::next_card(tx)?;
    if terminal.0 > TERMINAL_MAX || counter >= CARDS_PER_TERMINAL {
        return Err(
            Failure::new("cards_used_up", "这台收银机的新卡号已用完", "请到另一台收银机办会员").into()
        );
    }
    Ok(card_no(terminal.0 * CARDS_PER_TERMINAL + counter))
}

fn bad_phone() -> Failure {
    Failure::new("bad_phone", "手机号不对", "请输入 11 位手机号")
}

fn known_already() -> Fault {
    Failure::new("already_member", "这个手机号已经是会员", "直接输入手机号就能找到").into()
}
