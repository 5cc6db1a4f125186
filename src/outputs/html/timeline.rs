//! The past as a drawing: a row a day, from midnight to midnight. States differ by height and hatching, not by colour alone.

use jiff::civil::Date;

use crate::history::days::{Day, Mark, days};
use crate::outputs::report::Material;
use crate::words::Words;

/// More days have no row of their own.
const DAYS: usize = 31;
/// Parts of a day: five minutes each.
const PARTS: usize = 288;
/// Where the day begins, and how wide a part is (in the drawing's units).
const LEFT: f32 = 58.0;
const PART: f32 = 2.0;
/// A row's height, and the first one's place.
const ROW: usize = 16;
const TOP: usize = 16;

/// The drawing.
pub(super) struct Timeline {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) title: String,
    pub(super) says: String,
    pub(super) hours: Vec<Hour>,
    pub(super) rows: Vec<Row>,
}

/// A mark of the clock.
pub(super) struct Hour {
    pub(super) x: f32,
    pub(super) label: String,
}

/// A day.
pub(super) struct Row {
    pub(super) label: Date,
    pub(super) text: usize,
    pub(super) runs: Vec<Run>,
}

/// Parts of a day that are alike.
pub(super) struct Run {
    pub(super) state: &'static str,
    pub(super) x: f32,
    pub(super) y: usize,
    pub(super) width: f32,
    pub(super) height: usize,
    pub(super) says: String,
}

impl Timeline {
    pub(super) fn of(words: &Words, material: &Material) -> Self {
        let (past, now) = (&material.past, material.verdict.taken_at);
        let days = days(past, material.since, now, &material.zone, (DAYS, PARTS));
        let seen = days.iter().any(|day| day.marks.iter().any(|mark| *mark != Mark::NotWatched));
        let rows: Vec<Row> =
            days.iter().filter(|_| seen).enumerate().map(|(number, day)| row(words, number, day)).collect();
        let hours = (0..=24_u8)
            .step_by(3)
            .map(|hour| Hour { x: LEFT + f32::from(hour) * 12.0 * PART, label: format!("{hour:02}") });
        Self {
            width: 648,
            height: TOP + rows.len() * ROW + 4,
            title: words.get("report-timeline"),
            says: words.get("report-timeline-says"),
            hours: hours.collect(),
            rows,
        }
    }
}

fn row(words: &Words, number: usize, day: &Day) -> Row {
    let top = TOP + number * ROW;
    let mut runs: Vec<Run> = Vec::new();
    let mut at = 0;
    for group in day.marks.chunk_by(|a, b| a == b) {
        let (from, to) = (at, at + group.len());
        at = to;
        let Some((mark, state)) = group.first().and_then(|mark| Some((*mark, mark.word()?))) else { continue };
        let (height, word) = match mark {
            Mark::NotOk => (12, "word-not-ok"),
            Mark::Attention => (8, "word-attention"),
            Mark::CannotTell => (8, "word-cannot-tell"),
            Mark::Fine | Mark::NotWatched => (4, "word-ok"),
        };
        let clock = |part: usize| format!("{:02}:{:02}", part / 12, part % 12 * 5);
        let place = |part: usize| LEFT + PART * f32::from(u16::try_from(part).unwrap_or(0));
        runs.push(Run {
            state,
            x: place(from),
            y: top + 12 - height,
            width: place(to) - place(from),
            height,
            says: format!("{}–{} {}", clock(from), clock(to), words.get(word)),
        });
    }
    Row { label: day.date, text: top + 10, runs }
}
