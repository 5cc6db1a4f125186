#![doc = include_str!("dns_leak.md")]

use super::traffic::{Shown, Sign, shown};
use super::vpn_bypassed::severity_if_hidden;
use super::{Arg, Check, Evidence, Outcome, Settle, Severity, Side, WhenUnknown, cite, fail, pass, say};
use crate::facts::dns::Encryption;
use crate::facts::{Basis, Facts, Missing, Reason, Thing};
use crate::guidance::{Guidance, Required};
use crate::inference::dns::{self, Leak, Names, Path, Reach};
use crate::inference::{place, traffic, vpn, witness};

/// See the module text.
pub static CHECK: Check = Check {
    id: "dns-leak",
    words: include_str!("dns_leak.md"),
    citations: &[cite("pcpd-organisations-2020", "O-5"), cite("nist-800-81r3", "confidential-queries")],
    severity: Severity::High,
    side: Side::Laptop,
    settle: Settle::seconds(20, 20),
    masked_by: &["vpn-down", "vpn-bypassed", "vpn-route-hijacked"],
    told_with: &[],
    unknown: WhenUnknown::Matters,
    basis: Basis::Measured,
    rule,
};

/// Look-ups that could be read on the way.
const SIGNS: &[Sign] = &[Sign::of("dns.do53", "traffic-what-do53")];

/// Look-ups that this machine was just seen to send beside the tunnel. They support what the settings show; alone they
/// prove nothing, for NetworkManager asks beside the VPN on purpose.
fn on_the_wire(facts: &Facts) -> Vec<Evidence> {
    let own = |shown: &&Shown<'_>| shown.open.is_current() && shown.open.sent > 0;
    shown(facts, SIGNS).unwrap_or_default().iter().filter(own).map(Shown::evidence).collect()
}

/// A random name that was looked up as any other, and the interface beside the tunnel by which that was seen to leave.
fn witnessed_beside(facts: &Facts) -> Option<Evidence> {
    let interface = witness::beside(facts, &witness::leaks(facts)?.name)?;
    Some(say("dns-leak-witnessed-beside").with("interface", interface).known(Basis::Measured, "packets"))
}

/// The same of the tunnel, if it left by no other way.
fn witnessed_inside(facts: &Facts) -> Option<Evidence> {
    let interface = witness::inside(facts, &witness::leaks(facts)?.name)?;
    Some(say("dns-leak-witnessed-inside").with("interface", interface).known(Basis::Measured, "packets"))
}

fn rule(facts: &Facts, guidance: &Guidance) -> Result<Outcome, Missing> {
    let leak = match dns::leak(facts, guidance) {
        Ok(leak) => leak,
        // Whom a forwarder on this machine asks shows on the wire alone.
        Err(missing) => {
            let undecided = missing == Missing::from(Reason::Undecided { what: Thing::NameLookups });
            if !undecided || vpn::is_full(facts) != Ok(true) {
                return Err(missing);
            }
            if let Some(beside) = witnessed_beside(facts) {
                let at = where_it_matters(facts, guidance, Severity::High);
                return Ok(fail([beside].into_iter().chain(on_the_wire(facts)).collect()).at(at).into());
            }
            let seen = |tunnel| say("dns-leak-seen-inside").with("interface", tunnel).known(Basis::Measured, "packets");
            let kept = traffic::looks_up_in_tunnel(facts).ok().flatten().map(seen);
            return witnessed_inside(facts).or(kept).map(pass).ok_or(missing);
        }
    };
    Ok(match leak {
        Leak::NoVpn => Outcome::NotApplicable(say("dns-leak-na-no-vpn")),
        Leak::Offline => Outcome::NotApplicable(say("place-na-offline")),
        Leak::NothingBelongs => Outcome::NotApplicable(say("dns-leak-na-split")),
        Leak::Kept(paths) => {
            let public = paths.iter().any(|path| path.names == Names::Public);
            match witnessed_beside(facts).filter(|_| public) {
                // Whatever the settings promise.
                Some(beside) => {
                    let at = where_it_matters(facts, guidance, Severity::High);
                    fail([beside].into_iter().chain(on_the_wire(facts)).collect()).at(at).into()
                }
                None => {
                    let seen = witnessed_inside(facts).filter(|_| public);
                    Outcome::Pass(paths.iter().map(evidence).chain(seen).collect())
                }
            }
        }
        Leak::Lost(paths) => {
            let at = severity(facts, guidance, &paths);
            let public = paths.iter().any(|path| path.names == Names::Public);
            let seen = witnessed_beside(facts).filter(|_| public);
            fail(paths.iter().map(evidence).chain(seen).chain(on_the_wire(facts)).collect()).at(at).into()
        }
    })
}

fn severity(facts: &Facts, guidance: &Guidance, lost: &[Path<'_>]) -> Severity {
    // Unreadable where it leaves, or sent only when the tunnel's resolver is silent: milder.
    let mild = |path: &Path<'_>| path.asked.encryption == Encryption::Strict || path.asked.spare;
    let most = if lost.iter().all(mild) { Severity::Medium } else { Severity::High };
    // Names of work belong in the tunnel wherever this is. Others only where the place calls for a VPN: without one,
    // a home's router is told them all.
    if lost.iter().any(|path| matches!(path.names, Names::Under(_))) {
        return most;
    }
    where_it_matters(facts, guidance, most)
}

/// Names of the Internet belong in the tunnel only where the place calls for a VPN.
fn where_it_matters(facts: &Facts, guidance: &Guidance, most: Severity) -> Severity {
    if guidance.vpn.required == Required::Never || place::is_shown_private(facts, guidance) {
        most.min(severity_if_hidden(facts, guidance))
    } else {
        most
    }
}

fn evidence(path: &Path<'_>) -> Evidence {
    let message = match (path.asked.reach, path.asked.spare, path.asked.encryption) {
        (Reach::Tunnel(interface), ..) => say("dns-leak-evidence-tunnel").with("interface", interface),
        (Reach::Beside(interface), _, Encryption::Strict) => {
            say("dns-leak-evidence-beside-encrypted").with("interface", interface)
        }
        (Reach::Beside(interface), true, _) => say("dns-leak-evidence-beside-spare").with("interface", interface),
        (Reach::Beside(interface), false, _) => say("dns-leak-evidence-beside").with("interface", interface),
        (Reach::Local | Reach::Nowhere, ..) => say("dns-leak-evidence-nowhere"),
    };
    let names = match path.names {
        Names::Public => Arg::Key("dns-names-public".to_owned()),
        Names::Under(domain) => domain.into(),
    };
    message.with("names", names).with("resolver", path.asked.address).known(Basis::Measured, "rtnetlink")
}
