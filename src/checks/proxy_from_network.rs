#![doc = include_str!("proxy_from_network.md")]

use super::{Check, Outcome, Settle, Severity, Side, WhenUnknown, cite, fail, pass, say};
use crate::facts::proxy::ProxyMode;
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;
use crate::inference::{link, place};

/// See the module text.
pub static CHECK: Check = Check {
    id: "proxy-from-network",
    words: include_str!("proxy_from_network.md"),
    citations: &[cite("good-practice", "no-proxy-from-network")],
    severity: Severity::Medium,
    side: Side::Network,
    settle: Settle::seconds(30, 30),
    masked_by: &[],
    told_with: &["portal-waiting"],
    unknown: WhenUnknown::Noted,
    basis: Basis::Configured,
    rule,
};

fn rule(facts: &Facts, guidance: &Guidance) -> Result<Outcome, Missing> {
    let proxy = facts.proxy.get()?;
    let set = |key| say(key).with("where", &proxy.source).known(Basis::Configured, "proxy settings");
    if proxy.mode != ProxyMode::FromNetwork {
        return Ok(pass(set("proxy-from-network-evidence-set")));
    }
    let Some(outward) = link::outward(facts)? else {
        return Ok(Outcome::NotApplicable(say("place-na-offline")));
    };
    if let Some(name) = place::trusted(facts, guidance) {
        return Ok(pass(
            say("proxy-from-network-evidence-trusted").with("name", name).known(Basis::Configured, "guidance"),
        ));
    }
    let announced = facts.dhcp.known().and_then(|dhcp| {
        dhcp.leases.iter().find(|lease| lease.interface == outward.name).and_then(|lease| lease.wpad.as_ref())
    });
    if let Some(script) = announced {
        let announcement =
            say("proxy-from-network-evidence-announced").with("script", script).known(Basis::Advertised, "dhcp");
        return Ok(fail(vec![set("proxy-from-network-evidence-auto"), announcement]).into());
    }
    if place::is_public(facts, guidance)? {
        return Ok(fail(vec![set("proxy-from-network-evidence-auto")]).into());
    }
    // At home nothing is announced by DHCP, and the setting does no harm until the next café.
    Ok(pass(set("proxy-from-network-evidence-auto-quiet")))
}
