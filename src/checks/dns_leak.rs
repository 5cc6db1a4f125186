#![doc = include_str!("dns_leak.md")]

use super::{Arg, Check, Evidence, Outcome, Settle, Severity, WhenUnknown, cite, fail, say};
use crate::facts::dns::Encryption;
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;
use crate::inference::dns::{self, Leak, Names, Path, Reach};

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
        Leak::NothingBelongs => Outcome::NotApplicable(say("dns-leak-na-split")),
        Leak::Kept(paths) => Outcome::Pass(paths.iter().map(evidence).collect()),
        Leak::Lost(paths) => {
            let failure = fail(paths.iter().map(evidence).collect());
            // Unreadable where it leaves, or sent only when the tunnel's resolver is silent: milder.
            let mild = |path: &Path<'_>| path.asked.encryption == Encryption::Strict || path.asked.spare;
            if paths.iter().all(mild) { failure.at(Severity::Medium).into() } else { failure.into() }
        }
    })
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
