#![doc = include_str!("ra_rogue.md")]

use super::{Check, Evidence, Outcome, Settle, Severity, Side, WhenUnknown, cite, fail, pass, say};
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;
use crate::inference::traffic;

/// See the module text.
pub static CHECK: Check = Check {
    id: "ra-rogue",
    words: include_str!("ra_rogue.md"),
    citations: &[cite("good-practice", "true-neighbours")],
    severity: Severity::Medium,
    side: Side::Network,
    settle: Settle::seconds(30, 600),
    masked_by: &[],
    told_with: &[],
    unknown: WhenUnknown::Noted,
    basis: Basis::Measured,
    rule,
};

/// Two routers offer themselves as the way out, and have no prefix in common.
const CONFLICTING: &str = "ra.conflicting";
/// More advertisements than any router sends.
const FLOOD: &str = "ra.flood";

fn rule(facts: &Facts, _guidance: &Guidance) -> Result<Outcome, Missing> {
    let mut evidence: Vec<Evidence> = Vec::new();
    for (label, key) in [(CONFLICTING, "ra-rogue-conflicting"), (FLOOD, "ra-rogue-flood")] {
        if let Some(open) = traffic::open(facts, label)? {
            let router = open.example.map(|example| example.from.as_str()).unwrap_or_default();
            evidence.push(say(key).with("router", router).known(Basis::Measured, "packets"));
        }
    }
    if !evidence.is_empty() {
        return Ok(fail(evidence).into());
    }
    Ok(if traffic::any(facts, &["ra.multi-router"])? {
        pass(say("ra-rogue-agree").known(Basis::Measured, "packets"))
    } else if traffic::any(facts, &["ra.any"])? {
        pass(say("ra-rogue-one").known(Basis::Measured, "packets"))
    } else {
        Outcome::NotApplicable(say("ra-rogue-na"))
    })
}
