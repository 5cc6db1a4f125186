//! A verdict to a person at a terminal: the verdict first, then what fails, what cannot be told, and
//! in one line what is fine. Colour only helps; every line says the same without it.

use crate::checks::{Arg, Evidence, Severity, say};
use crate::guidance::{Guidance, Source};
use crate::outputs::page::{BOLD, DIM, Glyph, Look, PLAIN, Page};
use crate::outputs::phrase;
use crate::verdict::{Finding, Settled, Verdict, Word};
use crate::words::Words;

/// So many pieces of evidence are shown of each finding; the rest with `-v`.
const SHOWN: usize = 4;

/// The whole page. `verbose` shows passes and what does not apply one by one.
pub fn page(words: &Words, verdict: &Verdict, guidance: &Guidance, passive: bool, verbose: bool, look: Look) -> String {
    let mut teller = Teller { page: Page::new(look), words, verdict, guidance, verbose };
    teller.headline();
    let connection = phrase::connection(words, verdict);
    teller.page.plain(0, &connection);
    teller.failures();
    for group in alike(&teller.of(|result| matches!(result, Settled::Unknown(..)))) {
        teller.page.blank();
        teller.unknown(&group);
    }
    teller.page.blank();
    teller.fine();
    teller.foot(passive);
    teller.page.into_text()
}

struct Teller<'a> {
    page: Page,
    words: &'a Words,
    verdict: &'a Verdict,
    guidance: &'a Guidance,
    verbose: bool,
}

impl<'a> Teller<'a> {
    fn of(&self, wanted: fn(&Settled) -> bool) -> Vec<&'a Finding> {
        self.verdict.findings.iter().filter(|finding| wanted(&finding.result)).collect()
    }

    fn title(&self, finding: &Finding) -> String {
        phrase::title(self.words, finding)
    }

    fn headline(&mut self) {
        let (glyph, key) = match self.verdict.word {
            Word::Ok => (Glyph::Fine, "word-ok"),
            Word::Attention => (Glyph::Warn, "word-attention"),
            Word::CannotTell => (Glyph::Unknown, "word-cannot-tell"),
            Word::NotOk => (Glyph::Bad, "word-not-ok"),
        };
        let failing = self.of(|result| matches!(result, Settled::Fail(_)));
        let know = failing.iter().filter(|finding| finding.severity == Severity::Info).count();
        let counts: Vec<String> = [
            ("count-to-fix", self.verdict.failures().count()),
            ("count-to-know", know),
            ("count-unknown", self.of(|result| matches!(result, Settled::Unknown(..))).len()),
            ("count-fine", self.of(|result| matches!(result, Settled::Pass(_))).len()),
        ]
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(key, count)| self.words.say(&say(key).with("count", count)))
        .collect();
        let line = if counts.is_empty() {
            self.words.get(key)
        } else {
            let headline = say("headline").with("word", Arg::Key(key.to_owned())).with("counts", counts.join(", "));
            self.words.say(&headline)
        };
        let (style, shape) = self.page.glyph(glyph);
        self.page.say(0, (style, shape), style, &line);
    }

    /// Failures, worst first, each with what merely follows from it beneath.
    fn failures(&mut self) {
        let failing = self.of(|result| matches!(result, Settled::Fail(_)));
        for finding in failing.iter().filter(|finding| finding.caused_by.is_none()) {
            self.page.blank();
            self.failure(finding);
            for consequence in &failing {
                if root(consequence, &failing) == Some(finding.check.id) {
                    let title = self.title(consequence);
                    let said = self.words.say(&say("finding-folded").with("title", title));
                    self.page.item(2, Glyph::Under, PLAIN, &format!("{said} [{}]", consequence.check.id));
                }
            }
        }
    }

    fn failure(&mut self, finding: &Finding) {
        let glyph = match finding.severity {
            Severity::Critical | Severity::High => Glyph::Bad,
            Severity::Medium | Severity::Low => Glyph::Warn,
            Severity::Info => Glyph::Note,
        };
        let severity = Arg::Key(format!("severity-{}", finding.severity.word()));
        let title = say("finding-fail").with("severity", severity).with("title", self.title(finding));
        self.page.item(0, glyph, BOLD, &format!("{} [{}]", self.words.say(&title), finding.check.id));
        self.evidence(finding.result.evidence());
        let rules = phrase::rules_by_document(self.words, &finding.citations);
        if !rules.is_empty() {
            self.page.say(2, (DIM, &self.words.get("finding-rule")), DIM, &rules.join("; "));
        }
        let advice = phrase::advice(self.words, finding, self.guidance);
        self.page.say(2, (BOLD, &self.words.get("finding-do")), PLAIN, &advice);
    }

    fn evidence(&mut self, evidence: &[Evidence]) {
        let shown = if self.verbose || evidence.len() == SHOWN + 1 { evidence.len() } else { SHOWN };
        for piece in evidence.iter().take(shown) {
            // Authors end their sentences as they like; here the basis ends them.
            let says = self.words.say(&piece.says);
            let says = says.trim_end_matches(['.', '。']);
            let basis = self.words.basis(piece.basis);
            let said = if self.verbose {
                say("finding-evidence-source").with("says", says).with("basis", basis).with("source", piece.source)
            } else {
                say("finding-evidence").with("says", says).with("basis", basis)
            };
            self.page.plain(2, &self.words.say(&said));
        }
        let more = evidence.len().saturating_sub(shown);
        if more > 0 {
            self.page.dim(2, &self.words.say(&say("finding-more-evidence").with("more", more)));
        }
    }

    fn unknown(&mut self, group: &[&Finding]) {
        for finding in group {
            let said = self.words.say(&say("finding-unknown").with("asks", self.title(finding)));
            let style = if finding.matters { BOLD } else { PLAIN };
            self.page.item(0, Glyph::Unknown, style, &format!("{said} [{}]", finding.check.id));
        }
        let Some(Settled::Unknown(missing, known)) = group.first().map(|finding| &finding.result) else {
            return;
        };
        self.evidence(known);
        self.page.say(2, (PLAIN, &self.words.get("finding-why")), PLAIN, &self.words.reason(&missing.reason));
        if let Some(remedy) = self.words.remedy(&missing.reason) {
            self.page.say(2, (PLAIN, &self.words.get("finding-remedy")), PLAIN, &remedy);
        }
    }

    fn fine(&mut self) {
        let passes = self.of(|result| matches!(result, Settled::Pass(_)));
        let rest = self.of(|result| matches!(result, Settled::NotApplicable(_)));
        if passes.is_empty() && rest.is_empty() {
            return;
        }
        if !self.verbose {
            let fine = say("folded-fine").with("fine", passes.len()).with("rest", rest.len());
            let glyph = if passes.is_empty() { Glyph::Skip } else { Glyph::Fine };
            self.page.item(0, glyph, PLAIN, &self.words.say(&fine));
            self.page.blank();
            return;
        }
        for finding in passes {
            let title = self.title(finding);
            self.page.item(0, Glyph::Fine, PLAIN, &format!("{title} [{}]", finding.check.id));
            self.evidence(finding.result.evidence());
        }
        for group in alike(&rest) {
            for finding in &group {
                let said = self.words.say(&say("finding-not-applicable").with("asks", self.title(finding)));
                self.page.item(0, Glyph::Skip, PLAIN, &format!("{said} [{}]", finding.check.id));
            }
            if let Some(Settled::NotApplicable(why)) = group.first().map(|finding| &finding.result) {
                self.page.say(2, (DIM, &self.words.get("finding-why")), DIM, &self.words.say(why));
            }
        }
        self.page.blank();
    }

    /// What it was judged by, and what was left out.
    fn foot(&mut self, passive: bool) {
        let mut lines = Vec::new();
        let first = self.verdict.findings.first();
        if let Some(finding) = first.filter(|it| matches!(it.result, Settled::Fail(_) | Settled::Unknown(..))) {
            lines.push(say("judged-more").with("id", finding.check.id));
        }
        let guidance = self.guidance;
        let source = match &guidance.source {
            Source::BuiltIn => Arg::Key("judged-built-in".to_owned()),
            Source::Files(files) => Arg::Text(files.join(", ")),
        };
        lines.push(
            say("judged-by").with("name", &guidance.name).with("version", &guidance.version).with("source", source),
        );
        lines.extend(guidance.ignored.iter().map(|ignored| {
            say("judged-ignored")
                .with("key", &ignored.key)
                .with("file", &ignored.file)
                .with("locked", &ignored.locked_by)
        }));
        if !self.verdict.not_asked.is_empty() {
            lines.push(say("judged-not-asked").with("ids", self.verdict.not_asked.join(", ")));
        }
        if passive {
            lines.push(say("judged-passive"));
        }
        for line in lines {
            self.page.dim(0, &self.words.say(&line));
        }
    }
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

/// Findings in groups that share why and weight, in order of their first: said once for all of them.
fn alike<'a>(findings: &[&'a Finding]) -> Vec<Vec<&'a Finding>> {
    let mut groups: Vec<Vec<&Finding>> = Vec::new();
    for finding in findings {
        let same = |group: &&mut Vec<&Finding>| {
            group.first().is_some_and(|first| first.result == finding.result && first.holds_up() == finding.holds_up())
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.push(finding),
            None => groups.push(vec![finding]),
        }
    }
    groups
}
