//! What a helpdesk asks first: is it the network, the laptop or us? Since when? What changed? Which clause? What next?

use jiff::Timestamp;

use super::Material;
use crate::checks::{Arg, Side, say};
use crate::history::State;
use crate::inference::reach::{self, Step};
use crate::outputs::phrase;
use crate::verdict::{Finding, Settled};
use crate::words::Words;

/// The answers, in words.
#[derive(Debug, Default)]
pub struct Answers {
    /// Where it lies, in a sentence.
    pub lies: String,
    /// What speaks against each side.
    pub sides: Vec<(String, String)>,
    /// Since when.
    pub since: String,
    /// What changed then.
    pub changed: Vec<String>,
    /// Whose rules.
    pub rules: Vec<String>,
    /// What to do.
    pub next: String,
    /// How far it reaches.
    pub reach: Vec<Reached>,
    /// What is said of a past that holds no trouble.
    pub fine: String,
    /// How it went until now: the last states, the earliest first.
    pub course: Vec<String>,
}

/// So many states are told; all are in `history.jsonl`.
const COURSE: usize = 12;

/// A step, in words.
#[derive(Debug)]
pub struct Reached {
    /// `ok`, `not-ok` or `cannot-tell`.
    pub state: &'static str,
    /// What that means.
    pub word: String,
    /// What was seen.
    pub says: String,
}

impl Answers {
    pub(super) fn of(words: &Words, material: &Material) -> Self {
        let steps = reach::steps(&material.facts, &material.guidance);
        let broken = reach::broken(&steps);
        let failures: Vec<&Finding> = material.verdict.failures().collect();
        let open: Vec<&Finding> = material.verdict.findings.iter().filter(|finding| finding.holds_up()).collect();
        Self {
            lies: lies(words, broken, material.facts.firewall.known().is_some(), &failures, &open),
            sides: Side::ALL.iter().map(|side| about(words, *side, &steps, &failures, &open)).collect(),
            since: since(words, material, broken, &failures, &open),
            changed: changed(words, material),
            rules: rules(words, &failures, &open),
            next: next(words, material, broken, &failures, &open),
            reach: steps.iter().map(|step| reached(words, step)).collect(),
            fine: fine(words, material),
            course: course(words, material),
        }
    }
}

fn side(words: &Words, side: Side) -> String {
    words.get(match side {
        Side::Network => "report-side-network",
        Side::Laptop => "report-side-laptop",
        Side::Work => "report-side-work",
    })
}

/// What is out of reach says most; then what fails, the worst of it.
fn lies(words: &Words, broken: Option<&Step>, sees_firewall: bool, failures: &[&Finding], open: &[&Finding]) -> String {
    match (broken.map(|step| (step.side, step.says.key)), failures.first(), open.is_empty()) {
        (Some((Side::Laptop, _)), ..) => words.get("report-lies-reach-laptop"),
        (Some((Side::Network, key)), ..) if !sees_firewall && key != "reach-portal" => {
            words.get("report-lies-reach-network-unless")
        }
        (Some((Side::Network, _)), ..) => words.get("report-lies-reach-network"),
        (Some((Side::Work, "reach-no-names-through")), ..) => words.get("report-lies-behind-vpn"),
        (Some((Side::Work, _)), ..) => words.get("report-lies-reach-work"),
        // Who ended it is not to be seen from the laptop.
        (None, Some(first), _) if first.check.id == "vpn-down" => words.get("report-lies-vpn-down"),
        (None, Some(first), _) => words.get(match first.check.side {
            Side::Network => "report-lies-network",
            Side::Laptop => "report-lies-laptop",
            Side::Work => "report-lies-work",
        }),
        (None, None, false) => words.get("report-lies-open"),
        (None, None, true) => words.get("report-lies-nowhere"),
    }
}

fn about(words: &Words, of: Side, steps: &[Step], failures: &[&Finding], open: &[&Finding]) -> (String, String) {
    let named = |findings: &[&Finding], key: &'static str| -> Option<String> {
        let titles: Vec<String> = findings
            .iter()
            .filter(|finding| finding.check.side == of)
            .map(|finding| format!("{} [{}]", phrase::title(words, finding), finding.check.id))
            .collect();
        (!titles.is_empty()).then(|| words.say(&say(key).with("titles", titles.join("; "))))
    };
    let unreached = steps.iter().filter(|step| step.side == of && step.reached == Some(false));
    let mut parts: Vec<String> = unreached.map(|step| words.say(&step.says)).collect();
    parts.extend([named(failures, "report-side-wrong"), named(open, "report-side-open")].into_iter().flatten());
    // What work runs is seen through its VPN alone.
    let seen = of != Side::Work || steps.iter().any(|step| step.side == of && step.reached == Some(true));
    let says = match (parts.is_empty(), seen) {
        (false, _) => parts.join(" "),
        (true, true) => words.get("report-side-fine"),
        (true, false) => words.get("report-side-unseen"),
    };
    (side(words, of), says)
}

fn or_unknown(words: &Words, value: Option<&str>) -> String {
    value.map_or_else(|| words.get("report-unknown"), str::to_owned)
}

/// A time by the person's clock.
pub(in crate::outputs) fn at(material: &Material, time: Timestamp) -> String {
    time.to_zoned_datetime(material.zone.clone()).strftime("%Y-%m-%d %H:%M:%S %Z").to_string()
}

fn since(
    words: &Words,
    material: &Material,
    broken: Option<&Step>,
    failures: &[&Finding],
    open: &[&Finding],
) -> String {
    if failures.is_empty() && open.is_empty() && broken.is_none() {
        return words.get("report-since-nothing");
    }
    if material.past.watched.is_empty() {
        return words.get("report-since-not-kept");
    }
    let Some(first) = failures.first() else {
        return match material.past.lost() {
            Some(turn) => words.say(
                &say("report-since-lost")
                    .with("at", at(material, turn.at))
                    .with("lasted", phrase::lasted(turn.at, material.verdict.taken_at)),
            ),
            None => words.get("report-since-now"),
        };
    };
    // The history keeps what checks found, not how far it reached.
    let line = broken.filter(|step| step.side != first.check.side).map(|_| words.get("report-since-reach"));
    let found = match material.past.since(first.check.id) {
        Some(began) => words.say(
            &say("report-since")
                .with("at", at(material, began))
                .with("lasted", phrase::lasted(began, material.verdict.taken_at))
                .with("title", phrase::title(words, first)),
        ),
        None => words.get("report-since-now"),
    };
    [Some(found), line].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// What is said where the past holds no trouble.
fn fine(words: &Words, material: &Material) -> String {
    let open = material.past.states.iter().any(|since| !since.tells());
    words.get(if open { "report-past-open" } else { "history-fine" })
}

/// The last states, the earliest first.
fn course(words: &Words, material: &Material) -> Vec<String> {
    let states = &material.past.states;
    states
        .iter()
        .skip(states.len().saturating_sub(COURSE))
        .map(|since| {
            let State { verdict, medium, vpn, network } = &since.state;
            words.say(
                &say("report-course-line")
                    .with("at", at(material, since.at))
                    .with("verdict", verdict.clone())
                    .with("medium", or_unknown(words, medium.as_deref()))
                    .with("vpn", or_unknown(words, vpn.as_deref()))
                    .with("network", or_unknown(words, network.as_deref())),
            )
        })
        .collect()
}

fn changed(words: &Words, material: &Material) -> Vec<String> {
    let lost = material.past.lost();
    let header = if lost.is_some() { "report-changed-lost" } else { "report-changed" };
    let Some(turn) = lost.or_else(|| material.past.turn()) else {
        let none = if material.past.watched.is_empty() { "report-changed-not-kept" } else { "report-changed-nothing" };
        return vec![words.get(none)];
    };
    let mut lines = vec![words.say(&say(header).with("at", at(material, turn.at)))];
    let State { verdict, medium, vpn, network } = &turn.before;
    let mut line = |key: &'static str, before: String, after: String| {
        if before != after {
            lines.push(words.say(&say(key).with("before", before).with("after", after)));
        }
    };
    let text = |value: &Option<String>| or_unknown(words, value.as_deref());
    line("report-changed-verdict", verdict.clone(), turn.after.verdict.clone());
    line("report-changed-network", text(network), text(&turn.after.network));
    line("report-changed-medium", text(medium), text(&turn.after.medium));
    line("report-changed-vpn", text(vpn), text(&turn.after.vpn));
    lines
}

/// The rules that are broken; where none is known to be, those that an open question is about.
fn rules(words: &Words, failures: &[&Finding], open: &[&Finding]) -> Vec<String> {
    let mut rules: Vec<String> = Vec::new();
    for finding in if failures.is_empty() { open } else { failures } {
        for rule in phrase::rules_by_document(words, &finding.citations) {
            let line = format!("{rule} [{}]", finding.check.id);
            let line = if failures.is_empty() { words.say(&say("report-rule-open").with("rule", line)) } else { line };
            if !rules.contains(&line) {
                rules.push(line);
            }
        }
    }
    rules
}

fn next(words: &Words, material: &Material, broken: Option<&Step>, failures: &[&Finding], open: &[&Finding]) -> String {
    // Where the network goes nowhere, nothing else can be mended first; but a network that does harm is to be left.
    let harm = failures.first().is_some_and(|first| first.check.side == Side::Network);
    match broken.filter(|_| !harm).map(|step| step.says.key) {
        Some("reach-no-address") => return words.get("report-next-no-address"),
        Some("reach-no-names" | "reach-no-internet") => return words.get("report-next-no-further"),
        Some("reach-no-names-through" | "reach-no-vpn") if failures.is_empty() => return words.get("report-next-vpn"),
        _ => {}
    }
    if let Some(first) = failures.first() {
        return phrase::step(words, first);
    }
    match open.first().map(|finding| &finding.result) {
        Some(Settled::Unknown(missing, _)) => words.remedy(&missing.reason),
        _ if material.verdict.offline() => words.get("offline-advice"),
        _ => words.get("report-next-nothing"),
    }
}

fn reached(words: &Words, step: &Step) -> Reached {
    let (state, word) = match step.reached {
        Some(true) => ("ok", "report-reached"),
        Some(false) => ("not-ok", "report-not-reached"),
        None => ("cannot-tell", "report-unknown"),
    };
    Reached { state, word: words.get(word), says: words.say(&step.says) }
}

/// The level of redaction, in a sentence.
pub(in crate::outputs) fn redaction(words: &Words, material: &Material) -> String {
    let key = format!("report-redacted-{}", material.about.redaction);
    words.say(&say("report-redacted").with("level", Arg::Key(key)))
}
