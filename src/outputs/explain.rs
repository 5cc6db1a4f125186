//! What a check is about, from its own words: the same text as the report's and the documentation's.

use crate::checks::{Arg, Check, say};
use crate::outputs::page::{BOLD, Glyph, Look, PLAIN, Page};
use crate::outputs::phrase;
use crate::words::Words;

/// Everything about one check.
pub fn page(words: &Words, check: &'static Check, rules: &[String], look: Look) -> String {
    let own = words.check(check);
    let mut page = Page::new(look);
    page.bold(0, &own.title);
    page.dim(
        0,
        &words.say(
            &say("explain-id")
                .with("id", check.id)
                .with("severity", Arg::Key(format!("severity-{}", check.severity.word()))),
        ),
    );
    page.blank();
    page.plain(0, &own.asks);
    for section in &own.sections {
        page.blank();
        page.bold(0, &section.heading);
        let mut listed = false;
        for (number, paragraph) in section.paragraphs.iter().enumerate() {
            let item = paragraph.strip_prefix("- ");
            if number > 0 && !(listed && item.is_some()) {
                page.blank();
            }
            listed = item.is_some();
            match item {
                Some(item) => page.item(2, Glyph::Dot, PLAIN, &phrase::plain(item)),
                None => page.plain(2, &phrase::plain(paragraph)),
            }
        }
    }
    page.blank();
    page.bold(0, &words.get("explain-rules"));
    for rule in rules {
        page.item(2, Glyph::Dot, PLAIN, rule);
    }
    page.into_text()
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
