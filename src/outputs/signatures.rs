//! Signatures to a person: which there are, whether their examples hold, what matched.

use crate::checks::say;
use crate::outputs::page::{DIM, Glyph, Look, PLAIN, Page};
use crate::words::Words;

/// One signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What it shows.
    pub label: String,
    /// What that means.
    pub means: String,
    /// Its name.
    pub id: String,
    /// Where its form is documented.
    pub source: String,
    /// The file it is in; empty for the built-in ones.
    pub file: String,
}

/// All signatures, by label.
pub fn list(words: &Words, rows: &[Row], look: Look) -> String {
    let mut page = Page::new(look);
    let mut last = None;
    for row in rows {
        if last != Some(&row.label) {
            if last.is_some() {
                page.blank();
            }
            page.bold(0, &row.label);
            if !row.means.is_empty() {
                page.plain(2, &row.means);
            }
            last = Some(&row.label);
        }
        let said = say("signatures-row").with("id", &row.id).with("source", &row.source);
        page.say(2, (PLAIN, ""), DIM, &words.say(&said));
        if !row.file.is_empty() {
            page.dim(4, &row.file);
        }
    }
    page.into_text()
}

/// What playing the examples came to: how many hold, and those that do not, each with its place.
pub fn tested(words: &Words, signatures: usize, examples: usize, wrong: &[String], look: Look) -> String {
    let mut page = Page::new(look);
    for trouble in wrong {
        page.item(0, Glyph::Bad, PLAIN, trouble);
    }
    let key = if wrong.is_empty() { "signatures-good" } else { "signatures-wrong" };
    let glyph = if wrong.is_empty() { Glyph::Fine } else { Glyph::Bad };
    let said = say(key).with("signatures", signatures).with("examples", examples).with("wrong", wrong.len());
    page.item(0, glyph, PLAIN, &words.say(&said));
    page.into_text()
}
