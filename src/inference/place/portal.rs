//! Whether a sign-in page waits. One witness alone never says "portal"; a probe that was blocked says nothing.

use std::net::IpAddr;

use crate::checks::{Arg, Evidence, say};
use crate::facts::portal::{Connectivity, Portal, Probe, ProbeOutcome};
use crate::facts::{Basis, Facts, Missing, Observed, Reason, Thing};
use crate::inference::address;
use crate::inference::place::PortalState;

/// RFC 8910: the announcement that there is no captive portal.
const UNRESTRICTED: &str = "urn:ietf:params:capport:unrestricted";

/// What one probe says of a portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Witness {
    /// The real server answered.
    Free,
    /// Someone else answered.
    Portal,
    /// Nothing was learned.
    Silent,
}

fn witness(probe: &Observed<Probe>) -> Witness {
    match probe.known().map(|probe| &probe.outcome) {
        Some(ProbeOutcome::Expected) => Witness::Free,
        Some(ProbeOutcome::Redirected { .. } | ProbeOutcome::Altered { .. } | ProbeOutcome::AuthenticationRequired) => {
            Witness::Portal
        }
        // A false name is as often an advertisement blocker's as a portal's.
        Some(ProbeOutcome::NoName(_) | ProbeOutcome::FalseName(_) | ProbeOutcome::NoAnswer(_)) | None => {
            Witness::Silent
        }
    }
}

/// The announced API, unless it announces that there is no portal.
fn announced(portal: &Portal) -> Option<&crate::facts::portal::PortalApi> {
    portal.api.known()?.as_ref().filter(|api| api.uri != UNRESTRICTED)
}

/// The state of the sign-in page.
///
/// # Errors
/// [`Missing`] when it cannot be told.
pub fn portal(facts: &Facts) -> Result<PortalState, Missing> {
    let portal = facts.portal.get()?;
    let undecided = Missing::from(Reason::Undecided { what: Thing::PortalProbe });
    let announced = announced(portal);
    if announced.is_some_and(|api| api.captive == Some(true)) {
        return Ok(PortalState::Present);
    }
    let open = if announced.is_some() { PortalState::Passed } else { PortalState::Absent };
    let networkmanager = portal.networkmanager.known();
    let portal_by_networkmanager = networkmanager == Some(&Connectivity::Portal);
    match (witness(&portal.probe), witness(&portal.second)) {
        (Witness::Portal, Witness::Portal) => Ok(PortalState::Present),
        // NetworkManager looks every few minutes: its "portal" may be of before the sign-in, or of a blocked page.
        (Witness::Free, _) | (_, Witness::Free) if portal_by_networkmanager => Err(undecided),
        (Witness::Free, _) | (_, Witness::Free) => Ok(open),
        (Witness::Portal, Witness::Silent) | (Witness::Silent, Witness::Portal)
            if portal_by_networkmanager || announced.is_some() =>
        {
            Ok(PortalState::Present)
        }
        (Witness::Portal, Witness::Silent) | (Witness::Silent, Witness::Portal) => Err(undecided),
        (Witness::Silent, Witness::Silent) => match &portal.probe {
            Observed::Unknown(Reason::NotSent { .. }) if networkmanager == Some(&Connectivity::Full) => Ok(open),
            Observed::Unknown(reason) => Err(reason.clone().into()),
            Observed::Known(probe) => Err(silence(&probe.outcome)),
        },
    }
}

fn silence(outcome: &ProbeOutcome) -> Missing {
    let what = Thing::PortalProbe;
    match outcome {
        ProbeOutcome::NoAnswer(error) | ProbeOutcome::NoName(error) if error == "timed out" => {
            Reason::TimedOut { what }.into()
        }
        ProbeOutcome::NoAnswer(error) | ProbeOutcome::NoName(error) => Reason::failed(what, error).into(),
        _ => Reason::Undecided { what }.into(),
    }
}

/// What the witnesses say, for a finding.
pub fn evidence(facts: &Facts) -> Vec<Evidence> {
    let Some(portal) = facts.portal.known() else {
        return Vec::new();
    };
    let mut evidence: Vec<Evidence> = Vec::new();
    evidence.extend(portal.probe.known().map(told));
    evidence.extend(portal.second.known().map(told));
    evidence.extend(portal.networkmanager.known().and_then(|connectivity| match connectivity {
        Connectivity::Portal => Some(say("portal-evidence-nm-portal").known(Basis::Measured, "networkmanager")),
        Connectivity::Full => Some(say("portal-evidence-nm-full").known(Basis::Measured, "networkmanager")),
        Connectivity::Unknown | Connectivity::None | Connectivity::Limited => None,
    }));
    evidence.extend(announced(portal).map(|api| {
        let key = match api.captive {
            Some(true) => "portal-evidence-api-captive",
            Some(false) => "portal-evidence-api-free",
            None => "portal-evidence-announced",
        };
        say(key).with("uri", &api.uri).known(Basis::Advertised, "dhcp")
    }));
    evidence
}

fn told(probe: &Probe) -> Evidence {
    let text = |key| say(key).with("host", host(&probe.url));
    let status = |status: u16| Arg::Text(status.to_string());
    let message = match &probe.outcome {
        ProbeOutcome::Expected => text("portal-evidence-expected"),
        ProbeOutcome::Redirected { status: code, location_host } => {
            text("portal-evidence-redirected").with("status", status(*code)).with("location", location_host)
        }
        ProbeOutcome::Altered { status: 0 } => text("portal-evidence-not-http"),
        ProbeOutcome::Altered { status: code } => text("portal-evidence-altered").with("status", status(*code)),
        ProbeOutcome::AuthenticationRequired => text("portal-evidence-511"),
        ProbeOutcome::NoName(error) => text("portal-evidence-no-name").with("error", error),
        ProbeOutcome::FalseName(address) => text("portal-evidence-false-name").with("address", *address),
        ProbeOutcome::NoAnswer(error) => text("portal-evidence-no-answer").with("error", error),
    };
    message.known(Basis::Measured, "probe")
}

/// The host of a URL.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or(rest)
}

/// Whether the network announces a sign-in service (RFC 8910), whatever it says of this machine.
pub(super) fn is_announced(facts: &Facts) -> bool {
    facts.portal.known().is_some_and(|portal| announced(portal).is_some())
}

/// Whether the only probe that someone else answered was not contradicted: a sign, not yet a portal.
pub(super) fn unconfirmed(facts: &Facts) -> bool {
    let Some(portal) = facts.portal.known() else {
        return false;
    };
    matches!(
        (witness(&portal.probe), witness(&portal.second)),
        (Witness::Portal, Witness::Silent) | (Witness::Silent, Witness::Portal)
    )
}

/// Whether several names, one of them made up, were all answered with the same private address.
pub(super) fn one_address_for_all(facts: &Facts) -> bool {
    let false_names = facts.portal.known().into_iter().flat_map(|portal| {
        [&portal.probe, &portal.second].into_iter().filter_map(|probe| {
            let probe = probe.known()?;
            match probe.outcome {
                ProbeOutcome::FalseName(address) => Some(address),
                _ => probe.address.filter(|address| is_private(*address)),
            }
        })
    });
    let made_up = facts.dns.known().and_then(|dns| match dns.nonsense.known()? {
        crate::facts::dns::Nonsense::Addresses(addresses) => addresses.first().copied(),
        _ => None,
    });
    made_up.is_some_and(|address| is_private(address) && false_names.into_iter().any(|other| other == address))
}

/// An address of a local network: private, shared or the like; not zero, not loopback.
fn is_private(address: IpAddr) -> bool {
    !address::is_public(address) && !address.is_unspecified() && !address.is_loopback() && !address.is_multicast()
}
