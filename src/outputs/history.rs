//! What happened when, for a person: a line a day, and what was wrong from when to when.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::checks::{self, Arg, say};
use crate::history::{Past, Trouble};
use crate::outputs::page::{Glyph, Look, PLAIN, Page};
use crate::words::Words;

/// More days than these have no line of their own.
const DAYS: usize = 14;
/// A mark for so much of a day (seconds).
const PART: i64 = 1800;

/// The whole page.
pub fn page(words: &Words, past: &Past, from: Timestamp, now: Timestamp, zone: &TimeZone, look: Look) -> String {
    let mut page = Page::new(look);
    if past.watched.is_empty() {
        page.plain(0, &words.get("history-nothing"));
        return page.into_text();
    }
    let unicode = look.unicode;
    for (day, marks) in days(past, from, now, zone) {
        let line: String = marks.iter().map(|mark| shape(*mark, unicode)).collect();
        page.plain(0, &format!("{day}  {line}"));
    }
    page.dim(0, &words.get(if unicode { "history-legend" } else { "history-legend-plain" }));
    page.blank();
    if past.troubles.is_empty() {
        page.item(0, Glyph::Fine, PLAIN, &words.get("history-fine"));
    }
    for trouble in &past.troubles {
        let grave = matches!(trouble.severity.as_str(), "critical" | "high");
        let glyph = if grave { Glyph::Bad } else { Glyph::Warn };
        page.item(0, glyph, PLAIN, &line(words, trouble, now, zone));
    }
    page.into_text()
}

fn line(words: &Words, trouble: &Trouble, now: Timestamp, zone: &TimeZone) -> String {
    let title = checks::find(&trouble.check).map_or_else(|| trouble.check.clone(), |check| words.check(check).title);
    let at = |time: Timestamp, form: &str| time.to_zoned_datetime(zone.clone()).strftime(form).to_string();
    let lasted = trouble.ended.unwrap_or(now).duration_since(trouble.began).as_secs().max(0);
    let lasted = match (lasted / 3600, lasted / 60 % 60, lasted % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    };
    let key = if trouble.ended.is_some() { "history-line" } else { "history-line-lasting" };
    let said = say(key)
        .with("began", at(trouble.began, "%Y-%m-%d %H:%M"))
        .with("ended", trouble.ended.map(|ended| at(ended, "%H:%M")).unwrap_or_default())
        .with("lasted", lasted)
        .with("severity", Arg::Key(format!("severity-{}", trouble.severity)))
        .with("title", title);
    words.say(&said)
}

/// What is shown of a part of a day: the worst of it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Mark {
    NotWatched,
    Fine,
    CannotTell,
    Attention,
    NotOk,
}

const fn shape(mark: Mark, unicode: bool) -> char {
    match (mark, unicode) {
        (Mark::NotWatched, _) => ' ',
        (Mark::Fine, true) => '·',
        (Mark::Fine, false) => '.',
        (Mark::CannotTell, _) => '?',
        (Mark::Attention, true) => '▒',
        (Mark::Attention, false) => '-',
        (Mark::NotOk, true) => '█',
        (Mark::NotOk, false) => '#',
    }
}

/// The last days, the earliest first, each in parts.
fn days(past: &Past, from: Timestamp, now: Timestamp, zone: &TimeZone) -> Vec<(String, Vec<Mark>)> {
    let mut days: Vec<(String, Vec<Mark>)> = Vec::new();
    let mut day = now.to_zoned_datetime(zone.clone()).date();
    let first = from.to_zoned_datetime(zone.clone()).date();
    while day >= first && days.len() < DAYS {
        let Ok(start) = day.to_zoned_datetime(zone.clone()) else { break };
        let start = start.timestamp().as_second();
        let marks = (0..86_400 / PART).map(|part| worst(past, start + part * PART, now)).collect();
        days.push((day.to_string(), marks));
        let Ok(before) = day.yesterday() else { break };
        day = before;
    }
    days.reverse();
    // Before it was watched at all there is nothing to show.
    let first = days.iter().position(|(_, marks)| marks.iter().any(|mark| *mark != Mark::NotWatched)).unwrap_or(0);
    days.split_off(first)
}

/// The worst state within a part of a day, as far as it was watched.
fn worst(past: &Past, start: i64, now: Timestamp) -> Mark {
    let end = (start + PART).min(now.as_second());
    let mut worst = Mark::NotWatched;
    for (number, since) in past.states.iter().enumerate() {
        let until = past.states.get(number + 1).map_or(now, |next| next.at).as_second();
        let (began, until) = (since.at.as_second().max(start), until.min(end));
        let seen = past
            .watched
            .iter()
            .any(|watched| began.max(watched.began.as_second()) <= until.min(watched.last.as_second()));
        if began <= until && began < end && seen {
            worst = worst.max(match since.state.verdict.as_str() {
                "ok" => Mark::Fine,
                "attention" => Mark::Attention,
                "not-ok" => Mark::NotOk,
                _ => Mark::CannotTell,
            });
        }
    }
    worst
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::{Since, State, Watched};
    use crate::words::Lang;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn past() -> Past {
        let state = |time: &str, verdict: &str| Since {
            at: at(time),
            state: State { verdict: verdict.to_owned(), medium: None, vpn: None, network: None },
        };
        Past {
            watched: vec![Watched { began: at("2026-11-25T08:00:00Z"), last: at("2026-11-25T18:00:00Z") }],
            states: vec![
                state("2026-11-25T08:00:00Z", "ok"),
                state("2026-11-25T14:03:00Z", "not-ok"),
                state("2026-11-25T14:11:00Z", "ok"),
            ],
            troubles: vec![Trouble {
                check: "wifi-unencrypted".to_owned(),
                severity: "critical".to_owned(),
                began: at("2026-11-25T14:03:00Z"),
                ended: Some(at("2026-11-25T14:10:40Z")),
                network: None,
            }],
        }
    }

    #[test]
    fn a_day_is_a_line_and_a_trouble_says_how_long() {
        let look = Look { width: 100, colour: false, unicode: true };
        let (from, now) = (at("2026-11-25T00:00:00Z"), at("2026-11-26T07:00:00Z"));
        let text = page(&Words::new(Lang::En), &past(), from, now, &TimeZone::UTC, look);
        let day = text.lines().find(|line| line.starts_with("2026-11-25  ")).unwrap();
        let marks: Vec<char> = day.chars().skip("2026-11-25  ".len()).collect();
        assert_eq!((marks[15], marks[16], marks[28], marks[29]), (' ', '·', '█', '·'), "{day}");
        assert!(text.contains("14:03") && text.contains("14:10") && text.contains("7 min 40 s"), "{text}");
        let empty = page(&Words::new(Lang::En), &Past::default(), from, now, &TimeZone::UTC, look);
        assert!(empty.contains("homeward watch"), "{empty}");
    }
}
