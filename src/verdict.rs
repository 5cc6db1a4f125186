//! SUM UP: facts and guidance to one verdict of four words.

use crate::checks::{self, Check, Citation, Evidence, Failure, Message, Outcome, Severity};
use crate::facts::{Facts, Missing};
use crate::guidance::{Guidance, SeverityRule};
use crate::inference::connection::{self, Connection};

/// The four words, from best to worst for a program that sorts them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Word {
    /// Fit for work, as far as the checks of this version go.
    Ok,
    /// Usable; something should be put right.
    Attention,
    /// Something needed for the answer could not be learned.
    CannotTell,
    /// Do not work over this connection as it is.
    NotOk,
}

impl Word {
    /// The word of the contract.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Attention => "attention",
            Self::CannotTell => "cannot-tell",
            Self::NotOk => "not-ok",
        }
    }

    /// The exit code of the contract: 0, 1, 2, 3.
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::Attention => 1,
            Self::NotOk => 2,
            Self::CannotTell => 3,
        }
    }
}

/// Everything one look comes to.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// When the facts were taken.
    pub taken_at: jiff::Timestamp,
    /// The word.
    pub word: Word,
    /// What the connection is, as the contract's `connection` shows it.
    pub connection: Connection,
    /// One for each check asked, worst first, then in the order of [`checks::ALL`].
    pub findings: Vec<Finding>,
    /// Checks left out by `--only` or `--skip`, or switched off by the guidance.
    pub not_asked: Vec<&'static str>,
    /// Whether the command line asked for less than the guidance does: then "ok" is said of so much only.
    pub narrowed: bool,
}

impl Verdict {
    /// Whether there is no connection at all.
    pub fn offline(&self) -> bool {
        self.connection.medium == Some(None)
    }

    /// Whether there were questions, and none of them arises here.
    pub fn nothing_applies(&self) -> bool {
        !self.findings.is_empty()
            && self.findings.iter().all(|finding| matches!(finding.result, Settled::NotApplicable(_)))
    }

    /// What fails on its own account and changes the verdict, worst first: neither a consequence of
    /// another failure nor merely worth knowing.
    pub fn failures(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| {
            matches!(finding.result, Settled::Fail(_))
                && finding.caused_by.is_none()
                && finding.severity > Severity::Info
        })
    }
}

/// What one check came to.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The check.
    pub check: &'static Check,
    /// Its outcome.
    pub result: Settled,
    /// Its severity here: the guidance's word, else the rule's, else the check's own.
    pub severity: Severity,
    /// The clauses it serves: the check's own, and the employer's that name it.
    pub citations: Vec<ClauseRef>,
    /// The failing check that explains this one.
    pub caused_by: Option<&'static str>,
    /// Whether the verdict may not be `ok` while this check cannot tell.
    pub matters: bool,
}

impl Finding {
    /// Whether this finding keeps the verdict from being told: it matters and is unknown.
    pub const fn holds_up(&self) -> bool {
        self.matters && matches!(self.result, Settled::Unknown(..))
    }
}

/// A clause by its document and id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClauseRef {
    /// Key of the document, or its name where the employer's own guidance names it.
    pub source: String,
    /// The clause.
    pub clause: String,
}

impl From<&Citation> for ClauseRef {
    fn from(citation: &Citation) -> Self {
        Self { source: citation.source.to_owned(), clause: citation.clause.to_owned() }
    }
}

/// An outcome with the missing fact folded in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settled {
    /// All is well.
    Pass(Vec<Evidence>),
    /// The trouble is there.
    Fail(Failure),
    /// The question does not arise.
    NotApplicable(Message),
    /// Cannot tell.
    Unknown(Missing, Vec<Evidence>),
}

impl Settled {
    /// The word of the contract.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Pass(_) => "pass",
            Self::Fail(_) => "fail",
            Self::NotApplicable(_) => "not-applicable",
            Self::Unknown(..) => "unknown",
        }
    }

    /// The evidence it rests on.
    pub fn evidence(&self) -> &[Evidence] {
        match self {
            Self::Pass(evidence) | Self::Unknown(_, evidence) => evidence,
            Self::Fail(failure) => &failure.evidence,
            Self::NotApplicable(_) => &[],
        }
    }
}

/// Which checks are asked. A check chosen by name is asked even where the guidance switches it off.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Only these, when not empty.
    pub only: Vec<String>,
    /// Not these.
    pub skip: Vec<String>,
}

impl Selection {
    /// Whether this check was chosen by name: then it matters whether it can tell.
    fn chooses(&self, id: &str) -> bool {
        self.only.iter().any(|only| only == id)
    }

    fn takes(&self, id: &str, guidance: &Guidance) -> bool {
        let wanted =
            if self.only.is_empty() { guidance.severity_of(id) != Some(SeverityRule::Off) } else { self.chooses(id) };
        wanted && !self.skip.iter().any(|skip| skip == id)
    }
}

/// Judges one moment.
pub fn judge(facts: &Facts, guidance: &Guidance, selection: &Selection) -> Verdict {
    judge_by(checks::ALL, facts, guidance, selection)
}

/// Judges what packets showed, of a moment of which nothing else is known: only the checks are asked that packets can
/// answer.
pub fn judge_packets(facts: &Facts, guidance: &Guidance) -> Verdict {
    judge_by(checks::ON_PACKETS, facts, guidance, &Selection::default())
}

fn judge_by(checks: &[&'static Check], facts: &Facts, guidance: &Guidance, selection: &Selection) -> Verdict {
    let (asked, left_out): (Vec<&'static Check>, Vec<&'static Check>) =
        checks.iter().copied().partition(|check| selection.takes(check.id, guidance));
    let mut findings: Vec<Finding> =
        asked.into_iter().map(|check| finding(check, facts, guidance, selection.chooses(check.id))).collect();
    let narrowed = left_out.iter().any(|check| guidance.severity_of(check.id) != Some(SeverityRule::Off));
    let not_asked = left_out.into_iter().map(|check| check.id).collect();
    let failing: Vec<&'static str> = findings
        .iter()
        .filter(|finding| matches!(finding.result, Settled::Fail(_)))
        .map(|finding| finding.check.id)
        .collect();
    for finding in &mut findings {
        if matches!(finding.result, Settled::Fail(_)) {
            finding.caused_by = finding.check.masked_by.iter().copied().find(|cause| failing.contains(cause));
        }
    }
    let word = sum_up(&findings);
    findings.sort_by_key(rank);
    let connection = connection::describe(facts, guidance);
    Verdict { taken_at: facts.taken_at, word, connection, findings, not_asked, narrowed }
}

fn finding(check: &'static Check, facts: &Facts, guidance: &Guidance, chosen: bool) -> Finding {
    let result = match (check.rule)(facts, guidance) {
        Ok(Outcome::Pass(evidence)) => Settled::Pass(evidence),
        Ok(Outcome::Fail(failure)) => Settled::Fail(failure),
        Ok(Outcome::NotApplicable(why)) => Settled::NotApplicable(why),
        Ok(Outcome::Unknown(missing, evidence)) => Settled::Unknown(missing, evidence),
        Err(missing) => Settled::Unknown(missing, Vec::new()),
    };
    let by_rule = match &result {
        Settled::Fail(failure) => failure.severity,
        Settled::Pass(_) | Settled::NotApplicable(_) | Settled::Unknown(..) => None,
    };
    let severity =
        guidance.severity_of(check.id).and_then(SeverityRule::severity).or(by_rule).unwrap_or(check.severity);
    let mut citations: Vec<ClauseRef> = check.citations.iter().map(ClauseRef::from).collect();
    citations.extend(guidance.clauses_naming(check.id));
    let matters = chosen || check.unknown.matters(facts, guidance);
    Finding { check, result, severity, citations, caused_by: None, matters }
}

fn sum_up(findings: &[Finding]) -> Word {
    let worst = findings
        .iter()
        .filter(|finding| matches!(finding.result, Settled::Fail(_)))
        .map(|finding| finding.severity)
        .max();
    // Nothing asked is nothing learned, and so is a question that does not arise.
    let learned = findings.iter().any(|finding| matches!(finding.result, Settled::Pass(_) | Settled::Fail(_)));
    let blind = !learned || findings.iter().any(Finding::holds_up);
    match worst {
        Some(Severity::Critical | Severity::High) => Word::NotOk,
        _ if blind => Word::CannotTell,
        Some(Severity::Medium | Severity::Low) => Word::Attention,
        Some(Severity::Info) | None => Word::Ok,
    }
}

/// Failures first (worst first), then what matters and is unknown, other unknowns, passes, the rest.
fn rank(finding: &Finding) -> (u8, std::cmp::Reverse<Severity>) {
    let group = match (&finding.result, finding.matters) {
        (Settled::Fail(_), _) => 0,
        (Settled::Unknown(..), true) => 1,
        (Settled::Unknown(..), false) => 2,
        (Settled::Pass(_), _) => 3,
        (Settled::NotApplicable(_), _) => 4,
    };
    (group, std::cmp::Reverse(if group == 0 { finding.severity } else { Severity::Info }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Looker;

    fn blind() -> Facts {
        let looker = Looker { homeward: "test".to_owned(), root: false, passive: true };
        Facts::unknown("2026-11-23T08:00:00Z".parse().expect("a moment"), looker)
    }

    fn only(id: &str) -> Selection {
        Selection { only: vec![id.to_owned()], skip: Vec::new() }
    }

    #[test]
    fn a_check_asked_for_by_name_matters() {
        let guidance = Guidance::built_in();
        let check = checks::find("wifi-wps").expect("there");
        assert!(!check.unknown.matters(&blind(), Guidance::built_in()));
        let verdict = judge(&blind(), guidance, &only(check.id));
        assert_eq!(verdict.word, Word::CannotTell);
        assert_eq!(verdict.not_asked.len(), checks::ALL.len() - 1);
        assert!(verdict.narrowed);
    }

    #[test]
    fn a_kill_switch_that_is_asked_for_and_cannot_be_seen_matters() {
        let mut guidance = Guidance::built_in().clone();
        let check = checks::find("vpn-unenforced").expect("there");
        assert!(!check.unknown.matters(&blind(), &guidance));
        guidance.vpn.enforced = true;
        assert!(check.unknown.matters(&blind(), &guidance));
    }

    #[test]
    fn a_question_that_does_not_arise_is_no_green() {
        let mut facts = blind();
        facts.wifi = crate::facts::Observed::Known(None);
        let verdict = judge(&facts, Guidance::built_in(), &only("wifi-wep"));
        assert!(verdict.nothing_applies(), "{:?}", verdict.findings);
        assert_eq!(verdict.word, Word::CannotTell);
    }

    #[test]
    fn what_the_guidance_switches_off_is_told_and_asked_only_by_name() {
        let mut guidance = Guidance::built_in().clone();
        guidance.severity.insert("wifi-wps".to_owned(), SeverityRule::Off);
        let verdict = judge(&blind(), &guidance, &Selection::default());
        assert_eq!(verdict.not_asked, ["wifi-wps"]);
        assert!(!verdict.narrowed, "the guidance asks for no more");
        assert_eq!(judge(&blind(), &guidance, &only("wifi-wps")).findings.len(), 1);
    }

    #[test]
    fn nothing_asked_is_no_green() {
        let skip = checks::ALL.iter().map(|check| check.id.to_owned()).collect();
        let verdict = judge(&blind(), Guidance::built_in(), &Selection { only: Vec::new(), skip });
        assert_eq!(verdict.word, Word::CannotTell);
    }
}
