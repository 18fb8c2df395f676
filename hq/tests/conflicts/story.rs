//! The form of a story. Handles stand for ids ("m1", "c1", "A1"), what is not said has a default, and an
//! unknown word is an error.

use std::collections::BTreeMap;

use ledger::profile::ProfileField;
use ledger::time::{BusinessDay, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sync::decide::resolve::Choice;

/// 2026-11-21 10:00 in China: when every story begins.
pub const BEGIN: &str = "11-21 10:00";

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Story {
    /// `C1`
    pub class: String,
    /// What happens and why it ends so, in a few sentences.
    pub story: String,
    pub given: Given,
    pub events: Vec<Step>,
    /// `applied ok` by the step's name; `parked unknown_ref, applied ok` when it had to wait.
    pub verdicts: BTreeMap<String, String>,
    /// What the step wrote into the log, as [`crate::told`] puts it.
    pub entries: BTreeMap<String, Vec<String>>,
    pub cases: Vec<CaseLine>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Given {
    /// Till to store.
    pub tills: BTreeMap<String, String>,
    pub members: BTreeMap<String, GivenMember>,
    pub coupons: BTreeMap<String, GivenCoupon>,
    /// Laid over the demo's programme.
    pub programme: Map<String, Value>,
    /// Tills may deliver in any order: the final balances are the same.
    pub any_order: bool,
}

impl Default for Given {
    fn default() -> Self {
        let tills = [("A", "S001"), ("B", "S002")].map(|(till, store)| (till.into(), store.into()));
        Given {
            tills: tills.into(),
            members: BTreeMap::new(),
            coupons: BTreeMap::new(),
            programme: Map::new(),
            any_order: false,
        }
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GivenMember {
    pub points: i64,
    pub stored_fen: i64,
    pub tier: String,
    pub name: String,
    /// Any text: two members of one text have one number. The member's handle when it is not said.
    pub phone: Option<String>,
    pub home: String,
}

impl Default for GivenMember {
    fn default() -> Self {
        GivenMember {
            points: 0,
            stored_fen: 0,
            tier: "basic".into(),
            name: "王小梅".into(),
            phone: None,
            home: "S001".into(),
        }
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GivenCoupon {
    pub member: String,
    #[serde(default = "off_fen")]
    pub off_fen: i64,
    #[serde(default = "starts_on")]
    pub starts_on: BusinessDay,
    #[serde(default = "ends_on")]
    pub ends_on: BusinessDay,
    #[serde(default = "home")]
    pub home: String,
}

fn off_fen() -> i64 {
    1_500
}
fn starts_on() -> BusinessDay {
    "2026-01-01".parse().unwrap()
}
fn ends_on() -> BusinessDay {
    "2026-12-31".parse().unwrap()
}
fn home() -> String {
    "S001".into()
}

/// One thing that happens: a frame around exactly one verb.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "Map<String, Value>")]
pub struct Step {
    pub frame: Frame,
    pub what: What,
}

/// Where and when.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Frame {
    pub till: Option<String>,
    /// The step's name: by default till and number ("A1") for a till, the verb for everything else.
    #[serde(rename = "as")]
    pub name: Option<String>,
    /// On everybody's clock; a minute after the step before it when it is not said.
    pub at: Option<Moment>,
    /// What the till's own clock says instead, uncorrected.
    pub wall: Option<Moment>,
    /// The till cannot reach headquarters: it hears nothing and keeps what it records until it `sends`.
    pub offline: bool,
    /// Headquarters is of a version that does not know this kind until it is upgraded.
    pub kind_unknown: bool,
    /// Version of the configuration that the till rang it up with.
    pub bundle: Option<u64>,
    /// The event carries the id of this step's.
    pub same_id_as: Option<String>,
    /// What headquarters had made of it before it was restored: `applied ok`.
    pub before: Option<String>,
}

const FRAME: [&str; 9] =
    ["till", "as", "at", "wall", "offline", "kind_unknown", "bundle", "same_id_as", "before"];

impl TryFrom<Map<String, Value>> for Step {
    type Error = String;

    fn try_from(whole: Map<String, Value>) -> Result<Self, String> {
        let (frame, verb): (Map<_, _>, Map<_, _>) =
            whole.into_iter().partition(|(word, _)| FRAME.contains(&word.as_str()));
        if verb.len() != 1 {
            return Err(format!("a step has one verb, not {:?}", verb.keys().collect::<Vec<_>>()));
        }
        let read = |e: serde_json::Error| e.to_string();
        Ok(Step {
            frame: serde_json::from_value(frame.into()).map_err(read)?,
            what: serde_json::from_value(verb.into()).map_err(read)?,
        })
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    Sale(ShortSale),
    Refund(ShortRefund),
    Join(ShortJoin),
    TopUp(ShortTopUp),
    /// A till asks that two members be one.
    Ask(ShortAsk),
    /// A till asks for a change of a profile.
    Edit(ShortEdit),
    /// A till wraps a step's event into the stream in which it goes on.
    Recovers(ShortRefund),
    /// An operator's order, with handles where ids stand.
    Order(Map<String, Value>),
    /// Headquarters publishes its configuration once more.
    Publish {},
    /// An operator moves the till to another store; it hears of it when it goes on.
    Moves(ShortMove),
    /// The till goes on in a new stream; in the store where it stands now.
    GoesOn {},
    /// A till asks beforehand; the step's name stands for the token.
    Hold(ShortHold),
    /// A till asks for points to pass from one member to another.
    Transfer(ShortTransfer),
    /// Laid over the programme in force, under the next number.
    PublishProgramme(Map<String, Value>),
    /// Prices of articles from now on, fen.
    PublishPrices(BTreeMap<String, i64>),
    /// Headquarters' accounting of every store is closed up to this day.
    CloseAccounts(BusinessDay),
    /// Nightly jobs.
    ExpirePoints {},
    Tiers {},
    /// Finishes transfers that broke off.
    FinishTransfers {},
    /// A till hands over everything it kept, and hears what it missed.
    Sends {},
    /// A person answers a case.
    Resolve(Answer),
    /// Headquarters stops and starts again on the same database.
    Restart {},
    /// The same, with a version that knows every kind.
    Upgrade {},
}

impl What {
    /// True for what a till writes into its chain.
    pub fn is_recorded(&self) -> bool {
        matches!(
            self,
            What::Sale(_)
                | What::Refund(_)
                | What::Join(_)
                | What::TopUp(_)
                | What::Ask(_)
                | What::Edit(_)
                | What::Recovers(_)
        )
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ShortSale {
    pub member: Option<String>,
    /// Prices of the goods, one line each.
    pub goods_fen: Vec<i64>,
    /// Points on the receipt; what the till's programme gives when it is not said.
    pub earn: Option<i64>,
    pub spend: i64,
    pub coupons: Vec<String>,
    /// Paid out of stored value; the rest is cash.
    pub stored_fen: i64,
    /// The till read this member's card and knows nobody who carries it.
    pub guest: Option<String>,
    /// The tier that the till was told; the one that the member had at the start when it is not said.
    pub tier: Option<String>,
    /// Tokens that the sale captures, by the names of the steps that asked.
    pub grants: Vec<String>,
    /// Asked for by these steps, but the answer got lost.
    pub unanswered: Vec<String>,
}

impl Default for ShortSale {
    fn default() -> Self {
        ShortSale {
            member: None,
            goods_fen: vec![10_000],
            earn: None,
            spend: 0,
            coupons: Vec::new(),
            stored_fen: 0,
            guest: None,
            tier: None,
            grants: Vec::new(),
            unanswered: Vec::new(),
        }
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShortAsk {
    pub from: String,
    pub to: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShortEdit {
    pub member: String,
    pub field: ProfileField,
    pub value: String,
    /// Version of the field that the till saw.
    #[serde(default)]
    pub saw: u64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShortHold {
    pub member: String,
    #[serde(default)]
    pub points: i64,
    #[serde(default)]
    pub stored_fen: i64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShortTransfer {
    pub from: String,
    pub to: String,
    pub points: i64,
    /// Headquarters stops after the first step.
    #[serde(default)]
    pub breaks_off: bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShortMove {
    pub store: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShortRefund {
    /// The sale's step.
    pub of: String,
    /// Line and quantity of what comes back; the whole sale when it is not said.
    #[serde(default)]
    pub lines: Vec<(u16, i64)>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShortJoin {
    pub member: String,
    pub phone: Option<String>,
    #[serde(default = "name")]
    pub name: String,
}

fn name() -> String {
    "王小梅".into()
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShortTopUp {
    pub member: String,
    pub principal_fen: i64,
    #[serde(default)]
    pub bonus_fen: i64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The step whose case it is.
    pub of: String,
    pub choice: Choice,
}

/// A case as it stands when the story ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseLine {
    pub kind: String,
    /// The step that opened it.
    pub of: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coupon: Option<String>,
    /// `200 points`; `0 fen` when nothing stands on an exception account.
    pub amount: String,
    /// The answer that closed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
}

/// `11-21 10:05` of 2026, in China.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "String")]
pub struct Moment(pub Timestamp);

impl TryFrom<String> for Moment {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let (day, time) = text.split_once(' ').ok_or("a moment is a day and a time")?;
        format!("2026-{day}T{time}:00+08:00").parse().map(Moment)
    }
}
