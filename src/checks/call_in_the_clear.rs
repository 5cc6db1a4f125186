#![doc = include_str!("call_in_the_clear.md")]

use super::traffic::{Shown, Sign, shown};
use super::{Check, Outcome, Settle, Severity, Side, WhenUnknown, cite, fail, pass, say};
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;
use crate::inference::traffic;

/// See the module text.
pub static CHECK: Check = Check {
    id: "call-in-the-clear",
    words: include_str!("call_in_the_clear.md"),
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
    // Told from encrypted sound by its size or its contents.
    Sign::of("cleartext.rtp", "traffic-what-rtp"),
    Sign::mild("cleartext.sip", "traffic-what-sip"),
];

/// How browsers and conference programs agree on keys before a call, and find the way to the other end.
const KEYED: &[&[&str]] = &[&["dtls.any"], &["stun.any"]];

fn rule(facts: &Facts, guidance: &Guidance) -> Result<Outcome, Missing> {
    let shown = shown(facts, SIGNS)?;
    if shown.is_empty() {
        if !traffic::was_seen(facts)? {
            return Ok(Outcome::NotApplicable(say("traffic-na-nothing")));
        }
        let mut keyed = true;
        for labels in KEYED {
            keyed &= traffic::any(facts, labels)?;
        }
        let well = if keyed { "call-in-the-clear-keyed" } else { "call-in-the-clear-none" };
        return Ok(pass(say(well).known(Basis::Measured, "packets")));
    }
    let worst = shown.iter().map(|shown| {
        let severity = traffic::severity(facts, guidance, shown.open.outside);
        if shown.sign.mild { severity.min(Severity::Medium) } else { severity }
    });
    let severity = worst.max().unwrap_or(Severity::Medium);
    Ok(fail(shown.iter().map(Shown::evidence).collect()).at(severity).into())
}
