#![doc = include_str!("wifi_deauth_flood.md")]

use super::{Check, Outcome, Settle, Severity, Side, WhenUnknown, cite, fail, pass, say};
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;
use crate::inference::traffic;

/// See the module text.
pub static CHECK: Check = Check {
    id: "wifi-deauth-flood",
    words: include_str!("wifi_deauth_flood.md"),
    citations: &[cite("good-practice", "protect-management-frames")],
    severity: Severity::Medium,
    side: Side::Network,
    settle: Settle::seconds(10, 300),
    masked_by: &[],
    told_with: &[],
    unknown: WhenUnknown::Noted,
    basis: Basis::Measured,
    rule,
};

/// A flood that lasts so long is no access point that restarts, in seconds.
const LASTING: u64 = 3;

fn rule(facts: &Facts, _guidance: &Guidance) -> Result<Outcome, Missing> {
    let Some(open) = traffic::open(facts, "wifi.deauth-flood")? else {
        return Ok(if traffic::any(facts, &["wifi.any"])? {
            pass(say("wifi-deauth-flood-none").known(Basis::Measured, "packets"))
        } else {
            Outcome::NotApplicable(say("wifi-deauth-flood-na"))
        });
    };
    let says = say("wifi-deauth-flood-seen").with("packets", open.packets).with("seconds", open.lasted);
    let severity = if open.lasted >= LASTING { Severity::Medium } else { Severity::Low };
    Ok(fail(vec![says.known(Basis::Measured, "packets")]).at(severity).into())
}
