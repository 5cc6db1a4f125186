//! A verdict to a person at a terminal: the verdict first, then what fails, what cannot be told, and
//! in one line what is fine. Colour only helps; every line says the same without it.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr;

use crate::checks::{Arg, Evidence, Severity, say};
use crate::guidance::{Guidance, Source};
use crate::outputs::{phrase, text};
use crate::verdict::{Finding, Settled, Verdict, Word};
use crate::words::Words;

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

const RED: Style = AnsiColor::Red.on_default().bold();
const YELLOW: Style = AnsiColor::Yellow.on_default().bold();
const GREEN: Style = AnsiColor::Green.on_default().bold();
const BLUE: Style = AnsiColor::Blue.on_default().bold();
const DIM: Style = Style::new().dimmed();
const BOLD: Style = Style::new().bold();
const PLAIN: Style = Style::new();

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

    fn text(&self, text: &str) -> String {
        if self.look.unicode { text.to_owned() } else { text::ascii(text) }
    }

    fn paint(&self, style: Style, text: &str) -> String {
        if self.look.colour && style != PLAIN && !text.is_empty() {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }

    pub(super) fn blank(&mut self) {
        self.out.push('\n');
    }

    /// A paragraph: a label, then text wrapped and hanging under its own beginning.
    pub(super) fn say(&mut self, indent: usize, label: (Style, &str), style: Style, body: &str) {
        let (label_style, label) = (label.0, self.text(label.1));
        let lead = if label.is_empty() { 0 } else { label.width() + 1 };
        let hang = indent + lead;
        let body = self.text(body);
        for (number, line) in text::wrap(&body, self.look.width.saturating_sub(hang)).iter().enumerate() {
            let margin = if number == 0 && lead > 0 {
                format!("{:indent$}{} ", "", self.paint(label_style, &label))
            } else {
                " ".repeat(if line.is_empty() { 0 } else { hang })
            };
            let _ = writeln!(self.out, "{margin}{}", self.paint(style, line));
        }
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

    /// A glyph by what it stands for, and its cousin in ASCII.
    fn glyph(&self, kind: Kind) -> (Style, &'static str) {
        let (style, unicode, ascii) = match kind {
            Kind::Bad => (RED, "✗", "x"),
            Kind::Warn => (YELLOW, "!", "!"),
            Kind::Note => (BLUE, "i", "i"),
            Kind::Unknown => (YELLOW, "?", "?"),
            Kind::Fine => (GREEN, "✓", "+"),
            Kind::Skip => (DIM, "–", "-"),
            Kind::Under => (DIM, "└", "`"),
        };
        (style, if self.look.unicode { unicode } else { ascii })
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Bad,
    Warn,
    Note,
    Unknown,
    Fine,
    Skip,
    Under,
}

/// The whole page. `verbose` shows passes and what does not apply one by one.
pub fn page(words: &Words, verdict: &Verdict, guidance: &Guidance, passive: bool, verbose: bool, look: Look) -> String {
    let mut page = Page::new(look);
    let of = |wanted: fn(&Settled) -> bool| verdict.findings.iter().filter(move |finding| wanted(&finding.result));
    let unknown: Vec<&Finding> = of(|result| matches!(result, Settled::Unknown(..))).collect();
    let passes: Vec<&Finding> = of(|result| matches!(result, Settled::Pass(_))).collect();
    let rest: Vec<&Finding> = of(|result| matches!(result, Settled::NotApplicable(_))).collect();
    let failing: Vec<&Finding> = of(|result| matches!(result, Settled::Fail(_))).collect();

    headline(&mut page, words, verdict, &failing, unknown.len(), passes.len());
    page.plain(0, &phrase::connection(words, verdict));
    for finding in failing.iter().filter(|finding| finding.caused_by.is_none()) {
        page.blank();
        failure(&mut page, words, finding, guidance);
        let id = finding.check.id;
        for consequence in failing.iter().filter(|finding| root(finding, &failing) == Some(id)) {
            let title = phrase::title(words, consequence);
            let said = words.say(&say("finding-folded").with("title", title));
            let glyph = page.glyph(Kind::Under);
            page.say(4, glyph, PLAIN, &format!("{said} [{}]", consequence.check.id));
        }
    }
    for group in alike(&unknown) {
        page.blank();
        not_known(&mut page, words, &group);
    }
    page.blank();
    if verbose {
        for finding in &passes {
            let glyph = page.glyph(Kind::Fine);
            let said = words.say(&say("finding-pass").with("well", phrase::title(words, finding)));
            page.say(0, glyph, PLAIN, &format!("{said} [{}]", finding.check.id));
            evidence(&mut page, words, finding.result.evidence());
        }
        for finding in &rest {
            let glyph = page.glyph(Kind::Skip);
            let said = words.say(&say("finding-not-applicable").with("asks", phrase::title(words, finding)));
            page.say(0, glyph, PLAIN, &format!("{said} [{}]", finding.check.id));
            if let Settled::NotApplicable(why) = &finding.result {
                page.dim(2, &words.say(why));
            }
        }
        page.blank();
    } else if !(passes.is_empty() && rest.is_empty()) {
        let glyph = page.glyph(Kind::Fine);
        let fine = words.say(&say("folded-fine").with("fine", passes.len()).with("rest", rest.len()));
        page.say(0, glyph, PLAIN, &fine);
        page.blank();
    }
    foot(&mut page, words, verdict, guidance, passive);
    page.into_text()
}

/// The failing check at the root of a chain of causes.
fn root(finding: &Finding, failing: &[&Finding]) -> Option<&'static str> {
    let mut cause = finding.caused_by?;
    // A chain is never longer than there are failures.
    for _ in failing {
        match failing.iter().find(|finding| finding.check.id == cause).and_then(|finding| finding.caused_by) {
            Some(further) => cause = further,
            None => break,
        }
    }
    Some(cause)
}

fn headline(page: &mut Page, words: &Words, verdict: &Verdict, failing: &[&Finding], unknown: usize, fine: usize) {
    let (kind, key) = match verdict.word {
        Word::Ok => (Kind::Fine, "word-ok"),
        Word::Attention => (Kind::Warn, "word-attention"),
        Word::CannotTell => (Kind::Unknown, "word-cannot-tell"),
        Word::NotOk => (Kind::Bad, "word-not-ok"),
    };
    let fix = verdict.failures().count();
    let know = failing.iter().filter(|finding| finding.severity == Severity::Info).count();
    let counts: Vec<String> =
        [("count-to-fix", fix), ("count-to-know", know), ("count-unknown", unknown), ("count-fine", fine)]
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .map(|(key, count)| words.say(&say(key).with("count", count)))
            .collect();
    let line = if counts.is_empty() {
        words.get(key)
    } else {
        words.say(&say("headline").with("word", Arg::Key(key.to_owned())).with("counts", counts.join(", ")))
    };
    let glyph = page.glyph(kind);
    page.say(0, glyph, glyph.0, &line);
}

fn failure(page: &mut Page, words: &Words, finding: &Finding, guidance: &Guidance) {
    let glyph = page.glyph(match finding.severity {
        Severity::Critical | Severity::High => Kind::Bad,
        Severity::Medium | Severity::Low => Kind::Warn,
        Severity::Info => Kind::Note,
    });
    let title = words.say(
        &say("finding-fail")
            .with("severity", Arg::Key(format!("severity-{}", finding.severity.word())))
            .with("title", phrase::title(words, finding)),
    );
    page.say(0, glyph, BOLD, &format!("{title} [{}]", finding.check.id));
    evidence(page, words, finding.result.evidence());
    rules(page, words, finding);
    page.say(2, (BOLD, &words.get("finding-do")), PLAIN, &phrase::advice(words, finding, guidance));
}

/// Unknowns in groups that share why and weight, in order of their first: said once for all of them.
fn alike<'a>(unknown: &[&'a Finding]) -> Vec<Vec<&'a Finding>> {
    let mut groups: Vec<Vec<&Finding>> = Vec::new();
    for finding in unknown {
        let same = |group: &&mut Vec<&Finding>| {
            group.first().is_some_and(|first| first.result == finding.result && first.matters == finding.matters)
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.push(finding),
            None => groups.push(vec![finding]),
        }
    }
    groups
}

fn not_known(page: &mut Page, words: &Words, group: &[&Finding]) {
    let glyph = page.glyph(Kind::Unknown);
    for finding in group {
        let said = words.say(&say("finding-unknown").with("asks", phrase::title(words, finding)));
        page.say(0, glyph, if finding.matters { BOLD } else { PLAIN }, &format!("{said} [{}]", finding.check.id));
    }
    let Some(Settled::Unknown(missing, known)) = group.first().map(|finding| &finding.result) else {
        return;
    };
    evidence(page, words, known);
    page.say(2, (PLAIN, &words.get("finding-why")), PLAIN, &words.reason(&missing.reason));
    if let Some(remedy) = words.remedy(&missing.reason) {
        page.say(2, (PLAIN, &words.get("finding-remedy")), PLAIN, &remedy);
    }
}

fn evidence(page: &mut Page, words: &Words, evidence: &[Evidence]) {
    for piece in evidence {
        let says = words.say(&piece.says);
        let basis = words.basis(piece.basis);
        page.plain(
            2,
            &words.say(&say("finding-evidence").with("says", says).with("basis", basis).with("source", piece.source)),
        );
    }
}

fn rules(page: &mut Page, words: &Words, finding: &Finding) {
    let rules = phrase::rules_by_document(words, &finding.citations);
    if !rules.is_empty() {
        page.say(2, (DIM, &words.get("finding-rule")), DIM, &rules.join("; "));
    }
}

fn foot(page: &mut Page, words: &Words, verdict: &Verdict, guidance: &Guidance, passive: bool) {
    if let Some(finding) = verdict.failures().next().or_else(|| verdict.findings.first()) {
        page.dim(0, &words.say(&say("judged-more").with("id", finding.check.id)));
    }
    let source = match &guidance.source {
        Source::BuiltIn => words.get("judged-built-in"),
        Source::Files(files) => files.join(", "),
    };
    page.dim(
        0,
        &words.say(
            &say("judged-by").with("name", &guidance.name).with("version", &guidance.version).with("source", source),
        ),
    );
    for ignored in &guidance.ignored {
        let said = say("judged-ignored")
            .with("key", &ignored.key)
            .with("file", &ignored.file)
            .with("locked", &ignored.locked_by);
        page.dim(0, &words.say(&said));
    }
    if !verdict.not_asked.is_empty() {
        page.dim(0, &words.say(&say("judged-not-asked").with("ids", verdict.not_asked.join(", "))));
    }
    if passive {
        page.dim(0, &words.get("judged-passive"));
    }
}
