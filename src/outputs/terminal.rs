//! A verdict to a person at a terminal: the verdict first, then what fails, what cannot be told, and
//! in one line what is fine. Colour only helps; every line says the same without it.

pub mod inspect;

use std::collections::BTreeMap;

use crate::checks::{Arg, Evidence, Message, Severity, say};
use crate::guidance::{Guidance, Source};
use crate::outputs::code::Told;
use crate::outputs::page::{BOLD, DIM, Glyph, Look, PLAIN, Page};
use crate::outputs::phrase;
use crate::verdict::{Finding, Settled, Verdict, Word};
use crate::words::Words;

/// So many pieces of evidence are shown of each finding; the rest with `-v`.
const SHOWN: usize = 4;

/// More questions than these that stay open for one reason, and do not hold up the verdict, are told in one line.
const ALIKE: usize = 3;

/// The whole page. `verbose` shows passes and what does not apply one by one.
pub fn page(words: &Words, verdict: &Verdict, guidance: &Guidance, passive: bool, verbose: bool, look: Look) -> String {
    let mut teller = Teller { page: Page::new(look), words, verdict, guidance, verbose };
    let line = teller.headline_words();
    teller.headline(&line);
    teller.connection();
    teller.failures();
    teller.unknowns();
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

    fn headline(&mut self, line: &str) {
        let glyph = match self.verdict.word {
            Word::Ok => Glyph::Fine,
            Word::Attention => Glyph::Warn,
            Word::CannotTell => Glyph::Unknown,
            Word::NotOk => Glyph::Bad,
        };
        let (style, shape) = self.page.glyph(glyph);
        self.page.say(0, (style, shape), style, line);
    }

    fn headline_words(&self) -> String {
        let (words, verdict) = (self.words, self.verdict);
        let unknown = self.unknown_count();
        let key = match verdict.word {
            Word::CannotTell if verdict.offline() => return words.get("headline-offline"),
            Word::CannotTell if verdict.nothing_applies() => return words.get("headline-nothing-applies"),
            Word::Ok if verdict.narrowed => return words.say(&phrase::so_far(verdict, "headline-ok-so-far")),
            Word::Ok if unknown == 0 => return words.get("headline-ok"),
            Word::Ok => return words.say(&say("headline-ok-with-unknowns").with("unknown", unknown)),
            Word::Attention => "word-attention",
            Word::CannotTell => "word-cannot-tell",
            Word::NotOk => "word-not-ok",
        };
        self.counted(key)
    }

    fn unknown_count(&self) -> usize {
        self.of(|result| matches!(result, Settled::Unknown(..))).len()
    }

    /// The word of this key, and how many findings there are of each kind.
    fn counted(&self, key: &'static str) -> String {
        let (words, verdict, unknown) = (self.words, self.verdict, self.unknown_count());
        let failing = self.of(|result| matches!(result, Settled::Fail(_)));
        let know = failing.iter().filter(|finding| finding.severity == Severity::Info).count();
        let counts: Vec<String> = [
            ("count-to-fix", verdict.failures().count()),
            ("count-to-know", know),
            ("count-unknown", unknown),
            ("count-fine", self.of(|result| matches!(result, Settled::Pass(_))).len()),
        ]
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(key, count)| words.say(&say(key).with("count", count)))
        .collect();
        if counts.is_empty() {
            return words.get(key);
        }
        words.say(&say("headline").with("word", Arg::Key(key.to_owned())).with("counts", counts.join(", ")))
    }

    /// The connection; where there is none, what to do.
    fn connection(&mut self) {
        if self.verdict.offline() && self.verdict.word == Word::CannotTell {
            let advice = self.words.get("offline-advice");
            self.page.say(0, (BOLD, &self.words.get("finding-do")), PLAIN, &advice);
        } else {
            let connection = phrase::connection(self.words, self.verdict);
            self.page.plain(0, &connection);
        }
    }

    /// What cannot be told. Where something else decides, or nothing can be asked, a line is enough.
    fn unknowns(&mut self) {
        let unknown = self.of(|result| matches!(result, Settled::Unknown(..)));
        let decided = self.verdict.word == Word::NotOk || self.verdict.offline();
        if decided && !self.verbose && !unknown.is_empty() {
            let folded = say("folded-unknown").with("count", unknown.len());
            self.page.blank();
            self.page.item(0, Glyph::Unknown, PLAIN, &self.words.say(&folded));
            return;
        }
        for group in alike(&unknown) {
            self.page.blank();
            self.unknown(&group);
        }
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
        let advice = phrase::step(self.words, finding);
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
        let folded = group.len() > ALIKE && !self.verbose && !group.iter().any(|finding| finding.holds_up());
        if folded {
            let said = self.words.say(&say("folded-unknown-alike").with("count", group.len()));
            self.page.item(0, Glyph::Unknown, PLAIN, &said);
        }
        for finding in group.iter().filter(|_| !folded) {
            let said = self.words.say(&say("finding-unknown").with("asks", self.title(finding)));
            let style = if finding.matters { BOLD } else { PLAIN };
            self.page.item(0, Glyph::Unknown, style, &format!("{said} [{}]", finding.check.id));
        }
        let Some(Settled::Unknown(missing, known)) = group.first().map(|finding| &finding.result) else {
            return;
        };
        self.evidence(known);
        self.page.say(2, (PLAIN, &self.words.get("finding-why")), PLAIN, &self.words.reason(&missing.reason));
        let remedy = self.words.remedy(&missing.reason);
        self.page.say(2, (PLAIN, &self.words.get("finding-remedy")), PLAIN, &remedy);
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
        let mut lines = self.judged();
        if passive {
            lines.push(say("judged-passive"));
        }
        if self.verdict.word != Word::Ok {
            lines.push(say("code-line").with("code", Told::of(self.verdict).code()));
        }
        let at = self.verdict.taken_at.strftime("%Y-%m-%d %H:%M").to_string();
        lines.push(say("judged-at").with("at", at));
        for line in lines {
            self.page.dim(0, &self.words.say(&line));
        }
    }

    /// Whom to ask, what it was judged by, and what was left out.
    fn judged(&mut self) -> Vec<Message> {
        let mut lines = Vec::new();
        if self.verdict.word != Word::Ok
            && let Some(contact) = phrase::contact(&self.guidance.contact)
        {
            self.page.plain(0, &self.words.say(&say("finding-contact").with("contact", contact)));
        }
        let first = self.verdict.findings.first();
        let explained = |it: &&Finding| matches!(it.result, Settled::Fail(_) | Settled::Unknown(..));
        if let Some(finding) = first.filter(explained).filter(|_| !self.verdict.offline()) {
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
        // A line for each file that was kept out and each that kept it out.
        let mut ignored: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
        for one in &guidance.ignored {
            ignored.entry((&one.file, &one.locked_by)).or_default().push(&one.key);
        }
        lines.extend(ignored.into_iter().map(|((file, locked), keys)| {
            say("judged-ignored").with("key", keys.join(", ")).with("file", file).with("locked", locked)
        }));
        let verdict = self.verdict;
        if !verdict.not_asked.is_empty() && verdict.findings.len() >= verdict.not_asked.len() {
            lines.push(say("judged-not-asked").with("ids", verdict.not_asked.join(", ")));
        } else if !verdict.not_asked.is_empty() {
            lines.push(phrase::so_far(verdict, "judged-asked-few"));
        }
        lines
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
