#![doc = include_str!("vpn_bypassed.md")]

use std::net::IpAddr;

use super::{Check, Evidence, Outcome, Settle, Severity, Side, WhenUnknown, cite, fail, pass, say};
use crate::facts::routes::{Lookup, Purpose};
use crate::facts::sensor::{ELSEWHERE, ELSEWHERE_6, Trace};
use crate::facts::{Basis, Facts, Missing, Reason, Thing};
use crate::guidance::{Extent, Guidance, Required};
use crate::inference::vpn::around::{Author, Detour, detours, may_lead_to_server};
use crate::inference::vpn::leaves::{Leaves, leaves, public};
use crate::inference::vpn::{self, Carriage};
use crate::inference::{place, witness};

/// See the module text.
pub static CHECK: Check = Check {
    id: "vpn-bypassed",
    words: include_str!("vpn_bypassed.md"),
    citations: &[cite("pcpd-organisations-2020", "O-5")],
    severity: Severity::High,
    side: Side::Laptop,
    settle: Settle::seconds(20, 20),
    masked_by: &["vpn-down", "vpn-route-hijacked"],
    told_with: &[],
    unknown: WhenUnknown::Matters,
    basis: Basis::Measured,
    rule,
};

fn rule(facts: &Facts, guidance: &Guidance) -> Result<Outcome, Missing> {
    if vpn::carriers(facts, guidance)?.is_empty() {
        return Ok(Outcome::NotApplicable(say("vpn-na-unused")));
    }
    let mut beside: Vec<Evidence> = Vec::new();
    let mut apart: Vec<Detour> = Vec::new();
    let mut unsure: Option<Missing> = None;
    if guidance.vpn.extent == Extent::Split && guidance.destinations.is_empty() {
        return Ok(Outcome::NotApplicable(say("vpn-bypassed-na-split")));
    }
    for wanted in &guidance.destinations {
        match vpn::destination(facts, wanted) {
            Ok(lookup) => note(facts, lookup, &mut beside, &mut unsure),
            Err(missing) => unsure = Some(missing),
        }
    }
    if let Ok(Some(found)) = detours(facts, guidance) {
        // A part of a work network, where the address asked for the whole of it is not in that part.
        let asked = |detour: &Detour| {
            let mut looked_up = guidance.destinations.iter().filter_map(|wanted| vpn::destination(facts, wanted).ok());
            looked_up.any(|lookup| detour.prefix.contains(&lookup.to))
        };
        for detour in found.winning.iter().filter(|detour| !asked(detour)) {
            if let Some(name) = &detour.takes {
                let says = say("vpn-bypassed-work-part").with("prefix", detour.prefix).with("name", name);
                beside.push(says.with("interface", &detour.interface).known(Basis::Measured, "rtnetlink"));
            }
        }
    }
    if guidance.vpn.extent == Extent::Full {
        let routes = facts.routes.get()?;
        // IPv6 left out as a whole is told by `vpn-bypassed-ipv6`, in words of its own.
        let ipv6 = vpn::protected(facts, true);
        let ipv4_whole = vpn::protected(facts, false) == Ok(Carriage::Tunnel);
        let families: &[bool] = if ipv4_whole && ipv6 == Ok(Carriage::Direct) { &[false] } else { &[false, true] };
        for lookup in families.iter().flat_map(|ipv6| public(routes, *ipv6)) {
            note(facts, lookup, &mut beside, &mut unsure);
        }
        if let Ok(Some(found)) = detours(facts, guidance) {
            // Single addresses that leave by a route of their own: told, and judged by `vpn-route-hijacked`.
            apart = found.winning.into_iter().filter(|detour| detour.takes.is_none()).collect();
            let by_choice = apart
                .iter()
                .filter(|detour| detour.author == Author::Exception)
                .filter(|detour| !may_lead_to_server(facts, detour));
            beside.extend(by_choice.map(|detour| {
                say("vpn-bypassed-exception")
                    .with("prefix", detour.prefix)
                    .with("interface", &detour.interface)
                    .known(Basis::Measured, "rtnetlink")
            }));
        }
        // A packet that was seen to leave outweighs what routes promise, but for one that a route of its own leads away.
        for (to, trace) in probes(facts).filter(|(to, _)| families.contains(&to.is_ipv6())) {
            let led_away = apart.iter().any(|detour| detour.prefix.contains(&to));
            if let Some(interface) = witness::beside(facts, trace).filter(|_| !led_away) {
                let says = say("vpn-bypassed-witnessed").with("address", to).with("interface", interface);
                beside.insert(0, says.known(Basis::Measured, "packets"));
            }
        }
    }
    if beside.is_empty() {
        if let Some(missing) = unsure {
            return Err(missing);
        }
        if !apart.is_empty() {
            let but: Vec<Evidence> = apart.iter().take(SHOWN).map(but_for).collect();
            // An exception that is left here may yet be the way to the VPN's server.
            let doubtful = apart.iter().any(|detour| matches!(detour.author, Author::Doubtful | Author::Exception));
            return Ok(if doubtful {
                Outcome::Unknown(Reason::Undecided { what: Thing::RouteAuthor }.into(), but)
            } else {
                Outcome::Pass(but)
            });
        }
        if guidance.vpn.extent != Extent::Full {
            return Ok(pass(say("vpn-bypassed-work-inside").known(Basis::Measured, "rtnetlink")));
        }
        let seen = probes(facts).filter_map(|(to, trace)| {
            let says = say("vpn-bypassed-witnessed-inside").with("address", to);
            Some(says.with("interface", witness::inside(facts, trace)?).known(Basis::Measured, "packets"))
        });
        let none = say("vpn-bypassed-none").known(Basis::Measured, "rtnetlink");
        return Ok(Outcome::Pass([none].into_iter().chain(seen).collect()));
    }
    // Eleven probes that say the same are one piece of evidence.
    let more = beside.len().saturating_sub(SHOWN);
    beside.truncate(SHOWN);
    if more > 0 {
        beside.push(say("vpn-bypassed-more").with("count", more).known(Basis::Measured, "rtnetlink"));
    }
    Ok(fail(beside).at(severity(facts, guidance)).into())
}

/// Homeward's own packets to addresses that nobody has, where the sensor watched for them.
fn probes(facts: &Facts) -> impl Iterator<Item = (IpAddr, &Trace)> {
    witness::leaks(facts).into_iter().flat_map(|leaks| [(ELSEWHERE, &leaks.ipv4), (ELSEWHERE_6, &leaks.ipv6)])
}

/// "All but this."
fn but_for(detour: &Detour) -> Evidence {
    let says = say("vpn-bypassed-but").with("prefix", detour.prefix).with("interface", &detour.interface);
    says.known(Basis::Measured, "rtnetlink")
}

/// How many destinations are shown by name.
const SHOWN: usize = 3;

fn note(facts: &Facts, lookup: &Lookup, beside: &mut Vec<Evidence>, unsure: &mut Option<Missing>) {
    match leaves(facts, lookup) {
        Leaves::Direct(way) => {
            let says = match &lookup.purpose {
                Purpose::Destination { name } => say("vpn-bypassed-work").with("name", name),
                _ => say("vpn-bypassed-public"),
            };
            let says = says.with("address", lookup.to).with("interface", &way.interface);
            beside.push(says.known(Basis::Measured, "rtnetlink"));
        }
        Leaves::Tunnel(carrier) if carrier.protects == Some(false) => {
            let interface = carrier.interface.unwrap_or_default();
            let says = say("vpn-bypassed-plain").with("address", lookup.to).with("interface", interface);
            beside.push(says.known(Basis::Measured, "rtnetlink"));
        }
        Leaves::Unsure(missing) => *unsure = Some(missing),
        // Of the Internet as a whole `vpn-bypassed-ipv6` tells.
        Leaves::Local(_) if lookup.purpose == Purpose::Public => {}
        Leaves::Local(_) => *unsure = Some(Reason::Undecided { what: Thing::Ipv6Way }.into()),
        Leaves::Tunnel(_) | Leaves::Blocked | Leaves::NoRoute => {}
    }
}

/// As [`severity`], for what goes unseen while the VPN seems to carry everything: where it cannot be told
/// whether this place requires the VPN, it counts as required.
pub(super) fn severity_if_hidden(facts: &Facts, guidance: &Guidance) -> Severity {
    match severity(facts, guidance) {
        Severity::Medium => Severity::High,
        told => told,
    }
}

/// High where the VPN is required, low where it is not, between where that cannot be told.
pub(super) fn severity(facts: &Facts, guidance: &Guidance) -> Severity {
    match guidance.vpn.required {
        Required::Always => Severity::High,
        Required::Never => Severity::Low,
        Required::OnPublic => match place::is_public(facts, guidance) {
            Ok(true) => Severity::High,
            Ok(false) => Severity::Low,
            Err(_) => Severity::Medium,
        },
    }
}
