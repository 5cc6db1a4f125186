//! TELL in a browser: a page of its own, without a script, that asks nothing of anybody. What comes from outside is escaped
//! by the templates (`html/*.html`) and by the catalogue.

pub mod report;
mod timeline;

use askama::Template;

use crate::checks::Severity;
use crate::guidance::Guidance;
use crate::outputs::phrase;
use crate::verdict::{Finding, Settled, Verdict, Word};
use crate::words::Words;

/// The drawing beside the verdict, without its first line (see `service/icons`).
const fn drawing(word: Word) -> &'static str {
    match word {
        Word::Ok => include_str!("../../service/icons/homeward-ok.svg"),
        Word::Attention => include_str!("../../service/icons/homeward-attention.svg"),
        Word::CannotTell => include_str!("../../service/icons/homeward-cannot-tell.svg"),
        Word::NotOk => include_str!("../../service/icons/homeward-not-ok.svg"),
    }
}

#[derive(Template)]
#[template(path = "explanation.html")]
struct Explanation {
    lang: &'static str,
    title: String,
    skip: String,
    icon: &'static str,
    state: &'static str,
    word: String,
    summary: String,
    connection: String,
    taken: String,
    parts: Vec<Part>,
    seen: String,
    asks: String,
    judged: String,
    made: String,
}

/// Findings of one kind.
struct Part {
    heading: String,
    brief: bool,
    findings: Vec<Told>,
}

/// A finding in words.
#[derive(Default)]
struct Told {
    id: &'static str,
    state: &'static str,
    title: String,
    weight: String,
    advice: String,
    why: String,
    remedy: String,
    evidence: Vec<Shown>,
    matters: String,
    rules: Vec<String>,
}

struct Shown {
    says: String,
    basis: String,
    source: &'static str,
}

#[derive(Template)]
#[template(path = "plain.html")]
struct Plain {
    lang: &'static str,
    title: String,
    skip: String,
    text: String,
}

/// A page of plain text beneath a heading (a key of the catalogue).
///
/// # Errors
/// When the template does not render: a fault of ours.
pub fn plain(words: &Words, heading: &'static str, text: &str) -> Result<String, askama::Error> {
    let (lang, title, skip) = (words.lang().tag(), words.get(heading), words.get("html-skip"));
    Plain { lang, title, skip, text: text.to_owned() }.render()
}

/// The page that explains a verdict to the person it is about.
///
/// # Errors
/// When the template does not render: a fault of ours.
pub fn explanation(words: &Words, verdict: &Verdict, guidance: &Guidance) -> Result<String, askama::Error> {
    let parts = parts(words, verdict, guidance);
    let at = verdict.taken_at.to_zoned_datetime(jiff::tz::TimeZone::system());
    let at = at.strftime("%Y-%m-%d %H:%M").to_string();
    let page = Explanation {
        lang: words.lang().tag(),
        title: words.get("html-title"),
        skip: words.get("html-skip"),
        icon: drawing(verdict.word),
        state: verdict.word.word(),
        word: words.get(word(verdict.word)),
        summary: phrase::summary(words, verdict),
        connection: phrase::connection(words, verdict),
        taken: words.say(&crate::checks::say("judged-at").with("at", at)),
        parts,
        seen: words.get("html-seen"),
        asks: words.get("html-asks"),
        judged: judged(words, guidance),
        made: words.say(&crate::checks::say("html-made").with("version", env!("CARGO_PKG_VERSION"))),
    };
    page.render()
}

/// The key of a verdict's word.
const fn word(word: Word) -> &'static str {
    match word {
        Word::Ok => "word-ok",
        Word::Attention => "word-attention",
        Word::CannotTell => "word-cannot-tell",
        Word::NotOk => "word-not-ok",
    }
}

/// What it was judged by.
fn judged(words: &Words, guidance: &Guidance) -> String {
    let said = crate::checks::say("html-judged").with("name", &guidance.name).with("version", &guidance.version);
    words.say(&said.with("source", phrase::source(guidance)))
}

/// The findings by what they came to: what is wrong, what matters and could not be told, what is fine, what else could not be told.
fn parts(words: &Words, verdict: &Verdict, guidance: &Guidance) -> Vec<Part> {
    let of = |wanted: fn(&Finding) -> bool| verdict.findings.iter().filter(move |finding| wanted(finding));
    let part = |heading, brief, findings: Vec<&Finding>| Part {
        heading: words.get(heading),
        brief,
        findings: findings.into_iter().map(|finding| told(words, finding, guidance)).collect(),
    };
    let failing = |finding: &Finding| matches!(finding.result, Settled::Fail(_));
    vec![
        part("html-wrong", false, of(failing).collect()),
        part("html-open", false, of(Finding::holds_up).collect()),
        part("html-fine", true, of(|finding| matches!(finding.result, Settled::Pass(_))).collect()),
        part(
            "html-unknown",
            true,
            of(|finding| matches!(finding.result, Settled::Unknown(..)) && !finding.holds_up()).collect(),
        ),
    ]
}

fn told(words: &Words, finding: &Finding, guidance: &Guidance) -> Told {
    let mut told = Told {
        id: finding.check.id,
        title: phrase::title(words, finding),
        rules: phrase::rules_by_document(words, &finding.citations),
        evidence: finding
            .result
            .evidence()
            .iter()
            .map(|piece| Shown { says: words.say(&piece.says), basis: words.basis(piece.basis), source: piece.source })
            .collect(),
        ..Told::default()
    };
    match &finding.result {
        Settled::Fail(_) => {
            told.state = if finding.severity >= Severity::High { "not-ok" } else { "attention" };
            told.weight = words.get(match finding.severity {
                Severity::Info => "severity-info",
                Severity::Low => "severity-low",
                Severity::Medium => "severity-medium",
                Severity::High => "severity-high",
                Severity::Critical => "severity-critical",
            });
            told.advice = phrase::advice(words, finding, guidance);
            // Why it matters: the second section of the check's own words.
            told.matters = words
                .check(finding.check)
                .sections
                .get(1)
                .and_then(|section| section.paragraphs.first())
                .map(|paragraph| phrase::plain(paragraph))
                .unwrap_or_default();
        }
        Settled::Unknown(missing, _) => {
            told.state = "cannot-tell";
            told.weight = words.get("html-cannot-tell");
            told.why = words.reason(&missing.reason);
            told.remedy = words.remedy(&missing.reason);
        }
        Settled::Pass(_) => told.state = "ok",
        Settled::NotApplicable(_) => {}
    }
    told
}
