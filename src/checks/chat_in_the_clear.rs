#![doc = include_str!("chat_in_the_clear.md")]

use super::traffic::{Shown, Sign, shown};
use super::{Check, Outcome, Settle, Severity, Side, WhenUnknown, cite, fail, pass, say};
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;
use crate::inference::traffic;

/// See the module text.
pub static CHECK: Check = Check {
    id: "chat-in-the-clear",
    words: include_str!("chat_in_the_clear.md"),
    citations: &[cite("enisa-home-2020", "encrypted-applications")],
    severity: Severity::High,
    side: Side::Laptop,
    settle: Settle::seconds(0, 600),
    masked_by: &[],
    told_with: &[],
    unknown: WhenUnknown::Noted,
    basis: Basis::Measured,
    rule,
};

const SIGNS: &[Sign] = &[
    Sign::of("cleartext.xmpp-plain", "traffic-what-xmpp-plain"),
    Sign::of("cleartext.irc-pass", "traffic-what-irc-pass"),
    Sign::mild("cleartext.irc", "traffic-what-irc"),
];

fn rule(facts: &Facts, guidance: &Guidance) -> Result<Outcome, Missing> {
    let shown = shown(facts, SIGNS)?;
    if shown.is_empty() {
        return Ok(if traffic::was_seen(facts)? {
            pass(say("chat-in-the-clear-none").known(Basis::Measured, "packets"))
        } else {
            Outcome::NotApplicable(say("traffic-na-nothing"))
        });
    }
    let outside = shown.iter().any(|shown| shown.open.outside);
    let mut severity = traffic::severity(facts, guidance, outside);
    if shown.iter().all(|shown| shown.sign.mild) {
        severity = severity.min(Severity::Medium);
    }
    Ok(fail(shown.iter().map(Shown::evidence).collect()).at(severity).into())
}
