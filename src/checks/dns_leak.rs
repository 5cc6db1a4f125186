#![doc = include_str!("dns_leak.md")]

use super::traffic::{Shown, Sign, shown};
use super::vpn_bypassed::severity_if_hidden;
use super::{Arg, Check, Evidence, Outcome, Settle, Severity, WhenUnknown, cite, fail, pass, say};
use crate::facts::dns::Encryption;
use crate::facts::{Basis, Facts, Missing, Reason, Thing};
use crate::guidance::{Guidance, Required};
use crate::inference::dns::{self, Leak, Names, Path, Reach};
use crate::inference::{place, traffic, vpn};

/// See the module text.
pub static CHECK: Check = Check {
    id: "dns-leak",
    words: include_str!("dns_leak.md"),
    citations: &[cite("pcpd-organisations-2020", "O-5"), cite("nist-800-81r3", "confidential-queries")],
    severity: Severity::High,
    settle: Settle::seconds(20, 20),
    masked_by: &["vpn-down", "vpn-bypassed", "vpn-route-hijacked"],
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

fn rule(facts: &Facts, guidance: &Guidance) -> Result<Outcome, Missing> {
    let leak = match dns::leak(facts, guidance) {
        Ok(leak) => leak,
        // Whom a forwarder on this machine asks shows on the wire alone.
        Err(missing) => {
            let undecided = missing == Missing::from(Reason::Undecided { what: Thing::NameLookups });
            let kept = traffic::looks_up_in_tunnel(facts).ok().flatten();
            return match kept.filter(|_| undecided && vpn::is_full(facts) == Ok(true)) {
                Some(tunnel) => {
                    Ok(pass(say("dns-leak-seen-inside").with("interface", tunnel).known(Basis::Measured, "packets")))
                }
                None => Err(missing),
            };
        }
    };
    Ok(match leak {
        Leak::NoVpn => Outcome::NotApplicable(say("dns-leak-na-no-vpn")),
        Leak::Offline => Outcome::NotApplicable(say("place-na-offline")),
        Leak::NothingBelongs => Outcome::NotApplicable(say("dns-leak-na-split")),
        Leak::Kept(paths) => Outcome::Pass(paths.iter().map(evidence).collect()),
        Leak::Lost(paths) => {
            let at = severity(facts, guidance, &paths);
            fail(paths.iter().map(evidence).chain(on_the_wire(facts)).collect()).at(at).into()
        }
    })
}

fn severity(facts: &Facts, guidance: &Guidance, lost: &[Path<'_>]) -> Severity {
    // Unreadable where it leaves, or sent only when the tunnel's resolver is silent: milder.
    let mild = |path: &Path<'_>| path.asked.encryption == Encryption::Strict || path.asked.spare;
    let most = if lost.iter().all(mild) { Severity::Medium } else { Severity::High };
    // Names of work belong in the tunnel wherever this is. Others only where the place calls for a VPN: without one,
    // a home's router is told them all.
    let work = lost.iter().any(|path| matches!(path.names, Names::Under(_)));
    if work || !(guidance.vpn.required == Required::Never || place::is_shown_private(facts, guidance)) {
        return most;
    }
    most.min(severity_if_hidden(facts, guidance))
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
