#![doc = include_str!("vpn_bypassed_ipv6.md")]

use super::vpn_bypassed::severity_if_hidden;
use super::{Check, Outcome, Settle, Severity, Side, WhenUnknown, cite, fail, pass, say};
use crate::facts::routes::{Lookup, Routes};
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::{Extent, Guidance};
use crate::inference::vpn::leaves::{Leaves, leaves, public};
use crate::inference::vpn::{self, Carriage};

/// See the module text.
pub static CHECK: Check = Check {
    id: "vpn-bypassed-ipv6",
    words: include_str!("vpn_bypassed_ipv6.md"),
    citations: &[cite("pcpd-organisations-2020", "O-5")],
    severity: Severity::High,
    side: Side::Laptop,
    settle: Settle::seconds(20, 20),
    masked_by: &["vpn-down", "vpn-bypassed", "vpn-route-hijacked"],
    told_with: &[],
    unknown: WhenUnknown::Matters,
    basis: Basis::Measured,
    rule,
};

fn rule(facts: &Facts, guidance: &Guidance) -> Result<Outcome, Missing> {
    match vpn::protected(facts, false)? {
        Carriage::Tunnel => {}
        // A VPN that carries part of IPv4, or none, is judged as a whole by `vpn-bypassed`.
        Carriage::Mixed => return Ok(Outcome::NotApplicable(say("vpn-bypassed-ipv6-na-part"))),
        Carriage::Direct | Carriage::None => return Ok(Outcome::NotApplicable(say("vpn-na-unused"))),
    }
    match vpn::protected(facts, true) {
        Ok(Carriage::Tunnel) => Ok(pass(say("vpn-bypassed-ipv6-inside").known(Basis::Measured, "rtnetlink"))),
        Ok(Carriage::None) => Ok(pass(say("vpn-bypassed-ipv6-none").known(Basis::Measured, "rtnetlink"))),
        Ok(Carriage::Direct | Carriage::Mixed) => {
            let meant = meant(facts.routes.get()?, guidance);
            let beside = meant.into_iter().find_map(|lookup| match leaves(facts, lookup) {
                Leaves::Direct(way) => Some((lookup.to, way.interface.as_str())),
                Leaves::Tunnel(carrier) if carrier.protects == Some(false) => Some((lookup.to, carrier.interface?)),
                _ => None,
            });
            if beside.is_none() && guidance.vpn.extent == Extent::Split {
                return Ok(Outcome::NotApplicable(say("vpn-bypassed-ipv6-na-split")));
            }
            let mut evidence = vec![say("vpn-bypassed-ipv6-ipv4-inside").known(Basis::Measured, "rtnetlink")];
            if let Some((to, interface)) = beside {
                let says = say("vpn-bypassed-ipv6-beside").with("address", to).with("interface", interface);
                evidence.insert(0, says.known(Basis::Measured, "rtnetlink"));
            }
            Ok(fail(evidence).at(severity_if_hidden(facts, guidance)).into())
        }
        Err(missing) => {
            let meant = meant(facts.routes.get()?, guidance);
            if meant.is_empty() && guidance.vpn.extent == Extent::Split {
                return Ok(Outcome::NotApplicable(say("vpn-bypassed-ipv6-na-split")));
            }
            let local = meant.into_iter().find_map(|lookup| match leaves(facts, lookup) {
                Leaves::Local(way) => Some((way.source?, way.interface.as_str())),
                _ => None,
            });
            let local = local.map(|(address, interface)| {
                let says = say("vpn-bypassed-ipv6-local").with("address", address).with("interface", interface);
                says.known(Basis::Measured, "rtnetlink")
            });
            Ok(Outcome::Unknown(missing, local.into_iter().collect()))
        }
    }
}

/// The look-ups that are meant to go into the VPN: under a split tunnel what is not work may go beside it, by either
/// family.
fn meant<'a>(routes: &'a Routes, guidance: &'a Guidance) -> Vec<&'a Lookup> {
    if guidance.vpn.extent == Extent::Full {
        return public(routes, true).collect();
    }
    let named = vpn::destinations(routes, guidance).filter(|lookup| lookup.to.is_ipv6());
    named.filter(|_| !guidance.destinations.is_empty()).collect()
}
