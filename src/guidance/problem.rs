//! What is wrong with a file, said so that a person can mend it: file, line, column, the key, and a
//! picture with a caret.

use std::fmt;
use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::facts::text::is_plain;

/// At most so many faults are told at once; the rest would not be read.
pub(super) const MOST: usize = 20;
/// A picture shows at most so many characters of a line.
const LINE: usize = 160;

/// What is wrong with a guidance file, and where. Holds at least one fault, in the order of the file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Problem {
    /// The file.
    pub file: String,
    /// Everything found wrong, in the order of the file.
    pub faults: Vec<Fault>,
    /// Nothing is known to be wrong with it: this user may not read it.
    pub denied: bool,
}

/// One thing wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where it is; `None` when it is the file as a whole (it cannot be read).
    pub place: Option<Place>,
    /// The dotted key it is about, where one is.
    pub key: Option<String>,
    /// What is wrong.
    pub says: String,
    /// What would mend it.
    pub help: Option<String>,
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1, in characters.
    pub column: usize,
    /// The line itself, cut to what can be shown, made harmless.
    excerpt: String,
    /// What the caret points at, in bytes of the excerpt.
    mark: Range<usize>,
}

impl Problem {
    /// A problem with the file as a whole.
    pub fn whole(file: impl Into<String>, says: impl Into<String>) -> Self {
        let fault = Fault { place: None, key: None, says: says.into(), help: None };
        Self { file: file.into(), faults: vec![fault], denied: false }
    }

    /// A file that is there and that this user may not read.
    pub fn denied(file: impl Into<String>) -> Self {
        let help = "ask your administrator to make it readable (chmod 644)".to_owned();
        let fault = Fault { place: None, key: None, says: "this user may not read it".to_owned(), help: Some(help) };
        Self { file: file.into(), faults: vec![fault], denied: true }
    }

    /// Every fault with the line it is in and a caret beneath, for a terminal. `unicode` draws with
    /// box characters, `colour` with ANSI styles.
    pub fn picture(&self, unicode: bool, colour: bool) -> String {
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        let renderer =
            renderer.decor_style(if unicode { DecorStyle::Unicode } else { DecorStyle::Ascii }).term_width(80);
        let mut out = String::new();
        for fault in &self.faults {
            if !out.is_empty() {
                out.push_str("\n\n");
            }
            let title = fault.sentence();
            let Some(place) = &fault.place else {
                let mut group = Group::with_title(Level::ERROR.primary_title(format!("{}: {title}", self.file)));
                if let Some(help) = &fault.help {
                    group = group.element(Level::HELP.message(help.as_str()));
                }
                out.push_str(&renderer.render(&[group]));
                continue;
            };
            let snippet = Snippet::source(place.excerpt.as_str())
                .line_start(place.line)
                .annotation(AnnotationKind::Primary.span(place.mark.clone()));
            let title = Level::ERROR.primary_title(title);
            // The column is counted from the excerpt, which is the line unless that was cut at its beginning.
            let mut group = if place.excerpt.starts_with('…') {
                let origin = Origin::path(self.file.as_str()).line(place.line).char_column(place.column);
                title.element(origin).element(snippet)
            } else {
                title.element(snippet.path(self.file.as_str()))
            };
            if let Some(help) = &fault.help {
                group = group.element(Level::HELP.message(help.as_str()));
            }
            out.push_str(&renderer.render(&[group]));
        }
        out
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.faults.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            match &fault.place {
                Some(place) => write!(f, "{}:{}:{}: {}", self.file, place.line, place.column, fault.sentence())?,
                None => write!(f, "{}: {}", self.file, fault.sentence())?,
            }
            if let Some(help) = &fault.help {
                write!(f, " ({help})")?;
            }
        }
        Ok(())
    }
}

impl Fault {
    /// The key and what is wrong with it.
    pub fn sentence(&self) -> String {
        match &self.key {
            Some(key) => format!("{key}: {}", self.says),
            None => self.says.clone(),
        }
    }
}

impl Place {
    /// The place of a span (in bytes) of a text. A span outside the text is taken for its end.
    pub(super) fn of(text: &str, span: &Range<usize>) -> Self {
        let start = floor(text, span.start);
        let before = text.get(..start).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = before.matches('\n').count() + 1;
        let in_line = text.get(line_start..start).unwrap_or_default();
        let column = in_line.chars().count() + 1;
        let whole = text.get(line_start..).unwrap_or_default();
        let whole = whole.split('\n').next().unwrap_or_default().trim_end_matches('\r');
        let end = floor(text, span.end.max(start)).saturating_sub(line_start);

        // Cut a long line to a window that begins a little before the mark.
        let skip = if whole.chars().count() > LINE { (column - 1).saturating_sub(LINE / 4) } else { 0 };
        let mut excerpt = String::new();
        let mut mark = None::<usize>;
        let mut mark_end = 0;
        if skip > 0 {
            excerpt.push('…');
        }
        for (at, c) in whole.char_indices().skip(skip).take(LINE) {
            if at >= in_line.len() && mark.is_none() {
                mark = Some(excerpt.len());
            }
            excerpt.push(if is_plain(c) {
                c
            } else if c == '\t' {
                ' '
            } else {
                '�'
            });
            if at < end {
                mark_end = excerpt.len();
            }
        }
        if whole.chars().count() > skip + LINE {
            excerpt.push('…');
        }
        let mark = mark.unwrap_or(excerpt.len());
        Self { line, column, mark: mark..mark_end.max(mark), excerpt }
    }
}

/// The nearest boundary of a character at or before `at`.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
