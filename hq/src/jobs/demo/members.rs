//! Demo members: the same for ever, two thousand or a million, as opening balances of the log.

use std::collections::BTreeMap;

use ledger::coupon::{Benefit, CouponState};
use ledger::id::{Anchor, CouponId, Hash, MemberId, Shard, StoreId};
use ledger::member::{MemberState, card_no, mask_phone};
use ledger::money::Fen;
use ledger::posting::{Account, Unit};
use ledger::programme::OfflineRule;
use ledger::quota::lend;
use ledger::time::{BusinessDay, MINUTE_MS, Timestamp, Zone};
use serde::Deserialize;
use sync::protocol::entry::Effect;
use sync::protocol::snapshot::{CouponRow, MemberRow};

use super::fixture;
use crate::entries::{Heading, Scribe};
use crate::keys::Keys;
use crate::store::{Result, Store, StoreError};

const NAMES: &str = include_str!("../../../../fixtures/demo/names.json");
const COUPONS: &str = include_str!("../../../../fixtures/demo/coupons.json");
const STORES: [&str; 2] = ["S001", "S002"];
/// Member 1 of the demo's story.
const HEROINE: &str = "王小梅";
const HEROINE_POINTS: i64 = 1_260;
/// 2024-01-01: member ids must not depend on the day of `init`.
const FIRST_JOINED: Timestamp = Timestamp(1_704_067_200_000);
/// Above this the log names the opening without repeating every row: tills load a snapshot anyway.
const ROWS_IN_LOG_MAX: u32 = 20_000;
/// A new chain's logs are empty.
const FIRST_LSN: u64 = 1;
const CODE_ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

#[derive(Deserialize)]
struct Names {
    surnames: Vec<String>,
    given: Vec<String>,
}

#[derive(Deserialize)]
struct Template {
    title: String,
    benefit: Benefit,
    threshold_fen: Fen,
    days: i64,
}

struct Maker {
    names: Names,
    templates: Vec<Template>,
    keys: Keys,
    today: BusinessDay,
}

struct DemoMember {
    row: MemberRow,
    phone: String,
    points: i64,
    coupons: Vec<CouponRow>,
}

/// What one shard's opening entry holds so far.
#[derive(Default)]
struct Opening {
    programme: i64,
    effects_count: usize,
    logged: Vec<Effect>,
}

/// Writes members 1 to `count` in the order of their numbers, which keeps every index but the phones'
/// appending; then one `opening` entry per shard.
///
/// # Errors
/// What the database reports.
pub fn load(store: &dyn Store, count: u32, now: Timestamp) -> Result<()> {
    let tx = store.write()?;
    let maker = Maker {
        names: fixture("names", NAMES)?,
        templates: fixture("coupons", COUPONS)?,
        keys: Keys::load(&*tx)?,
        today: BusinessDay::at(now, Zone::CHINA),
    };
    let heading = Heading::job("opening");
    let mut scribe = Scribe::new(&*tx, now);
    let mut openings: BTreeMap<Shard, Opening> = BTreeMap::new();
    for n in 1..=count {
        let member = maker.member(n)?;
        tx.put_pii(member.row.id, &member.phone, &member.row.name)?;
        tx.claim_phone(&member.row.phone_hash, member.row.id)?;
        let shard = Anchor::from(member.row.id).shard();
        let opening = openings.entry(shard).or_default();
        opening.programme -= member.points;
        let effects = effects(member, opening.programme);
        scribe.apply(shard, FIRST_LSN, opening.effects_count, &heading, &effects)?;
        opening.effects_count += effects.len();
        if count <= ROWS_IN_LOG_MAX {
            opening.logged.extend(effects);
        }
    }
    for (shard, opening) in openings {
        scribe.append(shard, &heading, opening.logged)?;
    }
    tx.commit()
}

/// The member's rows and a balanced movement out of the programme.
fn effects(member: DemoMember, programme_after: i64) -> Vec<Effect> {
    let DemoMember { row, points, coupons, .. } = member;
    let (id, home) = (row.id, row.home_store.clone());
    let post = |account, delta, balance_after| Effect::Post {
        account,
        unit: Unit::Points,
        delta,
        balance_after,
        named: None,
    };
    let mut effects = vec![
        Effect::Member { row },
        Effect::Quota {
            member: id,
            store: home,
            points: lend(points, 1, OfflineRule::default().points_share_permille),
            fen: 0,
            until: None,
        },
    ];
    if points != 0 {
        effects.push(post(Account::Programme, -points, programme_after));
        effects.push(post(Account::Member(id), points, points));
    }
    effects.extend(coupons.into_iter().map(|row| Effect::CouponIssued { row }));
    effects
}

/// Twenty bytes that are always the same for the same name.
fn dice(name: &str) -> [u8; 32] {
    Hash::of(format!("suanpan-demo:{name}").as_bytes()).0
}

fn ten(dice: [u8; 32]) -> [u8; 10] {
    std::array::from_fn(|i| dice[i])
}

fn joined_at(n: u32) -> Timestamp {
    FIRST_JOINED.plus_ms(i64::from(n) * MINUTE_MS)
}

/// The id of demo member `n`, for ever.
pub fn member_id(n: u32) -> MemberId {
    MemberId::new(joined_at(n), ten(dice(&format!("member:{n}"))))
}

impl Maker {
    fn member(&self, n: u32) -> Result<DemoMember> {
        let dice = dice(&format!("profile:{n}"));
        let phone = format!("+86199{n:08}");
        let heroine = n == 1;
        let home = if heroine { 0 } else { usize::from(dice[0]) % STORES.len() };
        let row = MemberRow {
            id: member_id(n),
            card_no: card_no(n),
            phone_hash: self.keys.phone_hash(&phone),
            phone_mask: mask_phone(&phone[3..]),
            name: if heroine { HEROINE.to_owned() } else { self.name(&dice)? },
            tier: if heroine { "gold" } else { tier(dice[1]) }.to_owned(),
            state: MemberState::Active,
            home_store: StoreId::from(STORES[home]),
            joined_at: joined_at(n),
        };
        let random = i64::from(u16::from_be_bytes([dice[2], dice[3]]));
        let points = if heroine { HEROINE_POINTS } else { random % 4_000 };
        let coupons = self.coupons(n, &row, if heroine { 3 } else { usize::from(dice[4]) % 4 });
        Ok(DemoMember { row, phone, points, coupons })
    }

    fn name(&self, dice: &[u8; 32]) -> Result<String> {
        let pick = |list: &[String], a: usize, b: usize| {
            let at = usize::from(dice[a]) << 8 | usize::from(dice[b]);
            list.get(at % list.len().max(1)).cloned()
        };
        let surname = pick(&self.names.surnames, 5, 6);
        let given = pick(&self.names.given, 7, 8);
        surname
            .zip(given)
            .map(|(surname, given)| surname + &given)
            .ok_or_else(|| StoreError::Corrupt("demo names: a list is empty".to_owned()))
    }

    fn coupons(&self, n: u32, member: &MemberRow, count: usize) -> Vec<CouponRow> {
        let made = self.templates.iter().take(count).enumerate().map(|(place, template)| {
            let dice = dice(&format!("coupon:{n}:{place}"));
            let code: String =
                dice[10..20].iter().map(|b| char::from(CODE_ALPHABET[usize::from(b % 32)])).collect();
            CouponRow {
                id: CouponId::new(joined_at(n), ten(dice)),
                code: format!("CP{code}"),
                member: member.id,
                title: template.title.clone(),
                benefit: template.benefit,
                threshold_fen: template.threshold_fen,
                starts_on: self.today.plus_days(-1),
                ends_on: self.today.plus_days(template.days),
                home_store: member.home_store.clone(),
                state: CouponState::Open,
            }
        });
        made.collect()
    }
}

fn tier(die: u8) -> &'static str {
    match die {
        0..=178 => "basic",
        179..=229 => "silver",
        230..=250 => "gold",
        251.. => "diamond",
    }
}
