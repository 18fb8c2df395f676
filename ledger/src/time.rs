//! Moments and business days as values. Nothing here reads a clock.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};

pub const MINUTE_MS: i64 = 60_000;
pub const HOUR_MS: i64 = 60 * MINUTE_MS;
pub const DAY_MS: i64 = 24 * HOUR_MS;

/// Milliseconds since 1970-01-01 UTC. RFC 3339 on the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp(pub i64);

impl Timestamp {
    pub fn millis(self) -> i64 {
        self.0
    }

    #[must_use]
    pub fn plus_ms(self, ms: i64) -> Self {
        Timestamp(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to `self`, negative when the order is the other way.
    pub fn since(self, earlier: Timestamp) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    fn at_zone(self, zone: Zone) -> DateTime<FixedOffset> {
        let offset = FixedOffset::east_opt(i32::from(zone.offset_min) * 60)
            .unwrap_or(FixedOffset::east_opt(0).expect("zero offset exists"));
        DateTime::<Utc>::from_timestamp_millis(self.0).unwrap_or_default().with_timezone(&offset)
    }

    /// `14:26` in the store's zone.
    pub fn hour_minute(self, zone: Zone) -> String {
        self.at_zone(zone).format("%H:%M").to_string()
    }

    /// `2026-11-21 14:26:07` in the store's zone, as receipts print it.
    pub fn receipt(self, zone: Zone) -> String {
        self.at_zone(zone).format("%Y-%m-%d %H:%M:%S").to_string()
    }

    /// `11-21 14:26`
    pub fn short(self, zone: Zone) -> String {
        self.at_zone(zone).format("%m-%d %H:%M").to_string()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = DateTime::<Utc>::from_timestamp_millis(self.0).unwrap_or_default();
        f.write_str(&at.to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

impl FromStr for Timestamp {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        DateTime::parse_from_rfc3339(text)
            .map(|at| Timestamp(at.timestamp_millis()))
            .map_err(|_| format!("a time is RFC 3339 with zone, not {text:?}"))
    }
}

/// The store's clock: offset from UTC in minutes, and the hour at which a business day ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Zone {
    /// +480 in China.
    pub offset_min: i16,
    /// 4 = a sale at 03:59 still belongs to the day before.
    pub cutover_hour: u8,
}

impl Zone {
    pub const CHINA: Zone = Zone { offset_min: 480, cutover_hour: 4 };
}

/// The store's business date. `2026-11-21` on the wire, computed once at the sale and stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BusinessDay(NaiveDate);

impl BusinessDay {
    pub fn at(moment: Timestamp, zone: Zone) -> Self {
        let shifted = moment.plus_ms(-i64::from(zone.cutover_hour) * HOUR_MS);
        BusinessDay(shifted.at_zone(zone).date_naive())
    }

    /// yyyymmdd as a number: how stores and indexes keep it.
    pub fn number(self) -> i64 {
        i64::from(self.0.year()) * 10_000 + i64::from(self.0.month()) * 100 + i64::from(self.0.day())
    }

    pub fn from_number(number: i64) -> Option<Self> {
        let (year, month, day) = (number / 10_000, number / 100 % 100, number % 100);
        NaiveDate::from_ymd_opt(
            i32::try_from(year).ok()?,
            u32::try_from(month).ok()?,
            u32::try_from(day).ok()?,
        )
        .map(BusinessDay)
    }

    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        BusinessDay(self.0 + chrono::Duration::days(days))
    }

    /// The same day so many months later, or the last one of a shorter month.
    #[must_use]
    pub fn plus_months(self, months: u32) -> Self {
        BusinessDay(self.0.checked_add_months(chrono::Months::new(months)).unwrap_or(NaiveDate::MAX))
    }

    /// The same day so many months earlier, or the last one of a shorter month.
    #[must_use]
    pub fn minus_months(self, months: u32) -> Self {
        BusinessDay(self.0.checked_sub_months(chrono::Months::new(months)).unwrap_or(NaiveDate::MIN))
    }

    /// The moment at which this business day ends in `zone`.
    pub fn ends_at(self, zone: Zone) -> Timestamp {
        let midnight =
            self.plus_days(1).0.and_hms_opt(0, 0, 0).expect("midnight exists").and_utc().timestamp_millis();
        Timestamp(midnight - i64::from(zone.offset_min) * MINUTE_MS + i64::from(zone.cutover_hour) * HOUR_MS)
    }
}

impl fmt::Display for BusinessDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m-%d"))
    }
}

impl FromStr for BusinessDay {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        NaiveDate::parse_from_str(text, "%Y-%m-%d")
            .map(BusinessDay)
            .map_err(|_| format!("a date is YYYY-MM-DD, not {text:?}"))
    }
}

crate::text::serde_as_text!(Timestamp BusinessDay);

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_sale_before_the_cutover_hour_belongs_to_the_day_before() {
        let day = |t| BusinessDay::at(at(t), Zone::CHINA).to_string();
        assert_eq!(day("2026-11-22T03:59:59+08:00"), "2026-11-21");
        assert_eq!(day("2026-11-22T04:00:00+08:00"), "2026-11-22");
    }

    #[test]
    fn a_business_day_ends_where_the_next_begins() {
        let day: BusinessDay = "2026-11-21".parse().unwrap();
        assert_eq!(day.ends_at(Zone::CHINA), at("2026-11-22T04:00:00+08:00"));
        assert_eq!(BusinessDay::at(day.ends_at(Zone::CHINA), Zone::CHINA), day.plus_days(1));
    }

    #[test]
    fn a_day_keeps_its_value_as_a_number() {
        let day: BusinessDay = "2026-02-28".parse().unwrap();
        assert_eq!(BusinessDay::from_number(day.number()), Some(day));
        assert_eq!(BusinessDay::from_number(20_260_230), None);
    }
}
