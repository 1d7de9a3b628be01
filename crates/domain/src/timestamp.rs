//! Points in time, with their own formatting: a calendar library would cost the browser more.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Milliseconds since 1970-01-01T00:00:00Z, as far as the API counts (it sends epoch seconds with
/// three decimals).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

const DAY: i64 = 86_400_000;
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

impl Timestamp {
    /// This point moved by whole days of 24 hours.
    #[must_use]
    pub const fn plus_days(self, days: i32) -> Self {
        Self(self.0.saturating_add(days as i64 * DAY))
    }

    /// Milliseconds from `earlier` to this; negative when this is before it.
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// ISO 8601 in UTC with milliseconds: `2026-03-18T14:22:05.120Z`.
    pub fn iso(self) -> String {
        let (year, month, day) = self.date();
        let in_day = self.0.rem_euclid(DAY);
        let (hours, minutes) = (in_day / 3_600_000, in_day / 60_000 % 60);
        let (seconds, millis) = (in_day / 1000 % 60, in_day % 1000);
        format!("{year:04}-{month:02}-{day:02}T{hours:02}:{minutes:02}:{seconds:02}.{millis:03}Z")
    }

    /// For people: `18 Mar 2026, 14:22 UTC`.
    pub fn human(self) -> String {
        let in_day = self.0.rem_euclid(DAY);
        let (hours, minutes) = (in_day / 3_600_000, in_day / 60_000 % 60);
        format!("{}, {hours:02}:{minutes:02} UTC", self.day())
    }

    /// To the second, as a log is read: `2026-03-18 14:22:05 UTC`.
    pub fn exact(self) -> String {
        let iso = self.iso();
        let to_second = iso.split('.').next().unwrap_or(&iso);
        format!("{} UTC", to_second.replace('T', " "))
    }

    /// [`Self::human`] in a zone that is so many minutes ahead of UTC: `18 Mar 2026, 19:52 UTC+05:30`.
    pub fn human_in(self, ahead: i32) -> String {
        self.there(ahead).human() + &offset(ahead)
    }

    /// [`Self::exact`] in such a zone: `2026-03-18 19:52:05 UTC+05:30`.
    pub fn exact_in(self, ahead: i32) -> String {
        self.there(ahead).exact() + &offset(ahead)
    }

    /// The point at which clocks in UTC show what those of the zone show now.
    const fn there(self, ahead: i32) -> Self {
        Self(self.0.saturating_add(ahead as i64 * 60_000))
    }

    /// The day alone: `18 Mar 2026`.
    pub fn day(self) -> String {
        let (year, month, day) = self.date();
        let name = MONTHS[usize::try_from(month - 1).unwrap_or(0)];
        format!("{day} {name} {year}")
    }

    /// How far from `now`, in the largest fitting unit: `18 min ago`, `in 3 d 4 h`.
    pub fn relative(self, now: Self) -> String {
        let difference = self.since(now);
        let text = span(difference.saturating_abs());
        match difference {
            _ if difference.saturating_abs() < 60_000 => "just now".to_owned(),
            1.. => format!("in {text}"),
            _ => format!("{text} ago"),
        }
    }

    // Days to civil date, after Howard Hinnant's `civil_from_days`.
    fn date(self) -> (i64, i64, i64) {
        let days = self.0.div_euclid(DAY) + 719_468;
        let era = days.div_euclid(146_097);
        let of_era = days.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * of_year + 2) / 153;
        let day = of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 {
            shifted + 3
        } else {
            shifted - 9
        };
        (year_of_era + era * 400 + i64::from(month <= 2), month, day)
    }
}

/// A length of time in its two largest units: `3 d 4 h`, `18 min`. Below a minute: `less than 1 min`.
pub fn span(millis: i64) -> String {
    let minutes = millis / 60_000;
    let (days, hours) = (minutes / 1440, minutes / 60 % 24);
    match (days, hours, minutes % 60) {
        (0, 0, 0) => "less than 1 min".to_owned(),
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, 0) => format!("{hours} h"),
        (0, hours, minutes) => format!("{hours} h {minutes} min"),
        (days, 0, _) | (days @ 30.., _, _) => format!("{days} d"),
        (days, hours, _) => format!("{days} d {hours} h"),
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.human())
    }
}

/// Minutes as they follow `UTC`: `+05:30`.
fn offset(ahead: i32) -> String {
    let (sign, by) = (if ahead < 0 { '-' } else { '+' }, ahead.unsigned_abs());
    format!("{sign}{:02}:{:02}", by / 60, by % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_in_utc() {
        assert_eq!(Timestamp(0).iso(), "1970-01-01T00:00:00.000Z");
        assert_eq!(
            Timestamp(1_700_000_000_123).iso(),
            "2023-11-14T22:13:20.123Z"
        );
        assert_eq!(Timestamp(951_782_400_000).iso(), "2000-02-29T00:00:00.000Z");
        assert_eq!(Timestamp(-1).iso(), "1969-12-31T23:59:59.999Z");
        assert_eq!(
            Timestamp(1_773_843_720_000).human(),
            "18 Mar 2026, 14:22 UTC"
        );
        assert_eq!(
            Timestamp(1_773_843_725_120).exact(),
            "2026-03-18 14:22:05 UTC"
        );
    }

    #[test]
    fn another_zone_has_its_own_clock_and_says_by_how_much() {
        let at = Timestamp(1_773_843_725_120);
        for (ahead, written) in [
            (0, "2026-03-18 14:22:05 UTC+00:00"),
            (330, "2026-03-18 19:52:05 UTC+05:30"),
            (-210, "2026-03-18 10:52:05 UTC-03:30"),
            (600, "2026-03-19 00:22:05 UTC+10:00"),
        ] {
            assert_eq!(at.exact_in(ahead), written);
        }
        assert_eq!(at.human_in(330), "18 Mar 2026, 19:52 UTC+05:30");
    }

    #[test]
    fn times_at_both_ends_of_counting_are_written() {
        let (first, last) = (Timestamp(i64::MIN), Timestamp(i64::MAX));
        for at in [first, last] {
            assert!(at.iso().ends_with('Z') && at.human().ends_with("UTC"));
            assert!(!at.relative(Timestamp(0)).is_empty());
        }
        assert!(first.relative(last).ends_with("ago"));
        assert_eq!(last.plus_days(1), last);
    }

    #[test]
    fn distances_use_the_largest_units() {
        let now = Timestamp(1_700_000_000_000);
        assert_eq!(Timestamp(now.0 - 18 * 60_000).relative(now), "18 min ago");
        assert_eq!(
            Timestamp(now.0 + 3 * DAY + 4 * 3_600_000).relative(now),
            "in 3 d 4 h"
        );
        assert_eq!(now.relative(now), "just now");
        assert_eq!(now.plus_days(40).relative(now), "in 40 d");
    }
}
