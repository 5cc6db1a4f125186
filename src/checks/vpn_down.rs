#![doc = include_str!("vpn_down.md")]

use super::{Check, Message, Outcome, Settle, Severity, Side, WhenUnknown, cite, fail, pass, say};
use crate::facts::routes::{Answer, Lookup};
use crate::facts::vpn::Tunnel;
use crate::facts::{Basis, Facts, Missing, Reason, Thing};
use crate::guidance::{Extent, Guidance, Required};
use crate::inference::vpn::alive::pulse;
use crate::inference::vpn::leaves::public;
use crate::inference::vpn::{identity, leaves};
use crate::inference::{link, place, vpn};

/// See the module text.
pub static CHECK: Check = Check {
    id: "vpn-down",
    words: include_str!("vpn_down.md"),
    citations: &[cite("pcpd-employees-2020", "E-18"), cite("nsa-public-2021", "vpn-on-public-wifi")],
    severity: Severity::High,
    side: Side::Laptop,
    settle: Settle::seconds(20, 10),
    masked_by: &["portal-waiting", "hotspot-public"],
    told_with: &["wifi-unencrypted", "wifi-wep"],
    unknown: WhenUnknown::Matters,
    basis: Basis::Measured,
    rule,
};

fn rule(facts: &Facts, guidance: &Guidance) -> Result<Outcome, Missing> {
    let wanted = match guidance.vpn.required {
        Required::Never => return Ok(Outcome::NotApplicable(say("vpn-down-na-never"))),
        Required::Always => Ok(true),
        Required::OnPublic => place::is_public(facts, guidance),
    };
    if wanted == Ok(false) {
        return Ok(Outcome::NotApplicable(say("vpn-down-na-place")));
    }
    if link::outward(facts)?.is_none() {
        // Offline: whether the VPN would carry the traffic cannot be told.
        return Err(Reason::NoConnection.into());
    }
    let carriers = vpn::carriers(facts, guidance)?;
    let whose = |carrier: Option<&str>| identity::recognised(facts, guidance, carrier);
    let named = !guidance.vpn.identities.is_empty();
    // Where the guidance names no VPN, any will do that is not of a kind people buy for themselves.
    if let Some(carrier) = carriers.iter().copied().find(|carrier| {
        let whose = whose(*carrier);
        whose == Some(true) || !named && whose.is_none()
    }) {
        return Ok(pass(carried(carrier).known(Basis::Measured, "rtnetlink")));
    }
    if carriers.iter().any(|carrier| whose(*carrier).is_none()) {
        return Err(Reason::Undecided { what: Thing::VpnIdentity }.into());
    }
    wanted?;
    if carriers.is_empty() && guidance.vpn.extent == Extent::Split && guidance.destinations.is_empty() {
        // What a split tunnel is for was not named: one that lives may well carry it.
        let lives = |tunnel: &Tunnel| {
            pulse(facts, tunnel).beats()
                && identity::recognised(facts, guidance, Some(&tunnel.interface)) != Some(false)
        };
        if leaves::tunnels(facts, facts.vpn.get()?).any(lives) {
            return Err(Reason::Undecided { what: Thing::Destination }.into());
        }
    }
    // Another tunnel than those that were seen to carry something may be the employer's and carry work.
    let may_carry = |name: &str| !carriers.contains(&Some(name)) && whose(Some(name)) != Some(false);
    if leaves::tunnel_interfaces(facts)?.into_iter().any(may_carry) {
        vpn::every_destination_asked(facts, guidance)?;
    }
    if let Some(carrier) = carriers.first() {
        let other = match identity::personal(facts, *carrier) {
            Some(client) => say("vpn-down-personal").with("name", &client.name),
            None => say("vpn-down-other").with("interface", carrier.unwrap_or("IPsec")),
        };
        let evidence =
            vec![carried(*carrier).known(Basis::Measured, "rtnetlink"), other.known(Basis::Inferred, "guidance")];
        let failure = fail(evidence);
        return Ok(match carrier {
            Some(interface) => failure.advise(say("vpn-down-advice-other").with("interface", *interface)),
            None => failure,
        }
        .into());
    }
    let idle: Vec<_> = leaves::tunnel_interfaces(facts)?
        .into_iter()
        .map(|interface| say("vpn-down-idle").with("interface", interface).known(Basis::Measured, "rtnetlink"))
        .collect();
    // A firewall that drops what it does not name may be keeping everything in until the VPN is back.
    let kept_in =
        facts.firewall.known().is_some_and(|firewall| firewall.output.iter().any(|chain| chain.drops_by_default));
    // Routes that forbid, or IPsec policies without a key.
    let blocked = |lookup: &Lookup| lookup.answer == Answer::Blocked;
    let held = facts.routes.known().is_some_and(|routes| {
        public(routes, false).any(blocked)
            && public(routes, false)
                .chain(public(routes, true))
                .all(|lookup| blocked(lookup) || lookup.answer == Answer::NoRoute)
    });
    let none = || {
        let says = match (held, kept_in) {
            (true, _) => "vpn-down-none-held",
            (false, true) => "vpn-down-none-kept-in",
            (false, false) => "vpn-down-none",
        };
        vec![say(says).known(Basis::Measured, "rtnetlink")]
    };
    Ok(fail(if idle.is_empty() { none() } else { idle }).into())
}

/// "Traffic goes by this tunnel."
fn carried(carrier: Option<&str>) -> Message {
    match carrier {
        Some(interface) => say("vpn-carries").with("interface", interface),
        None => say("vpn-carries-ipsec"),
    }
}
