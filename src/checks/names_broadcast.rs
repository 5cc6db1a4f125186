#![doc = include_str!("names_broadcast.md")]

use super::traffic::{Shown, Sign, shown};
use super::{Check, Outcome, Settle, Severity, Side, WhenUnknown, cite, fail, pass, say};
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;
use crate::inference::{place, traffic};

/// See the module text.
pub static CHECK: Check = Check {
    id: "names-broadcast",
    words: include_str!("names_broadcast.md"),
    citations: &[cite("good-practice", "ask-resolvers-alone")],
    severity: Severity::Low,
    side: Side::Laptop,
    settle: Settle::seconds(30, 600),
    masked_by: &[],
    told_with: &[],
    unknown: WhenUnknown::Noted,
    basis: Basis::Measured,
    rule,
};

const SIGNS: &[Sign] = &[Sign::of("dns.llmnr", "traffic-what-llmnr"), Sign::of("dns.nbns", "traffic-what-nbns")];

fn rule(facts: &Facts, guidance: &Guidance) -> Result<Outcome, Missing> {
    let mut shown = shown(facts, SIGNS)?;
    // Other people's laptops ask everybody, too: where it is known who sent what, only this one counts.
    let by_others = |shown: &Shown<'_>| shown.open.sent == 0 && shown.open.received > 0;
    shown.retain(|shown| !by_others(shown));
    if shown.is_empty() {
        return Ok(if traffic::was_seen(facts)? {
            pass(say("names-broadcast-none").known(Basis::Measured, "packets"))
        } else {
            Outcome::NotApplicable(say("traffic-na-nothing"))
        });
    }
    let severity = match place::is_public(facts, guidance) {
        Ok(true) => Severity::Low,
        // At home this is how devices find each other.
        Ok(false) => return Ok(Outcome::NotApplicable(say("names-broadcast-na-private"))),
        Err(_) => Severity::Info,
    };
    Ok(fail(shown.iter().map(Shown::evidence).collect()).at(severity).into())
}
