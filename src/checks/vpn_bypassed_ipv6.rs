#![doc = include_str!("vpn_bypassed_ipv6.md")]

use super::vpn_bypassed::severity_if_hidden;
use super::{Check, Outcome, Settle, Severity, WhenUnknown, cite, fail, pass, say};
use crate::facts::routes::Lookup;
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
    settle: Settle::seconds(20, 20),
    masked_by: &["vpn-down", "vpn-bypassed", "vpn-route-hijacked"],
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
    match vpn::protected(facts, true)? {
        Carriage::Tunnel => Ok(pass(say("vpn-bypassed-ipv6-inside").known(Basis::Measured, "rtnetlink"))),
        Carriage::None => Ok(pass(say("vpn-bypassed-ipv6-none").known(Basis::Measured, "rtnetlink"))),
        Carriage::Direct | Carriage::Mixed => {
            let routes = facts.routes.get()?;
            let mut meant: Vec<&Lookup> = public(routes, true).collect();
            if guidance.vpn.extent == Extent::Split {
                // What is not work may go beside the VPN, by either family.
                meant.clear();
                if !guidance.destinations.is_empty() {
                    meant.extend(vpn::destinations(routes, guidance).filter(|lookup| lookup.to.is_ipv6()));
                }
            }
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
    }
}
