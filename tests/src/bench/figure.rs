//! One figure: its slices, its floor, its budget, and whether it is met.
//!
//! Machines are shared: a slice of the floor and a slice of the product follow each other, each pair
//! has its own ratio, and a figure falls short only when its best slice does.

use std::collections::BTreeMap;
use std::time::Duration;

use super::report::{Row, Status};
use super::times::Times;

/// What one slice measured, and its floor beside it.
#[derive(Clone, Debug)]
pub struct Slice {
    pub value: Times,
    pub floor: Option<Times>,
}

/// In what the figure is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Ms,
    Us,
    /// Sizes, as [`Times::of_bytes`] holds them.
    Bytes,
}

impl Unit {
    fn name(self) -> &'static str {
        match self {
            Unit::Ms => "ms",
            Unit::Us => "us",
            Unit::Bytes => "B",
        }
    }

    fn per_second(self) -> f64 {
        match self {
            Unit::Ms => 1e3,
            Unit::Us => 1e6,
            Unit::Bytes => 1.0,
        }
    }
}

/// What a slice must reach.
#[derive(Clone, Copy, Debug)]
pub enum Budget {
    /// Floor's median over the product's median: the share of the possible speed.
    SpeedAtLeast(f64),
    /// Product's median over the floor's.
    TimesFloor(f64),
    /// Product's 99th percentile over the floor's.
    TailTimesFloor(f64),
    /// Both in ms; the floor is printed beside them.
    Within { p50: f64, p99: f64 },
    /// The size; its floor is printed beside it.
    BytesAtMost(f64),
    /// Several at once.
    Both(&'static Budget, &'static Budget),
    /// Printed, never judged.
    Goal,
}

pub struct Figure {
    pub name: &'static str,
    pub unit: Unit,
    pub budget: Budget,
    /// The same for people.
    pub promise: &'static str,
    pub slices: Vec<Slice>,
    /// What no neighbour on the machine can change; `ceiling` limits some.
    pub counters: BTreeMap<&'static str, f64>,
    pub ceilings: &'static [(&'static str, f64)],
}

impl Figure {
    pub fn new(name: &'static str, unit: Unit, budget: Budget, promise: &'static str) -> Figure {
        let counters = BTreeMap::new();
        Figure { name, unit, budget, promise, slices: Vec::new(), counters, ceilings: &[] }
    }

    pub fn with_slices(self, slices: Vec<Slice>) -> Figure {
        Figure { slices, ..self }
    }

    pub fn count(&mut self, counter: &'static str, value: f64) {
        self.counters.insert(counter, value);
    }

    pub fn judged(self) -> Row {
        let mut ratios: Vec<f64> = self.slices.iter().filter_map(|slice| ratio(self.budget, slice)).collect();
        ratios.sort_by(f64::total_cmp);
        let (mut value, mut floor) = (Times::default(), Times::default());
        for slice in &self.slices {
            value.add(&slice.value);
            slice.floor.iter().for_each(|times| floor.add(times));
        }
        let has_floor = !ratios.is_empty();
        Row {
            name: self.name.to_owned(),
            unit: self.unit.name().to_owned(),
            value_p50: self.in_unit(value.p50()),
            value_p99: self.in_unit(value.p99()),
            floor_p50: has_floor.then(|| self.in_unit(floor.p50())),
            ratio_median: ratios.get(ratios.len() / 2).copied(),
            ratio_min: ratios.first().copied(),
            ratio_max: ratios.last().copied(),
            better: if matches!(self.budget, Budget::SpeedAtLeast(_)) { "higher" } else { "lower" }
                .to_owned(),
            budget: self.promise.to_owned(),
            status: self.status(),
            slices: self.slices.len(),
            counters: self.counters.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect(),
        }
    }

    fn status(&self) -> Status {
        let over = |(name, most): &(&str, f64)| self.counters.get(name).is_some_and(|value| value > most);
        if self.slices.is_empty() {
            return Status::NotRun;
        }
        if matches!(self.budget, Budget::Goal) {
            return Status::Goal;
        }
        let reached = self.slices.iter().any(|slice| reaches(self.budget, slice));
        if reached && !self.ceilings.iter().any(over) { Status::Met } else { Status::Short }
    }

    fn in_unit(&self, time: Duration) -> f64 {
        time.as_secs_f64() * self.unit.per_second()
    }
}

fn ratio(budget: Budget, slice: &Slice) -> Option<f64> {
    let floor = slice.floor.as_ref()?;
    Some(match budget {
        Budget::SpeedAtLeast(_) => over(floor.p50(), slice.value.p50()),
        Budget::TailTimesFloor(_) => over(slice.value.p99(), floor.p99()),
        Budget::Both(first, _) => return ratio(*first, slice),
        Budget::TimesFloor(_) | Budget::Within { .. } | Budget::BytesAtMost(_) | Budget::Goal => {
            over(slice.value.p50(), floor.p50())
        }
    })
}

fn reaches(budget: Budget, slice: &Slice) -> bool {
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    match budget {
        Budget::SpeedAtLeast(least) => ratio(budget, slice).is_some_and(|ratio| ratio >= least),
        Budget::TimesFloor(most) | Budget::TailTimesFloor(most) => {
            ratio(budget, slice).is_some_and(|ratio| ratio <= most)
        }
        Budget::Within { p50, p99 } => ms(slice.value.p50()) <= p50 && ms(slice.value.p99()) <= p99,
        Budget::BytesAtMost(most) => slice.value.p50().as_secs_f64() <= most,
        Budget::Both(first, second) => reaches(*first, slice) && reaches(*second, slice),
        Budget::Goal => true,
    }
}

fn over(above: Duration, below: Duration) -> f64 {
    above.as_secs_f64() / below.as_secs_f64().max(1e-9)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slice(value_ms: u64, floor_ms: u64) -> Slice {
        let times = |ms| [Duration::from_millis(ms)].into_iter().collect::<Times>();
        Slice { value: times(value_ms), floor: Some(times(floor_ms)) }
    }

    fn judged(budget: Budget, slices: &[(u64, u64)]) -> Row {
        let slices = slices.iter().map(|(value, floor)| slice(*value, *floor)).collect();
        Figure::new("x", Unit::Ms, budget, "").with_slices(slices).judged()
    }

    #[test]
    fn one_good_slice_is_enough_and_none_falls_short() {
        let budget = Budget::SpeedAtLeast(0.5);
        assert_eq!(judged(budget, &[(9, 1), (2, 1)]).status, Status::Met);
        assert_eq!(judged(budget, &[(9, 1), (3, 1)]).status, Status::Short);
        assert_eq!(judged(budget, &[]).status, Status::NotRun);
    }

    #[test]
    fn ratios_are_those_of_the_slices() {
        let row = judged(Budget::TimesFloor(3.0), &[(2, 1), (4, 1), (3, 1)]);
        assert_eq!((row.ratio_min, row.ratio_median, row.ratio_max), (Some(2.0), Some(3.0), Some(4.0)));
    }

    #[test]
    fn a_counter_above_its_ceiling_falls_short_however_fast_it_is() {
        let mut figure =
            Figure::new("x", Unit::Ms, Budget::TimesFloor(3.0), "").with_slices(vec![slice(1, 1)]);
        figure.ceilings = &[("pages", 9.0)];
        figure.count("pages", 10.0);
        assert_eq!(figure.judged().status, Status::Short);
    }
}
