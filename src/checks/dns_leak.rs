#![doc = include_str!("dns_leak.md")]

use super::vpn_bypassed::severity_if_hidden;
use super::{Arg, Check, Evidence, Outcome, Settle, Severity, WhenUnknown, cite, fail, say};
use crate::facts::dns::Encryption;
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::{Guidance, Required};
use crate::inference::dns::{self, Leak, Names, Path, Reach};
use crate::inference::place;

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

fn rule(facts: &Facts, guidance: &Guidance) -> Result<Outcome, Missing> {
    Ok(match dns::leak(facts, guidance)? {
        Leak::NoVpn => Outcome::NotApplicable(say("dns-leak-na-no-vpn")),
        Leak::Offline => Outcome::NotApplicable(say("place-na-offline")),
        Leak::NothingBelongs => Outcome::NotApplicable(say("dns-leak-na-split")),
        Leak::Kept(paths) => Outcome::Pass(paths.iter().map(evidence).collect()),
        Leak::Lost(paths) => {
            let at = severity(facts, guidance, &paths);
            fail(paths.iter().map(evidence).collect()).at(at).into()
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
