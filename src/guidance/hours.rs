//! When a person is at work, as far as guidance says: `mon-fri 09:00-18:00`.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{DateTime, Time, Weekday};

/// Some days of the week, from one time of the day to another, by the clock on the wall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hours {
    first: Weekday,
    last: Weekday,
    from: Time,
    to: Time,
}

const DAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Monday),
    ("tue", Weekday::Tuesday),
    ("wed", Weekday::Wednesday),
    ("thu", Weekday::Thursday),
    ("fri", Weekday::Friday),
    ("sat", Weekday::Saturday),
    ("sun", Weekday::Sunday),
];

impl Hours {
    /// Whether this is one of them. Hours that end before they begin reach into the next day.
    pub fn hold(&self, at: DateTime) -> bool {
        let day = |weekday: Weekday| {
            let (day, first, last) = (
                weekday.to_monday_zero_offset(),
                self.first.to_monday_zero_offset(),
                self.last.to_monday_zero_offset(),
            );
            if first <= last { (first..=last).contains(&day) } else { day >= first || day <= last }
        };
        let (today, time) = (at.weekday(), at.time());
        if self.from < self.to {
            day(today) && self.from <= time && time < self.to
        } else {
            (day(today) && self.from <= time) || (day(today.wrapping_sub(1)) && time < self.to)
        }
    }
}

impl FromStr for Hours {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wanted = || "is no working time; write \"mon-fri 09:00-18:00\" or \"sat 10:00-13:00\"".to_owned();
        let day = |text: &str| DAYS.iter().find(|(name, _)| *name == text).map(|(_, day)| *day).ok_or_else(wanted);
        let time = |text: &str| {
            let (hour, minute) = text.split_once(':').filter(|_| text.len() == 5).ok_or_else(wanted)?;
            let (hour, minute) = (hour.parse().map_err(|_| wanted())?, minute.parse().map_err(|_| wanted())?);
            Time::new(hour, minute, 0, 0).map_err(|_| wanted())
        };
        let lower = text.to_ascii_lowercase();
        let (days, times) = lower.split_once(' ').ok_or_else(wanted)?;
        let (first, last) = days.split_once('-').unwrap_or((days, days));
        let (from, to) = times.trim().split_once('-').ok_or_else(wanted)?;
        Ok(Self { first: day(first)?, last: day(last)?, from: time(from)?, to: time(to)? })
    }
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = |day: Weekday| DAYS.iter().find(|(_, one)| *one == day).map_or("", |(name, _)| *name);
        f.write_str(name(self.first))?;
        if self.first != self.last {
            write!(f, "-{}", name(self.last))?;
        }
        write!(f, " {:02}:{:02}-{:02}:{:02}", self.from.hour(), self.from.minute(), self.to.hour(), self.to.minute())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hold(hours: &str, at: &str) -> bool {
        hours.parse::<Hours>().unwrap().hold(at.parse().unwrap())
    }

    #[test]
    fn a_working_week() {
        // 2026-11-23 is a Monday.
        assert!(hold("mon-fri 09:00-18:00", "2026-11-23T09:00"));
        assert!(hold("mon-fri 09:00-18:00", "2026-11-27T17:59"));
        assert!(!hold("mon-fri 09:00-18:00", "2026-11-27T18:00"));
        assert!(!hold("mon-fri 09:00-18:00", "2026-11-28T12:00"), "a Saturday");
        assert!(hold("sat 10:00-13:00", "2026-11-28T12:00"));
        assert!(hold("sun-thu 08:00-16:00", "2026-11-22T08:00"), "a week that begins on Sunday");
        assert!(!hold("sun-thu 08:00-16:00", "2026-11-27T12:00"));
    }

    #[test]
    fn a_night_reaches_into_the_next_day() {
        assert!(hold("fri 22:00-06:00", "2026-11-27T23:00"));
        assert!(hold("fri 22:00-06:00", "2026-11-28T05:59"), "Saturday morning");
        assert!(!hold("fri 22:00-06:00", "2026-11-27T05:00"), "Friday morning");
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in
            ["", "mon", "mon 9-18", "mon 25:00-26:00", "monday 09:00-18:00", "mon-fri", "mon 09:00", "09:00-18:00"]
        {
            assert!(text.parse::<Hours>().is_err(), "{text}");
        }
        assert_eq!("MON-fri 09:00-18:30".parse::<Hours>().unwrap().to_string(), "mon-fri 09:00-18:30");
    }
}
