#![doc = include_str!("dual_connected.md")]

use super::{Check, Outcome, Settle, Severity, Side, WhenUnknown, cite, fail, pass, say};
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;
use crate::inference::link::{WayOut, ways_out};
use crate::inference::place;

/// See the module text.
pub static CHECK: Check = Check {
    id: "dual-connected",
    words: include_str!("dual_connected.md"),
    citations: &[cite("nist-800-153", "dual-connected"), cite("cuhk-itsc", "one-interface")],
    severity: Severity::Low,
    side: Side::Laptop,
    settle: Settle::seconds(30, 60),
    masked_by: &[],
    told_with: &[],
    unknown: WhenUnknown::Noted,
    basis: Basis::Measured,
    rule,
};

fn rule(facts: &Facts, guidance: &Guidance) -> Result<Outcome, Missing> {
    let ways = ways_out(facts)?;
    let Some(first) = ways.first() else {
        return Ok(Outcome::NotApplicable(say("link-na-offline")));
    };
    // A docked laptop's cable and Wi-Fi lead to the same router: one network.
    let mut networks: Vec<&WayOut<'_>> = vec![first];
    for way in &ways {
        if !networks.iter().any(|known| known.same_network(way)) {
            networks.push(way);
        }
    }
    if networks.len() < 2 {
        let says = say("dual-connected-one").with("interface", &first.interface.name);
        return Ok(pass(says.known(Basis::Measured, "rtnetlink")));
    }
    let mut evidence: Vec<_> = networks
        .iter()
        .map(|way| {
            let says = match way.gateway {
                Some(gateway) => say("dual-connected-way").with("gateway", gateway),
                None => say("dual-connected-way-direct"),
            };
            says.with("interface", &way.interface.name).known(Basis::Measured, "rtnetlink")
        })
        .collect();
    let open = open_wifi(facts).filter(|name| networks.iter().any(|way| way.interface.name == *name));
    if let Some(name) = open {
        evidence.push(say("dual-connected-open").with("interface", name).known(Basis::Advertised, "nl80211"));
    }
    let exposed = open.is_some() || place::is_public(facts, guidance) == Ok(true);
    Ok(fail(evidence).at(if exposed { Severity::Medium } else { Severity::Low }).into())
}

/// The Wi-Fi interface that is joined to a network without any encryption, in use or not.
fn open_wifi(facts: &Facts) -> Option<&str> {
    let wifi = facts.wifi.known()?.as_ref()?;
    let bss = &wifi.association.as_ref()?.bss;
    let open = !bss.privacy && bss.rsn.is_none() && bss.wpa.is_none() && !bss.rsn_malformed && !bss.wapi;
    open.then_some(wifi.interface.as_str())
}
