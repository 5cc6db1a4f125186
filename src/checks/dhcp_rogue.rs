#![doc = include_str!("dhcp_rogue.md")]

use super::{Check, Outcome, Settle, Severity, Side, WhenUnknown, cite, fail, pass, say};
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;
use crate::inference::{place, traffic};

/// See the module text.
pub static CHECK: Check = Check {
    id: "dhcp-rogue",
    words: include_str!("dhcp_rogue.md"),
    citations: &[cite("good-practice", "one-word-of-dhcp")],
    severity: Severity::High,
    side: Side::Network,
    settle: Settle::seconds(0, 600),
    masked_by: &[],
    told_with: &[],
    unknown: WhenUnknown::Noted,
    basis: Basis::Measured,
    rule,
};

/// Two servers answered one request and name different routers or resolvers.
const CONFLICTING: &str = "dhcp.conflicting-offers";

fn rule(facts: &Facts, guidance: &Guidance) -> Result<Outcome, Missing> {
    let Some(open) = traffic::open(facts, CONFLICTING)? else {
        return Ok(if traffic::any(facts, &["dhcp.multi-server"])? {
            pass(say("dhcp-rogue-agree").known(Basis::Measured, "packets"))
        } else if traffic::any(facts, &["dhcp.offer-ack"])? {
            pass(say("dhcp-rogue-one").known(Basis::Measured, "packets"))
        } else {
            Outcome::NotApplicable(say("dhcp-rogue-na"))
        });
    };
    let server = open.example.map(|example| example.from.as_str()).unwrap_or_default();
    let says = say("dhcp-rogue-conflicting").with("server", server);
    // At home it is rather a second router that was plugged in the wrong way round.
    let at_home = place::is_shown_private(facts, guidance);
    let severity = if at_home { Severity::Medium } else { Severity::High };
    Ok(fail(vec![says.known(Basis::Measured, "packets")]).at(severity).into())
}
