//! How far it reaches: from the laptop outward, one step after the other, as a helpdesk asks.

use crate::checks::{Message, Side, say};
use crate::facts::dns::Nonsense;
use crate::facts::portal::{Probe, ProbeOutcome};
use crate::facts::{Facts, Observed, Reason};
use crate::guidance::Guidance;
use crate::inference::link;
use crate::inference::vpn::alive::{Pulse, pulse};
use crate::inference::vpn::identity::recognised;
use crate::inference::vpn::{self, leaves};

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Whether it is reached; `None` when that cannot be told.
    pub reached: Option<bool>,
    /// What was seen.
    pub says: Message,
    /// Where it lies if this is the first step that is not reached.
    pub side: Side,
}

/// The steps that this moment tells of, the nearest first.
pub fn steps(facts: &Facts, guidance: &Guidance) -> Vec<Step> {
    let outward = link::outward(facts);
    let mut steps = vec![match outward {
        Ok(Some(outward)) => step(true, say("reach-link").with("interface", &outward.name), Side::Laptop),
        Ok(None) => step(false, say("reach-no-link"), Side::Laptop),
        Err(_) => unknown(say("reach-link-unknown"), Side::Laptop),
    }];
    let Ok(Some(outward)) = outward else { return steps };
    steps.push(if outward.has_address() {
        step(true, say("reach-address"), Side::Network)
    } else {
        step(false, say("reach-no-address"), Side::Network)
    });
    steps.push(router(facts, &outward.name));
    steps.push(names(facts));
    steps.push(internet(facts));
    steps.extend(tunnel(facts, guidance));
    steps
}

const fn step(reached: bool, says: Message, side: Side) -> Step {
    Step { reached: Some(reached), says, side }
}

const fn unknown(says: Message, side: Side) -> Step {
    Step { reached: None, says, side }
}

/// A router whose hardware address is known answered when it was asked for it.
fn router(facts: &Facts, interface: &str) -> Step {
    let gateway = facts.routes.known().and_then(|routes| {
        let mut own = routes.defaults.iter().filter(|route| route.interface == interface);
        own.find_map(|route| route.gateway)
    });
    let Some(gateway) = gateway else {
        return unknown(say("reach-no-router"), Side::Network);
    };
    let links = facts.link.known();
    let known =
        links.is_some_and(|links| links.routers.iter().any(|router| router.address == gateway && router.mac.is_some()));
    if known {
        step(true, say("reach-router").with("address", gateway), Side::Network)
    } else {
        unknown(say("reach-router-unknown").with("address", gateway), Side::Network)
    }
}

fn names(facts: &Facts) -> Step {
    match facts.dns.known().map(|dns| &dns.nonsense) {
        Some(Observed::Known(Nonsense::NoSuchName | Nonsense::Addresses(_))) => {
            step(true, say("reach-names"), Side::Network)
        }
        Some(
            Observed::Known(Nonsense::Refused(_)) | Observed::Unknown(Reason::TimedOut { .. } | Reason::Failed { .. }),
        ) => step(false, say("reach-no-names"), Side::Network),
        Some(Observed::Unknown(_)) | None => unknown(say("reach-names-unknown"), Side::Network),
    }
}

fn internet(facts: &Facts) -> Step {
    let answer = |probe: &Observed<Probe>| probe.known().map(|probe| probe.outcome.clone());
    let portal = facts.portal.known();
    let answers: Vec<ProbeOutcome> =
        portal.into_iter().flat_map(|portal| [answer(&portal.probe), answer(&portal.second)]).flatten().collect();
    let any = |wanted: fn(&ProbeOutcome) -> bool| answers.iter().any(wanted);
    if any(|outcome| matches!(outcome, ProbeOutcome::Expected)) {
        step(true, say("reach-internet"), Side::Network)
    } else if any(|outcome| {
        matches!(
            outcome,
            ProbeOutcome::Redirected { .. } | ProbeOutcome::Altered { .. } | ProbeOutcome::AuthenticationRequired
        )
    }) {
        step(false, say("reach-portal"), Side::Network)
    } else if any(|outcome| matches!(outcome, ProbeOutcome::NoAnswer(_))) {
        step(false, say("reach-no-internet"), Side::Network)
    } else if any(|outcome| matches!(outcome, ProbeOutcome::NoName(_))) {
        // A filter may hold back the names of the test pages alone.
        unknown(say("reach-internet-no-name"), Side::Network)
    } else {
        unknown(say("reach-internet-unknown"), Side::Network)
    }
}

/// The VPN of work, or whichever carries the traffic.
fn tunnel(facts: &Facts, guidance: &Guidance) -> Option<Step> {
    let seen = facts.vpn.known()?;
    let carriers = vpn::carriers(facts, guidance).unwrap_or_default();
    let tunnel = leaves::tunnels(facts, seen).find(|tunnel| {
        carriers.contains(&Some(tunnel.interface.as_str()))
            || recognised(facts, guidance, Some(&tunnel.interface)) == Some(true)
    })?;
    let about = |key| say(key).with("interface", &tunnel.interface);
    Some(match pulse(facts, tunnel) {
        // What came back at some time says nothing of now.
        Pulse::Counted(_) => unknown(about("reach-vpn-unknown"), Side::Work),
        pulse if pulse.beats() => step(true, about("reach-vpn"), Side::Work),
        pulse if pulse.stopped() => step(false, about("reach-no-vpn"), Side::Work),
        _ => unknown(about("reach-vpn-unknown"), Side::Work),
    })
}

/// Where it lies that it goes no further; `None` when nothing is known to be out of reach.
pub fn broken(steps: &[Step]) -> Option<Side> {
    steps.iter().find(|step| step.reached == Some(false)).map(|step| step.side)
}
