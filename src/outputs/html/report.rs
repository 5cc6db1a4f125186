//! The helpdesk's page: one file, no script, nothing asked of anybody; to read on a screen, light or dark, and on paper.

use askama::Template;

use super::timeline::Timeline;
use super::{Part, drawing, judged, parts, word};
use crate::checks::{Arg, say};
use crate::facts::text::harmless;
use crate::outputs::phrase;
use crate::outputs::report::{Answers, Material, at, redaction};
use crate::words::Words;

/// More troubles are in `history.jsonl` only.
const MOST: usize = 200;

#[derive(Template)]
#[template(path = "report.html")]
struct Report<'a> {
    lang: &'static str,
    title: String,
    skip: String,
    icon: &'static str,
    state: &'static str,
    word: String,
    summary: String,
    connection: String,
    taken: String,
    labels: Labels,
    code: &'a str,
    note: String,
    answers: &'a Answers,
    contact: String,
    timeline: Timeline,
    troubles: Vec<Row>,
    left_out: String,
    parts: Vec<Part>,
    seen: String,
    asks: String,
    errors: &'a [String],
    versions: &'a [(String, String)],
    redacted: String,
    judged: String,
    made: String,
}

/// A trouble of the past.
struct Row {
    state: &'static str,
    began: String,
    lasted: String,
    severity: String,
    title: String,
    network: String,
}

struct Labels {
    short: String,
    code: String,
    note: String,
    lies: String,
    since: String,
    changed: String,
    rules: String,
    next: String,
    contact: String,
    none: String,
    reach: String,
    past: String,
    nothing: String,
    legend: String,
    course: String,
    troubles: String,
    began: String,
    lasted: String,
    what: String,
    network: String,
    errors: String,
    versions: String,
}

impl Labels {
    fn of(words: &Words) -> Self {
        Self {
            short: words.get("report-short"),
            code: words.get("report-label-code"),
            note: words.get("report-label-note"),
            lies: words.get("report-label-lies"),
            since: words.get("report-label-since"),
            changed: words.get("report-label-changed"),
            rules: words.get("report-label-rules"),
            next: words.get("report-label-next"),
            contact: words.get("report-label-contact"),
            none: words.get("report-none"),
            reach: words.get("report-reach"),
            past: words.get("report-past"),
            nothing: words.get("history-nothing"),
            legend: words.get("report-timeline-says"),
            course: words.get("report-course"),
            troubles: words.get("report-troubles"),
            began: words.get("report-column-began"),
            lasted: words.get("report-column-lasted"),
            what: words.get("report-column-what"),
            network: words.get("report-column-network"),
            errors: words.get("report-errors"),
            versions: words.get("report-versions"),
        }
    }
}

/// The page.
///
/// # Errors
/// When the template does not render: a fault of ours.
pub fn page(words: &Words, material: &Material, answers: &Answers) -> Result<String, askama::Error> {
    let Material { verdict, guidance, about, .. } = material;
    let left_out = material.past.troubles.len().saturating_sub(MOST);
    let page = Report {
        lang: words.lang().tag(),
        title: words.get("report-title"),
        skip: words.get("html-skip"),
        icon: drawing(verdict.word),
        state: verdict.word.word(),
        word: words.get(word(verdict.word)),
        summary: phrase::summary(words, verdict),
        connection: phrase::connection(words, verdict),
        taken: at(material, verdict.taken_at),
        labels: Labels::of(words),
        code: &about.code,
        note: about.note.as_deref().map(|note| harmless(note, 4000)).unwrap_or_default(),
        answers,
        contact: phrase::contact(&guidance.contact).unwrap_or_default(),
        timeline: Timeline::of(words, material),
        troubles: material
            .past
            .troubles
            .iter()
            .skip(left_out)
            .rev()
            .map(|trouble| row(words, material, trouble))
            .collect(),
        left_out: if left_out == 0 {
            String::new()
        } else {
            words.say(&say("report-left-out").with("count", left_out))
        },
        parts: parts(words, verdict, guidance),
        seen: words.get("html-seen"),
        asks: words.get("html-asks"),
        errors: &material.errors,
        versions: &material.versions,
        redacted: redaction(words, material),
        judged: judged(words, guidance),
        made: words.say(&say("report-made").with("version", &about.homeward)),
    };
    page.render()
}

fn row(words: &Words, material: &Material, trouble: &crate::history::Trouble) -> Row {
    let grave = matches!(trouble.severity.as_str(), "critical" | "high");
    let known = crate::checks::find(&trouble.check);
    let lasted = phrase::lasted(trouble.began, trouble.ended.unwrap_or(material.verdict.taken_at));
    let here = trouble.network.is_some() && trouble.network == material.here;
    let network = trouble.network.clone().unwrap_or_else(|| words.get("report-unknown"));
    Row {
        state: if grave { "not-ok" } else { "attention" },
        began: trouble.began.to_zoned_datetime(material.zone.clone()).strftime("%Y-%m-%d %H:%M").to_string(),
        lasted: if trouble.ended.is_some() { lasted } else { words.say(&say("report-so-far").with("lasted", lasted)) },
        severity: words
            .say(&say("report-severity").with("severity", Arg::Key(format!("severity-{}", trouble.severity)))),
        title: known.map_or_else(|| harmless(&trouble.check, 60), |check| phrase::plain(&words.check(check).title)),
        network: if here { words.say(&say("report-here").with("network", network)) } else { harmless(&network, 60) },
    }
}
