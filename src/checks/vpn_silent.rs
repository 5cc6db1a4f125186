#![doc = include_str!("vpn_silent.md")]

use super::{Check, Evidence, Outcome, Settle, Severity, Side, WhenUnknown, cite, fail, say};
use crate::facts::{Basis, Facts, Missing, Reason, Thing};
use crate::guidance::Guidance;
use crate::inference::vpn;
use crate::inference::vpn::alive::{Pulse, in_doubt, pulse};
use crate::inference::vpn::identity::recognised;
use crate::inference::vpn::leaves::tunnels;

/// See the module text.
pub static CHECK: Check = Check {
    id: "vpn-silent",
    words: include_str!("vpn_silent.md"),
    citations: &[cite("good-practice", "vpn-alive")],
    severity: Severity::High,
    side: Side::Work,
    settle: Settle::seconds(30, 10),
    masked_by: &["vpn-down"],
    told_with: &["portal-waiting"],
    unknown: WhenUnknown::MattersIf(in_doubt),
    basis: Basis::Measured,
    rule,
};

/// From so many seconds on an age is told in minutes.
const IN_MINUTES: u64 = 120;

fn rule(facts: &Facts, guidance: &Guidance) -> Result<Outcome, Missing> {
    let seen = facts.vpn.get()?;
    let (mut dead, mut well): (Vec<Evidence>, Vec<Evidence>) = (Vec::new(), Vec::new());
    let mut missing: Option<Missing> = None;
    let (mut any, mut private) = (false, false);
    let carriers = vpn::carriers(facts, guidance);
    for tunnel in tunnels(facts, seen) {
        let about = |key| say(key).with("interface", &tunnel.interface);
        let pulse = pulse(facts, tunnel);
        let in_use = carriers.as_ref().is_ok_and(|carriers| carriers.contains(&Some(tunnel.interface.as_str())));
        let of_work = in_use || recognised(facts, guidance, Some(&tunnel.interface)) == Some(true);
        if (!of_work || !in_use && pulse == Pulse::Unattached) && pulse.stopped() {
            // Whatever its far end is, neither the Internet nor work waits for it: a storage box that is switched off.
            private = true;
            if let Err(unsure) = &carriers {
                missing = Some(unsure.clone());
            }
            continue;
        }
        any = true;
        match pulse {
            Pulse::Handshake(age) | Pulse::Overheard(age) => {
                let says = if age < IN_MINUTES {
                    about("vpn-silent-handshake").with("seconds", age)
                } else {
                    about("vpn-silent-handshake-minutes").with("minutes", age / 60)
                };
                let source = if matches!(pulse, Pulse::Overheard(_)) { "packets" } else { "wireguard" };
                well.push(says.known(Basis::Measured, source));
            }
            Pulse::Answered => well.push(about("vpn-silent-answered").known(Basis::Measured, "dns")),
            Pulse::Heard(bytes) => {
                well.push(about("vpn-silent-heard").with("bytes", bytes).known(Basis::Measured, "rtnetlink"));
            }
            Pulse::Counted(bytes) => {
                well.push(about("vpn-silent-counted").with("bytes", bytes).known(Basis::Measured, "rtnetlink"));
            }
            Pulse::Stale(age) => {
                dead.push(about("vpn-silent-stale").with("minutes", age / 60).known(Basis::Measured, "wireguard"));
            }
            Pulse::Unanswered(bytes) => {
                dead.push(about("vpn-silent-unanswered").with("bytes", bytes).known(Basis::Measured, "rtnetlink"));
            }
            Pulse::Unheard => dead.push(about("vpn-silent-unheard").known(Basis::Measured, "dns")),
            Pulse::Ignored(count) => {
                dead.push(about("vpn-silent-ignored").with("count", count).known(Basis::Measured, "packets"));
            }
            Pulse::Doubtful => {
                well.push(about("vpn-silent-doubtful").known(Basis::Measured, "dns"));
                missing = missing.or(Some(Reason::Undecided { what: Thing::VpnUse }.into()));
            }
            Pulse::Unattached => {
                dead.push(about("vpn-silent-unattached").known(Basis::Measured, "rtnetlink"));
            }
            Pulse::Idle => {
                well.push(about("vpn-silent-idle").known(Basis::Measured, "rtnetlink"));
                missing = missing.or(Some(Reason::Undecided { what: Thing::VpnUse }.into()));
            }
            Pulse::Hidden(reason) => missing = Some(reason),
        }
    }
    if !dead.is_empty() {
        return Ok(fail(dead).into());
    }
    if let Some(missing) = missing {
        return Ok(Outcome::Unknown(missing, well));
    }
    if any {
        return Ok(Outcome::Pass(well));
    }
    if carriers.is_ok_and(|carriers| !carriers.is_empty()) {
        // IPsec without an interface counts nothing that could be read here.
        return Err(Reason::Undecided { what: Thing::VpnUse }.into());
    }
    Ok(Outcome::NotApplicable(say(if private { "vpn-na-unused" } else { "vpn-na-none" })))
}
