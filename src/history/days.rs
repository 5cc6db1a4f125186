//! The past day by day: what is drawn of it, on the terminal and on paper.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::Past;

/// What is shown of a part of a day: the worst of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// Nobody looked.
    NotWatched,
    /// All was well.
    Fine,
    /// It could not be told.
    CannotTell,
    /// Something was to be put right.
    Attention,
    /// Not fit for work.
    NotOk,
}

impl Mark {
    pub(super) fn of(verdict: &str) -> Self {
        match verdict {
            "ok" => Self::Fine,
            "attention" => Self::Attention,
            "not-ok" => Self::NotOk,
            _ => Self::CannotTell,
        }
    }

    /// Its word; none where nobody looked.
    pub const fn word(self) -> Option<&'static str> {
        match self {
            Self::NotWatched => None,
            Self::Fine => Some("ok"),
            Self::CannotTell => Some("cannot-tell"),
            Self::Attention => Some("attention"),
            Self::NotOk => Some("not-ok"),
        }
    }
}

/// A day by the person's calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    /// The date.
    pub date: Date,
    /// Its parts, the earliest first.
    pub marks: Vec<Mark>,
}

/// The last days since `from`, the earliest first: at most so many, each in so many parts. Days before it was first watched are
/// left out.
pub fn days(past: &Past, from: Timestamp, now: Timestamp, zone: &TimeZone, most: (usize, usize)) -> Vec<Day> {
    let (most, parts) = most;
    let mut days: Vec<(i64, Day)> = Vec::new();
    let mut date = now.to_zoned_datetime(zone.clone()).date();
    let first = from.to_zoned_datetime(zone.clone()).date();
    while date >= first && days.len() < most {
        let Ok(start) = date.to_zoned_datetime(zone.clone()) else { break };
        days.push((start.timestamp().as_second(), Day { date, marks: vec![Mark::NotWatched; parts] }));
        let Ok(before) = date.yesterday() else { break };
        date = before;
    }
    days.reverse();
    let length = 86_400 / i64::try_from(parts.max(1)).unwrap_or(1);
    for (number, since) in past.states.iter().enumerate() {
        let until = past.states.get(number + 1).map_or(now, |next| next.at).as_second();
        let mark = since.mark();
        for watched in &past.watched {
            let began = since.at.as_second().max(watched.began.as_second());
            let ended = until.min(watched.last.as_second()).min(now.as_second());
            if began <= ended {
                paint(&mut days, began, ended, length, mark);
            }
        }
    }
    // Before it was watched at all there is nothing to show.
    let seen = |(_, day): &(i64, Day)| day.marks.iter().any(|mark| *mark != Mark::NotWatched);
    let first = days.iter().position(seen).unwrap_or(0);
    days.split_off(first).into_iter().map(|(_, day)| day).collect()
}

/// Marks what lies between two times.
fn paint(days: &mut [(i64, Day)], began: i64, ended: i64, length: i64, mark: Mark) {
    // Days are in order: only those are visited that this touches.
    let first = days.partition_point(|(start, _)| start + 90_000 < began);
    for (start, day) in days.iter_mut().skip(first).take_while(|(start, _)| *start <= ended) {
        let part = |at: i64| usize::try_from((at - *start).div_euclid(length).max(0)).unwrap_or(0);
        let (from, to) = (part(began), part(ended));
        let count = (to + 1).saturating_sub(from);
        for shown in day.marks.iter_mut().skip(from).take(count) {
            *shown = (*shown).max(mark);
        }
    }
}
