//! What a check is about, from its own words: the same text as the report's and the documentation's.

use crate::checks::{Arg, Check, Message, say};
use crate::guidance::{Guidance, SeverityRule};
use crate::outputs::page::{BOLD, Glyph, Look, PLAIN, Page};
use crate::outputs::phrase;
use crate::verdict::ClauseRef;
use crate::words::{CODE, Words};

/// Everything about one check.
pub fn page(words: &Words, check: &'static Check, guidance: &Guidance, look: Look) -> String {
    let own = words.check(check);
    let mut page = Page::new(look);
    page.bold(0, &own.title);
    page.dim(0, &words.say(&weight(check, guidance)));
    page.blank();
    page.plain(0, &own.asks);
    for section in &own.sections {
        page.blank();
        page.bold(0, &section.heading);
        let (mut listed, mut coded) = (false, false);
        for (number, paragraph) in section.paragraphs.iter().enumerate() {
            let (item, code) = (paragraph.strip_prefix("- "), paragraph.strip_prefix(CODE));
            if number > 0 && !(listed && item.is_some()) && !(coded && code.is_some()) {
                page.blank();
            }
            (listed, coded) = (item.is_some(), code.is_some());
            if let Some(code) = code {
                page.plain(4, code);
                continue;
            }
            match item {
                Some(item) => page.item(2, Glyph::Dot, PLAIN, &phrase::plain(item)),
                None => page.plain(2, &phrase::plain(paragraph)),
            }
        }
    }
    page.blank();
    page.bold(0, &words.get("explain-rules"));
    let published: Vec<ClauseRef> = check.citations.iter().map(ClauseRef::from).collect();
    for rule in phrase::rules_by_document(words, &published) {
        page.item(2, Glyph::Dot, PLAIN, &rule);
    }
    for clause in guidance.clauses.iter().filter(|clause| clause.checks.iter().any(|named| named == check.id)) {
        let rule = say("rule-of-employer")
            .with("source", &clause.source)
            .with("clause", &clause.id)
            .with("text", clause.text.trim().trim_end_matches('.'));
        page.item(2, Glyph::Dot, PLAIN, &words.say(&rule));
    }
    page.into_text()
}

/// How much a failure weighs under this guidance.
fn weight(check: &Check, guidance: &Guidance) -> Message {
    let rule = guidance.severity_of(check.id);
    let key = match rule {
        None => "explain-id",
        Some(SeverityRule::Off) => "explain-id-off",
        Some(_) => "explain-id-set",
    };
    let severity = rule.and_then(SeverityRule::severity).unwrap_or(check.severity);
    let weight = say(key).with("id", check.id).with("severity", Arg::Key(format!("severity-{}", severity.word())));
    if rule.is_some() { weight.with("guidance", &guidance.name) } else { weight }
}

/// Every check with its title, in reading order.
pub fn list(words: &Words, checks: &[&'static Check], look: Look) -> String {
    let mut page = Page::new(look);
    let width = checks.iter().map(|check| check.id.len()).max().unwrap_or(0);
    for check in checks {
        let label = format!("{:width$} ", check.id);
        page.say(0, (BOLD, &label), PLAIN, &words.check(check).title);
    }
    page.blank();
    page.dim(0, &words.get("explain-more"));
    page.into_text()
}
