//! How far it reaches: from the laptop outward, one step after the other, as a helpdesk asks.

use crate::checks::{Message, Side, say};
use crate::facts::dns::Nonsense;
use crate::facts::portal::{Probe, ProbeOutcome};
use crate::facts::routes::{Answer, Purpose};
use crate::facts::{Facts, Observed, Reason};
use crate::guidance::Guidance;
use crate::inference::dns::{self, Names, Reach};
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
    let held = held_back(facts);
    let (names, internet, vpn) = (names(facts, held), internet(facts, guidance, held), tunnel(facts, guidance));
    // Names that are asked through the VPN are beyond it.
    if names.side == Side::Work {
        steps.push(internet);
        steps.extend(vpn);
        steps.push(names);
    } else {
        steps.extend([names, internet]);
        steps.extend(vpn);
    }
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

/// The tunnel by which names of the Internet are asked for, if all of them are.
fn asked_through(facts: &Facts) -> Option<&str> {
    let asked = dns::asked(facts, Names::Public).ok()?;
    let mut by = asked.iter().map(|asked| match asked.reach {
        Reach::Tunnel(tunnel) => Some(tunnel),
        _ => None,
    });
    let first = by.next()??;
    by.all(|other| other.is_some()).then_some(first)
}

/// Whether this laptop itself holds packets to the Internet back: its routes block them, its firewall drops or refuses them. `None`
/// where its firewall drops what no rule accepts, and what it accepts is not known.
fn held_back(facts: &Facts) -> Option<bool> {
    // The system's word for a packet that a rule of this machine dropped (EPERM), as the probes and the system put it.
    let refused = |error: &str| error.to_ascii_lowercase().contains("not permitted");
    let by_probe = facts.portal.known().into_iter().flat_map(|portal| [&portal.probe, &portal.second]).any(|probe| {
        matches!(probe.known().map(|probe| &probe.outcome), Some(ProbeOutcome::NoAnswer(error)) if refused(error))
    });
    let by_name = facts
        .dns
        .known()
        .is_some_and(|dns| matches!(&dns.nonsense, Observed::Unknown(Reason::Failed { error, .. }) if refused(error)));
    let by_route = facts.routes.known().is_some_and(|routes| {
        let mut public = routes.lookups.iter().filter(|lookup| matches!(lookup.purpose, Purpose::Public));
        public.any(|lookup| matches!(lookup.answer, Answer::Blocked))
    });
    let by_firewall =
        facts.firewall.known().is_some_and(|firewall| firewall.output.iter().any(|chain| chain.drops_by_default));
    if by_probe || by_name || by_route { Some(true) } else { (!by_firewall).then_some(false) }
}

fn names(facts: &Facts, held: Option<bool>) -> Step {
    let tunnel = asked_through(facts);
    let side = if tunnel.is_some() { Side::Work } else { Side::Network };
    match facts.dns.known().map(|dns| &dns.nonsense) {
        Some(Observed::Known(Nonsense::NoSuchName | Nonsense::Addresses(_))) => step(true, say("reach-names"), side),
        // Someone answers, if not as it should be.
        Some(Observed::Known(Nonsense::Refused(_))) => unknown(say("reach-names-refused"), side),
        Some(Observed::Unknown(Reason::TimedOut { .. } | Reason::Failed { .. })) => match tunnel {
            // A kill switch lets the tunnel's own packets pass.
            Some(tunnel) => step(false, say("reach-no-names-through").with("interface", tunnel), side),
            None if held != Some(false) => {
                Step { reached: held.map(|held| !held), says: say("reach-names-held"), side: Side::Laptop }
            }
            None => step(false, say("reach-no-names"), side),
        },
        Some(Observed::Unknown(_)) | None => unknown(say("reach-names-unknown"), side),
    }
}

/// As the probes have it, which leave by this network itself, beside any VPN.
fn internet(facts: &Facts, guidance: &Guidance, held: Option<bool>) -> Step {
    let answer = |probe: &Observed<Probe>| probe.known().map(|probe| probe.outcome.clone());
    let portal = facts.portal.known();
    let answers: Vec<ProbeOutcome> =
        portal.into_iter().flat_map(|portal| [answer(&portal.probe), answer(&portal.second)]).flatten().collect();
    let any = |wanted: fn(&ProbeOutcome) -> bool| answers.iter().any(wanted);
    let by_vpn = vpn::carriers(facts, guidance).is_ok_and(|carriers| !carriers.is_empty());
    if any(|outcome| matches!(outcome, ProbeOutcome::Expected)) {
        step(true, say(if by_vpn { "reach-internet-beside" } else { "reach-internet" }), Side::Network)
    } else if any(|outcome| {
        matches!(
            outcome,
            ProbeOutcome::Redirected { .. } | ProbeOutcome::Altered { .. } | ProbeOutcome::AuthenticationRequired
        )
    }) {
        step(false, say("reach-portal"), Side::Network)
    } else if !answers.is_empty() && held != Some(false) {
        // What a firewall holds back beside a tunnel says nothing of what goes through it.
        let reached = held.filter(|_| !by_vpn).map(|held| !held);
        Step { reached, says: say("reach-internet-held"), side: Side::Laptop }
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

/// The first step that is known not to be reached.
pub fn broken(steps: &[Step]) -> Option<&Step> {
    steps.iter().find(|step| step.reached == Some(false))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::{Value, json};

    use super::*;

    fn moment(name: &str, change: impl FnOnce(&mut Value)) -> Facts {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/base").join(name).with_extension("json");
        let mut facts: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        change(&mut facts);
        serde_json::from_value(facts).unwrap()
    }

    fn told(facts: &Facts) -> Vec<(&'static str, Option<bool>)> {
        steps(facts, Guidance::built_in()).into_iter().map(|step| (step.says.key, step.reached)).collect()
    }

    fn lies(facts: &Facts) -> Option<Side> {
        broken(&steps(facts, Guidance::built_in())).map(|step| step.side)
    }

    fn unanswered(facts: &mut Value) {
        facts["dns"]["known"]["nonsense"] = json!({"unknown": {"why": "timed-out", "what": "dns-probe"}});
    }

    #[test]
    fn a_home_where_all_is_well_is_reached_to_the_end() {
        let steps = steps(&moment("home-wifi", |_| {}), Guidance::built_in());
        assert!(steps.len() >= 5 && steps.iter().all(|step| step.reached == Some(true)), "{steps:?}");
        assert_eq!(broken(&steps), None);
    }

    #[test]
    fn names_that_nobody_answers_lie_with_who_is_asked() {
        let home = moment("home-wifi", unanswered);
        assert_eq!(lies(&home), Some(Side::Network));
        // The same where they are asked through the VPN: the network has done its part.
        let vpn = moment("vpn-full", unanswered);
        let seen = told(&vpn);
        assert_eq!(lies(&vpn), Some(Side::Work), "{seen:?}");
        assert_eq!(seen.last(), Some(&("reach-no-names-through", Some(false))), "{seen:?}");
        assert!(seen.contains(&("reach-internet-beside", Some(true))), "{seen:?}");
    }

    #[test]
    fn without_a_link_nothing_further_is_asked() {
        let steps = steps(&moment("offline", |_| {}), Guidance::built_in());
        assert_eq!(steps.len(), 1);
        assert_eq!(broken(&steps).map(|step| step.side), Some(Side::Laptop));
        let blind = moment("blind", |_| {});
        assert_eq!(
            broken(&super::steps(&blind, Guidance::built_in())),
            None,
            "what cannot be told is not out of reach"
        );
    }

    #[test]
    fn a_filter_that_holds_back_the_test_pages_is_no_dead_line() {
        let filtered = moment("home-wifi", |facts| {
            for probe in ["probe", "second"] {
                let url = "http://nmcheck.gnome.org/check_network_status.txt";
                facts["portal"]["known"][probe] =
                    json!({"known": {"url": url, "outcome": {"no-name": "no such name"}}});
            }
        });
        assert!(told(&filtered).contains(&("reach-internet-no-name", None)), "{:?}", told(&filtered));
        assert_eq!(broken(&steps(&filtered, Guidance::built_in())), None);
    }

    #[test]
    fn what_a_kill_switch_holds_back_does_not_lie_with_the_network() {
        let refused = |facts: &mut Value| {
            for probe in ["probe", "second"] {
                let url = "http://nmcheck.gnome.org/check_network_status.txt";
                facts["portal"]["known"][probe] =
                    json!({"known": {"url": url, "outcome": {"no-answer": "not permitted"}}});
            }
        };
        // The VPN carries everything, and nothing is let out beside it: that is as it should be.
        let kept_in = moment("vpn-full", refused);
        assert_eq!(lies(&kept_in), None, "{:?}", told(&kept_in));
        // The VPN is gone, and the laptop holds everything back.
        let dropped = moment("home-wifi", |facts| {
            refused(facts);
            let failed = json!({"why": "failed", "what": "dns-probe", "error": "Operation not permitted (os error 1)"});
            facts["dns"]["known"]["nonsense"] = json!({"unknown": failed});
        });
        assert_eq!(lies(&dropped), Some(Side::Laptop), "{:?}", told(&dropped));
        // The twin: nobody answers, and nothing here holds it back.
        let dead = moment("home-wifi", |facts| {
            unanswered(facts);
            for probe in ["probe", "second"] {
                let url = "http://nmcheck.gnome.org/check_network_status.txt";
                facts["portal"]["known"][probe] = json!({"known": {"url": url, "outcome": {"no-answer": "timed out"}}});
            }
        });
        assert_eq!(lies(&dead), Some(Side::Network), "{:?}", told(&dead));
    }

    #[test]
    fn a_name_server_that_refuses_the_test_name_is_there() {
        let refusing = moment("home-wifi", |facts| {
            facts["dns"]["known"]["nonsense"] = json!({"known": {"refused": "Query Refused"}});
        });
        assert_eq!(lies(&refusing), None);
    }
}
