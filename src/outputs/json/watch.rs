//! `homeward.watch/1`: one line for each change.

use serde::Serialize;

use crate::alerts::Action;
use crate::outputs::desktop::Told;
use crate::outputs::phrase;
use crate::verdict::{Verdict, Word};
use crate::words::Words;

/// The format's name.
pub const FORMAT: &str = "homeward.watch/1";

/// What of a verdict makes it another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gist {
    word: Word,
    offline: bool,
    failing: Vec<(&'static str, &'static str)>,
    open: Vec<&'static str>,
}

impl Gist {
    /// Of this verdict.
    pub fn of(verdict: &Verdict) -> Self {
        Self {
            word: verdict.word,
            offline: verdict.offline(),
            failing: verdict.failures().map(|finding| (finding.check.id, finding.severity.word())).collect(),
            open: verdict
                .findings
                .iter()
                .filter(|finding| finding.holds_up())
                .map(|finding| finding.check.id)
                .collect(),
        }
    }
}

#[derive(Serialize)]
struct Line<'a> {
    format: &'static str,
    at: String,
    event: &'static str,
    #[serde(flatten)]
    what: What<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum What<'a> {
    Verdict {
        verdict: &'static str,
        summary: String,
        failing: Vec<&'static str>,
        unknown: &'a [&'static str],
        causes: &'a [&'a str],
    },
    Told {
        check: &'static str,
        title: &'a str,
        body: &'a str,
        severity: &'static str,
    },
    Gone {
        check: &'static str,
    },
}

/// The line of a verdict that is another than the one before. `causes` are the changes that led to the look.
///
/// # Errors
/// When it does not serialise: a fault of ours.
pub fn verdict(
    words: &Words,
    verdict: &Verdict,
    gist: &Gist,
    causes: &[&str],
    now: jiff::Timestamp,
) -> serde_json::Result<Vec<u8>> {
    let what = What::Verdict {
        verdict: gist.word.word(),
        summary: phrase::summary(words, verdict),
        failing: gist.failing.iter().map(|(id, _)| *id).collect(),
        unknown: &gist.open,
        causes,
    };
    serde_json::to_vec(&Line { format: FORMAT, at: now.to_string(), event: "verdict", what })
}

/// The line of something told, replaced or taken back.
///
/// # Errors
/// When it does not serialise: a fault of ours.
pub fn alert(action: &Action, told: Option<&Told>, now: jiff::Timestamp) -> serde_json::Result<Vec<u8>> {
    let (title, body) = told.map_or(("", ""), |told| (told.title.as_str(), told.body.as_str()));
    let (event, what) = match action {
        Action::Show(bubble) | Action::Replace(bubble) => {
            let event = if matches!(action, Action::Show(_)) { "shown" } else { "replaced" };
            (event, What::Told { check: bubble.id(), title, body, severity: bubble.finding.severity.word() })
        }
        Action::Withdraw(id) => ("withdrawn", What::Gone { check: id }),
    };
    serde_json::to_vec(&Line { format: FORMAT, at: now.to_string(), event, what })
}
