//! `summary.txt`: what is read first, everywhere.

use super::{Answers, Material, answers};
use crate::outputs::page::{BOLD, Glyph, Look, PLAIN, Page};
use crate::outputs::{history, phrase, terminal};
use crate::words::Words;

/// More lines of the past are in the other files only.
const MOST: usize = 40;

pub(super) fn text(words: &Words, material: &Material, answers: &Answers) -> String {
    let mut page = Page::new(Look::PLAIN);
    let told = |page: &mut Page, label: &str, says: &str| {
        let label = format!("{}:", words.get(label));
        page.say(0, (BOLD, &label), PLAIN, says);
    };
    page.plain(0, &words.get("report-title"));
    page.plain(0, &answers::at(material, material.about.made_at));
    page.plain(0, &answers::redaction(words, material));
    told(&mut page, "report-label-code", &material.about.code);
    if let Some(note) = &material.about.note {
        told(&mut page, "report-label-note", &crate::facts::text::harmless(note, 4000));
    }
    page.blank();
    page.plain(0, &phrase::summary(words, &material.verdict));
    page.blank();
    told(&mut page, "report-label-lies", &answers.lies);
    for (side, says) in &answers.sides {
        page.say(2, (BOLD, side), PLAIN, says);
    }
    told(&mut page, "report-label-since", &answers.since);
    told(&mut page, "report-label-changed", answers.changed.first().map_or("", String::as_str));
    for line in answers.changed.iter().skip(1) {
        page.item(2, Glyph::Dot, PLAIN, line);
    }
    told(
        &mut page,
        "report-label-rules",
        &if answers.rules.is_empty() { words.get("report-none") } else { String::new() },
    );
    for rule in &answers.rules {
        page.item(2, Glyph::Dot, PLAIN, rule);
    }
    told(&mut page, "report-label-next", &answers.next);
    if let Some(contact) = phrase::contact(&material.guidance.contact) {
        told(&mut page, "report-label-contact", &contact);
    }
    page.blank();
    page.plain(0, &words.get("report-reach"));
    for step in &answers.reach {
        let glyph = match step.state {
            "ok" => Glyph::Fine,
            "not-ok" => Glyph::Bad,
            _ => Glyph::Unknown,
        };
        page.item(2, glyph, PLAIN, &step.says);
    }
    page.blank();
    page.plain(0, &words.get("report-details"));
    page.blank();
    let passive = material.facts.taken_by.passive;
    let mut text = page.into_text();
    text += &terminal::page(words, &material.verdict, &material.guidance, passive, true, Look::PLAIN);
    let mut page = Page::new(Look::PLAIN);
    page.blank();
    page.plain(0, &words.get("report-past"));
    if material.past.watched.is_empty() {
        page.plain(2, &words.get("history-nothing"));
    } else if material.past.troubles.is_empty() {
        page.plain(2, &answers.fine);
    }
    let left_out = material.past.troubles.len().saturating_sub(MOST);
    for trouble in material.past.troubles.iter().skip(left_out) {
        page.item(2, Glyph::Dot, PLAIN, &history::line(words, trouble, material.verdict.taken_at, &material.zone));
    }
    if !answers.course.is_empty() {
        page.blank();
        page.plain(0, &words.get("report-course"));
        for line in &answers.course {
            page.item(2, Glyph::Dot, PLAIN, line);
        }
    }
    page.blank();
    page.plain(0, &words.get("report-errors"));
    for error in &material.errors {
        page.item(2, Glyph::Unknown, PLAIN, error);
    }
    text += &page.into_text();
    text
}
