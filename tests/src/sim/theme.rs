//! What a seed is mostly about. Two mistakes that need each other's help meet once in thousands of seeds
//! when every rate is drawn alone; a theme turns the few rates up that a corner of the shop needs.

use super::swarm::Fault;
use crate::chance::Chance;

/// How often people do what. Of a thousand, where nothing else is said.
#[derive(Clone, Copy, Debug)]
pub struct Habits {
    /// Customers who are one of two regulars, so that tills meet over the same points.
    pub regulars: u64,
    /// Members who spend points.
    pub redeem: u64,
    /// Of those, who spend all they have.
    pub redeem_all: u64,
    /// Baskets that are large: most coupons ask for one.
    pub large: u64,
    /// Members who use a coupon.
    pub coupons: u64,
    /// Of a hundred pieces of work: goods that come back.
    pub refunds: u64,
    /// Goods that come back to another till than the one that sold them.
    pub elsewhere: u64,
    /// Of a hundred pieces of work: somebody joins.
    pub joins: u64,
    /// Of a hundred pieces of work: stored value is bought.
    pub top_ups: u64,
    /// Members who pay with stored value.
    pub stored: u64,
    /// Actions of a seed that are a person's at headquarters: answers to cases.
    pub answers: u64,
    /// The same: orders about members and coupons.
    pub orders: u64,
    /// Of a hundred pieces of work: a shift is closed; as often a day.
    pub closes: u64,
}

const HABITS: Habits = Habits {
    regulars: 500,
    redeem: 450,
    redeem_all: 500,
    large: 300,
    coupons: 350,
    refunds: 10,
    elsewhere: 200,
    joins: 8,
    top_ups: 4,
    stored: 250,
    answers: 50,
    orders: 25,
    closes: 3,
};

/// One theme: its share of all seeds, what it turns on whatever the swarm drew, and how people behave.
#[derive(Clone, Copy, Debug)]
pub struct Theme {
    pub name: &'static str,
    /// Its share, against the sum of all.
    pub seeds: u64,
    /// The tills of a store find each other.
    pub lan: bool,
    /// Tills forget what is in a proved backup, and headquarters is restored from those alone.
    pub forgets: bool,
    /// Lowest rates of some faults.
    pub faults: &'static [(Fault, u64)],
    /// What stores are lent of stored value, where it is not the demo shop's share, thousandths.
    pub lends_permille: Option<i64>,
    /// Faults that it never has, whatever the swarm drew.
    pub never: &'static [Fault],
    pub habits: Habits,
}

const PLAIN: Theme = Theme {
    name: "as it comes",
    seeds: 19,
    lan: false,
    forgets: false,
    faults: &[],
    lends_permille: None,
    never: &[],
    habits: HABITS,
};

/// Every theme; the first is none.
pub const THEMES: &[Theme] = &[
    PLAIN,
    Theme {
        name: "headquarters goes back",
        seeds: 14,
        faults: &[
            (Fault::RestoreHqTold, 45),
            (Fault::RestoreHqSilent, 45),
            (Fault::LoseAnswer, 200),
            (Fault::CrashInTurn, 30),
            (Fault::LineDown, 60),
        ],
        ..PLAIN
    },
    Theme {
        name: "copies of tills",
        seeds: 12,
        faults: &[
            (Fault::RestoreTill, 40),
            (Fault::RestoreTillUnnoticed, 60),
            (Fault::CloneTill, 40),
            (Fault::LoseAnswer, 120),
        ],
        ..PLAIN
    },
    Theme {
        name: "one purse, many counters",
        seeds: 14,
        faults: &[
            (Fault::StoreDark, 90),
            (Fault::LineDown, 90),
            (Fault::LineMute, 40),
            (Fault::DoubleClick, 300),
        ],
        habits: Habits {
            regulars: 950,
            redeem: 900,
            redeem_all: 900,
            stored: 500,
            top_ups: 8,
            answers: 90,
            ..HABITS
        },
        ..PLAIN
    },
    Theme {
        name: "few coupons",
        seeds: 10,
        faults: &[(Fault::StoreDark, 90), (Fault::LineDown, 120)],
        habits: Habits {
            regulars: 950,
            large: 900,
            coupons: 1_000,
            redeem: 200,
            refunds: 25,
            orders: 60,
            ..HABITS
        },
        ..PLAIN
    },
    Theme {
        name: "namesakes",
        seeds: 8,
        faults: &[(Fault::StoreDark, 90), (Fault::LineDown, 90)],
        habits: Habits { regulars: 100, joins: 30, orders: 60, answers: 90, ..HABITS },
        ..PLAIN
    },
    Theme {
        name: "goods come back elsewhere",
        seeds: 12,
        faults: &[
            (Fault::RestoreHqTold, 70),
            (Fault::RestoreHqSilent, 70),
            (Fault::LineDown, 150),
            (Fault::LoseAsk, 100),
        ],
        habits: Habits { refunds: 25, elsewhere: 800, joins: 14, redeem: 600, coupons: 600, ..HABITS },
        ..PLAIN
    },
    Theme {
        name: "tills that see each other",
        seeds: 12,
        lan: true,
        faults: &[
            (Fault::LanSplit, 60),
            (Fault::LineDown, 120),
            (Fault::LineBlack, 40),
            (Fault::StoreDark, 60),
            (Fault::CrashTill, 40),
        ],
        habits: Habits { regulars: 900, redeem: 600, coupons: 700, refunds: 14, ..HABITS },
        ..PLAIN
    },
    Theme {
        name: "copies that see each other",
        seeds: 5,
        lan: true,
        faults: &[
            (Fault::LineDown, 120),
            (Fault::RestoreTillUnnoticed, 30),
            (Fault::CloneTill, 20),
            (Fault::RestoreHqTold, 20),
            (Fault::RestoreHqSilent, 20),
        ],
        ..PLAIN
    },
    Theme {
        name: "backups that are relied on",
        seeds: 5,
        forgets: true,
        faults: &[
            (Fault::RestoreHqTold, 60),
            (Fault::Forget, 90),
            (Fault::LoseAnswer, 100),
            (Fault::Night, 30),
        ],
        ..PLAIN
    },
];

/// Themes that came later. They are drawn apart, so that most seeds stay what they were.
pub const LATER: &[Theme] = &[
    Theme {
        name: "money that is lent",
        seeds: 10,
        lends_permille: Some(900),
        faults: &[(Fault::StoreDark, 60), (Fault::LineDown, 90)],
        never: &[
            Fault::StepClock,
            Fault::RestoreTill,
            Fault::RestoreTillUnnoticed,
            Fault::CloneTill,
            Fault::RestoreHqTold,
            Fault::RestoreHqSilent,
        ],
        habits: Habits {
            regulars: 950,
            stored: 950,
            top_ups: 14,
            redeem: 50,
            large: 600,
            joins: 0,
            orders: 0,
            ..HABITS
        },
        ..PLAIN
    },
    Theme {
        name: "backups that come late",
        seeds: 10,
        forgets: true,
        faults: &[
            (Fault::RestoreHqTold, 60),
            (Fault::Forget, 150),
            (Fault::Night, 20),
            (Fault::LineDown, 40),
        ],
        never: &[Fault::CloneTill, Fault::RestoreTill, Fault::RestoreTillUnnoticed],
        habits: Habits { closes: 12, ..HABITS },
        ..PLAIN
    },
];

/// Seeds of a thousand that have one of those.
const LATER_SEEDS: u64 = 100;

/// The theme of a seed; `apart` decides about those that came later.
pub fn draw(chance: &mut Chance, apart: &mut Chance) -> &'static Theme {
    let drawn = pick(THEMES, chance);
    if apart.odds(LATER_SEEDS) { pick(LATER, apart) } else { drawn }
}

fn pick(themes: &'static [Theme], chance: &mut Chance) -> &'static Theme {
    let mut at = chance.below(themes.iter().map(|theme| theme.seeds).sum());
    let hit = |theme: &&Theme| {
        let hit = at < theme.seeds;
        at = at.saturating_sub(theme.seeds);
        hit
    };
    themes.iter().find(hit).unwrap_or(&themes[0])
}
