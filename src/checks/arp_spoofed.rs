#![doc = include_str!("arp_spoofed.md")]

use std::net::IpAddr;

use super::{Check, Evidence, Outcome, Settle, Severity, Side, WhenUnknown, cite, fail, pass, say};
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;
use crate::inference::traffic::{self, Open};

/// See the module text.
pub static CHECK: Check = Check {
    id: "arp-spoofed",
    words: include_str!("arp_spoofed.md"),
    citations: &[cite("good-practice", "true-neighbours")],
    severity: Severity::High,
    side: Side::Network,
    settle: Settle::seconds(10, 120),
    masked_by: &[],
    told_with: &[],
    unknown: WhenUnknown::Noted,
    basis: Basis::Measured,
    rule,
};

/// Two devices claim one address in turn.
const CONTESTED: &str = "l2.arp-contested";
/// One device claims several that others claim.
const IMPERSONATED: &str = "l2.arp-impersonation";
/// An address has gone to another device, which has many harmless reasons.
const MOVED: &[&str] = &["l2.arp-mac-change", "l2.arp-conflict"];

fn rule(facts: &Facts, _guidance: &Guidance) -> Result<Outcome, Missing> {
    let impersonated = traffic::open(facts, IMPERSONATED)?;
    let contested = traffic::open(facts, CONTESTED)?;
    if impersonated.is_none() && contested.is_none() {
        return Ok(if traffic::any(facts, MOVED)? {
            pass(say("arp-spoofed-moved").known(Basis::Measured, "packets"))
        } else if traffic::any(facts, &["l2.arp"])? {
            pass(say("arp-spoofed-none").known(Basis::Measured, "packets"))
        } else {
            Outcome::NotApplicable(say("arp-spoofed-na"))
        });
    }
    let mut evidence: Vec<Evidence> = Vec::new();
    let (mut router, mut unknown) = (false, false);
    for (open, key) in [(&impersonated, "arp-spoofed-several"), (&contested, "arp-spoofed-contested")] {
        let Some(open) = open else { continue };
        let address = contested_address(open);
        router |= address.is_some_and(|address| is_router(facts, address));
        unknown |= facts.link.known().is_none();
        let shown = open.example.map(|example| example.to.as_str()).unwrap_or_default();
        evidence.push(say(key).with("address", shown).with("times", open.times).known(Basis::Measured, "packets"));
    }
    // Two devices that were given one address by mistake contest it, too; who stands between others claims several, or
    // the router's.
    let severity = if impersonated.is_some() || router || unknown { Severity::High } else { Severity::Medium };
    Ok(fail(evidence).at(severity).into())
}

/// The address that is claimed: it stands where a receiver would.
fn contested_address(open: &Open<'_>) -> Option<IpAddr> {
    open.example?.to.parse().ok()
}

fn is_router(facts: &Facts, address: IpAddr) -> bool {
    let links = facts.link.known();
    links.is_some_and(|links| links.routers.iter().any(|router| router.address == address))
}
