#![doc = include_str!("portal_waiting.md")]

use super::{Check, Outcome, Settle, Severity, Side, WhenUnknown, cite, fail, say};
use crate::facts::{Basis, Facts, Missing, Reason, Thing};
use crate::guidance::Guidance;
use crate::inference::link;
use crate::inference::place::{self, PortalState};

/// See the module text.
pub static CHECK: Check = Check {
    id: "portal-waiting",
    words: include_str!("portal_waiting.md"),
    citations: &[cite("cuhk-itsc", "check-portal")],
    severity: Severity::High,
    side: Side::Network,
    settle: Settle::seconds(10, 5),
    masked_by: &[],
    told_with: &[],
    unknown: WhenUnknown::Noted,
    basis: Basis::Measured,
    rule,
};

fn rule(facts: &Facts, _guidance: &Guidance) -> Result<Outcome, Missing> {
    if matches!(link::outward(facts), Ok(None)) {
        return Ok(Outcome::NotApplicable(say("place-na-offline")));
    }
    facts.portal.get()?;
    let evidence = place::portal_evidence(facts);
    Ok(match place::portal(facts) {
        Ok(PortalState::Present) => fail(evidence).into(),
        Ok(PortalState::Absent | PortalState::Passed) => Outcome::Pass(evidence),
        Ok(PortalState::Unknown) => Outcome::Unknown(Reason::Undecided { what: Thing::PortalProbe }.into(), evidence),
        Err(missing) => Outcome::Unknown(missing, evidence),
    })
}
