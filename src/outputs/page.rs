//! A page of text for a terminal: paragraphs, labels and glyphs within a width.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr as _;

use crate::outputs::text;

/// What the terminal can show.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Columns.
    pub width: usize,
    /// Whether colour and weight are wanted.
    pub colour: bool,
    /// Whether it shows more than ASCII.
    pub unicode: bool,
}

impl Look {
    /// What is assumed of a pipe, and in tests: 80 columns, no colour.
    pub const PLAIN: Self = Self { width: 80, colour: false, unicode: true };
}

pub(super) const BOLD: Style = Style::new().bold();
pub(super) const DIM: Style = Style::new().dimmed();
pub(super) const PLAIN: Style = Style::new();

/// What a glyph stands for. Its colour only helps: each has a shape of its own.
#[derive(Clone, Copy)]
pub(super) enum Glyph {
    Bad,
    Warn,
    Note,
    Unknown,
    Fine,
    Skip,
    Under,
    Dot,
}

/// A page being written.
pub(super) struct Page {
    look: Look,
    out: String,
}

impl Page {
    pub(super) const fn new(look: Look) -> Self {
        Self { look, out: String::new() }
    }

    pub(super) fn into_text(self) -> String {
        self.out
    }

    /// The style and shape of a glyph on this terminal.
    pub(super) const fn glyph(&self, glyph: Glyph) -> (Style, &'static str) {
        let (style, unicode, ascii) = match glyph {
            Glyph::Bad => (AnsiColor::Red.on_default().bold(), "✗", "x"),
            Glyph::Warn => (AnsiColor::Yellow.on_default().bold(), "!", "!"),
            Glyph::Note => (AnsiColor::Blue.on_default().bold(), "i", "i"),
            Glyph::Unknown => (AnsiColor::Yellow.on_default().bold(), "?", "?"),
            Glyph::Fine => (AnsiColor::Green.on_default().bold(), "✓", "+"),
            Glyph::Skip => (DIM, "–", "-"),
            Glyph::Under => (DIM, "└", "`"),
            Glyph::Dot => (PLAIN, "-", "-"),
        };
        (style, if self.look.unicode { unicode } else { ascii })
    }

    pub(super) fn blank(&mut self) {
        self.out.push('\n');
    }

    /// A paragraph: a label, then text wrapped and hanging under its own beginning.
    pub(super) fn say(&mut self, indent: usize, (label_style, label): (Style, &str), style: Style, body: &str) {
        let (label, body) = (self.shown(label), self.shown(body));
        let hang = indent + if label.is_empty() { 0 } else { label.width() + 1 };
        for (number, line) in text::wrap(&body, self.look.width.saturating_sub(hang)).iter().enumerate() {
            if number == 0 && !label.is_empty() {
                let _ = write!(self.out, "{:indent$}{}", "", self.paint(label_style, &label));
                self.out.push_str(if line.is_empty() { "" } else { " " });
            } else if !line.is_empty() {
                let _ = write!(self.out, "{:hang$}", "");
            }
            let painted = self.paint(style, line);
            self.out.push_str(&painted);
            self.out.push('\n');
        }
    }

    pub(super) fn item(&mut self, indent: usize, glyph: Glyph, style: Style, body: &str) {
        let glyph = self.glyph(glyph);
        self.say(indent, glyph, style, body);
    }

    pub(super) fn plain(&mut self, indent: usize, body: &str) {
        self.say(indent, (PLAIN, ""), PLAIN, body);
    }

    pub(super) fn bold(&mut self, indent: usize, body: &str) {
        self.say(indent, (PLAIN, ""), BOLD, body);
    }

    pub(super) fn dim(&mut self, indent: usize, body: &str) {
        self.say(indent, (PLAIN, ""), DIM, body);
    }

    fn shown(&self, text: &str) -> String {
        if self.look.unicode { text.to_owned() } else { text::ascii(text) }
    }

    fn paint(&self, style: Style, text: &str) -> String {
        if self.look.colour && style != PLAIN && !text.is_empty() {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }
}
