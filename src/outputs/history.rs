//! What happened when, for a person: a line a day, and what was wrong from when to when.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::checks::{self, Arg, say};
use crate::history::days::{Day, Mark, days};
use crate::history::{Past, Trouble};
use crate::outputs::page::{Glyph, Look, PLAIN, Page};
use crate::outputs::phrase;
use crate::words::Words;

/// More days than these have no line of their own.
const DAYS: usize = 14;
/// Marks of a day: one for each half hour.
const MARKS: usize = 48;

/// The whole page.
pub fn page(words: &Words, past: &Past, from: Timestamp, now: Timestamp, zone: &TimeZone, look: Look) -> String {
    let mut page = Page::new(look);
    if past.watched.is_empty() {
        page.plain(0, &words.get("history-nothing"));
        return page.into_text();
    }
    let unicode = look.unicode;
    for Day { date: day, marks } in days(past, from, now, zone, (DAYS, MARKS)) {
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

/// A trouble from when to when.
pub(super) fn line(words: &Words, trouble: &Trouble, now: Timestamp, zone: &TimeZone) -> String {
    let title = checks::find(&trouble.check).map_or_else(|| trouble.check.clone(), |check| words.check(check).title);
    let at = |time: Timestamp, form: &str| time.to_zoned_datetime(zone.clone()).strftime(form).to_string();
    let lasted = phrase::lasted(trouble.began, trouble.ended.unwrap_or(now));
    let key = if trouble.ended.is_some() { "history-line" } else { "history-line-lasting" };
    let said = say(key)
        .with("began", at(trouble.began, "%Y-%m-%d %H:%M"))
        .with("ended", trouble.ended.map(|ended| at(ended, "%H:%M")).unwrap_or_default())
        .with("lasted", lasted)
        .with("severity", Arg::Key(format!("severity-{}", trouble.severity)))
        .with("title", title);
    words.say(&said)
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
