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
    pub habits: Habits,
}

/// Every theme; the first is none.
pub const THEMES: &[Theme] = &[
    Theme { name: "as it comes", seeds: 19, lan: false, forgets: false, faults: &[], habits: HABITS },
    Theme {
        name: "headquarters goes back",
        seeds: 14,
        lan: false,
        forgets: false,
        faults: &[
            (Fault::RestoreHqTold, 45),
            (Fault::RestoreHqSilent, 45),
            (Fault::LoseAnswer, 200),
            (Fault::CrashInTurn, 30),
            (Fault::LineDown, 60),
        ],
        habits: HABITS,
    },
    Theme {
        name: "copies of tills",
        seeds: 12,
        lan: false,
        forgets: false,
        faults: &[
            (Fault::RestoreTill, 40),
            (Fault::RestoreTillUnnoticed, 60),
            (Fault::CloneTill, 40),
            (Fault::LoseAnswer, 120),
        ],
        habits: HABITS,
    },
    Theme {
        name: "one purse, many counters",
        seeds: 14,
        lan: false,
        forgets: false,
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
    },
    Theme {
        name: "few coupons",
        seeds: 10,
        lan: false,
        forgets: false,
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
    },
    Theme {
        name: "namesakes",
        seeds: 8,
        lan: false,
        forgets: false,
        faults: &[(Fault::StoreDark, 90), (Fault::LineDown, 90)],
        habits: Habits { regulars: 100, joins: 30, orders: 60, answers: 90, ..HABITS },
    },
    Theme {
        name: "goods come back elsewhere",
        seeds: 12,
        lan: false,
        forgets: false,
        faults: &[
            (Fault::RestoreHqTold, 70),
            (Fault::RestoreHqSilent, 70),
            (Fault::LineDown, 150),
            (Fault::LoseAsk, 100),
        ],
        habits: Habits { refunds: 25, elsewhere: 800, joins: 14, redeem: 600, coupons: 600, ..HABITS },
    },
    Theme {
        name: "tills that see each other",
        seeds: 12,
        lan: true,
        forgets: false,
        faults: &[
            (Fault::LanSplit, 60),
            (Fault::LineDown, 120),
            (Fault::LineBlack, 40),
            (Fault::StoreDark, 60),
            (Fault::CrashTill, 40),
        ],
        habits: Habits { regulars: 900, redeem: 600, coupons: 700, refunds: 14, ..HABITS },
    },
    Theme {
        name: "copies that see each other",
        seeds: 5,
        lan: true,
        forgets: false,
        faults: &[
            (Fault::LineDown, 120),
            (Fault::RestoreTillUnnoticed, 30),
            (Fault::CloneTill, 20),
            (Fault::RestoreHqTold, 20),
            (Fault::RestoreHqSilent, 20),
        ],
        habits: HABITS,
    },
    Theme {
        name: "backups that are relied on",
        seeds: 5,
        lan: false,
        forgets: true,
        faults: &[
            (Fault::RestoreHqTold, 60),
            (Fault::Forget, 90),
            (Fault::LoseAnswer, 100),
            (Fault::Night, 30),
        ],
        habits: HABITS,
    },
];

/// The theme of a seed.
pub fn draw(chance: &mut Chance) -> &'static Theme {
    let mut at = chance.below(THEMES.iter().map(|theme| theme.seeds).sum());
    THEMES
        .iter()
        .find(|theme| {
            let hit = at < theme.seeds;
            at = at.saturating_sub(theme.seeds);
            hit
        })
        .unwrap_or(&THEMES[0])
}
