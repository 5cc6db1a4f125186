#![doc = include_str!("wifi_unencrypted.md")]

use super::{Check, Outcome, Settle, Severity, Side, WhenUnknown, cite, fail, pass, say};
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;
use crate::inference::vpn;
use crate::inference::wifi::{self, Security};

/// See the module text.
pub static CHECK: Check = Check {
    id: "wifi-unencrypted",
    words: include_str!("wifi_unencrypted.md"),
    citations: &[cite("pcpd-employees-2020", "E-6"), cite("hk-infosec-remote", "wpa2-or-wpa3")],
    severity: Severity::Critical,
    side: Side::Network,
    settle: Settle::seconds(10, 20),
    masked_by: &[],
    told_with: &[],
    unknown: WhenUnknown::Matters,
    basis: Basis::Advertised,
    rule,
};

fn rule(facts: &Facts, _guidance: &Guidance) -> Result<Outcome, Missing> {
    let Some(protection) = wifi::protection(facts)? else {
        return Ok(Outcome::NotApplicable(say("wifi-na-unused")));
    };
    let about = |key| protection.shows(say(key).with("ssid", protection.name()));
    match protection.security {
        Security::Open | Security::OpenOweTransition => {
            let mut evidence = vec![about("wifi-unencrypted-evidence")];
            let sibling = protection.association.bss.owe_transition.as_ref().map(|other| other.ssid.to_text());
            if let Some(sibling) = &sibling {
                let says = say("wifi-unencrypted-sibling").with("sibling", sibling);
                evidence.push(says.known(Basis::Advertised, "nl80211"));
            }
            // Whether the tunnel carries everything must be known to soften: silence is no shelter.
            let sheltered = vpn::is_full(facts).unwrap_or(false);
            if sheltered {
                evidence.push(say("wifi-unencrypted-sheltered").known(Basis::Measured, "rtnetlink"));
            }
            let mut failure = fail(evidence).at(if sheltered { Severity::High } else { Severity::Critical });
            if let Some(sibling) = sibling {
                failure = failure.advise(say("wifi-unencrypted-advice-sibling").with("sibling", sibling));
            } else if sheltered {
                failure = failure.advise(say("wifi-unencrypted-advice-sheltered"));
            }
            Ok(protection.failing(&CHECK, failure))
        }
        Security::Wep => Ok(Outcome::NotApplicable(say("wifi-unencrypted-na-wep"))),
        Security::Unrecognised | Security::Wapi => Ok(protection.undecided(vec![about("wifi-unrecognised")])),
        _ => Ok(pass(
            protection.shows(say("wifi-encrypted").with("ssid", protection.name()).with("class", protection.class())),
        )),
    }
}
