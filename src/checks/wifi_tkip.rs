#![doc = include_str!("wifi_tkip.md")]

use super::{Check, Outcome, Settle, Severity, Side, WhenUnknown, cite, fail, pass, say};
use crate::facts::wifi::Cipher;
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;
use crate::inference::connection::WifiBasis;
use crate::inference::wifi::{self, Security};

/// See the module text.
pub static CHECK: Check = Check {
    id: "wifi-tkip",
    words: include_str!("wifi_tkip.md"),
    citations: &[cite("pcpd-employees-2020", "E-6"), cite("hk-infosec-remote", "no-wep-or-wpa")],
    severity: Severity::High,
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
    let about = |key| protection.shows(say(key).with("ssid", protection.name()).with("class", protection.class()));
    match protection.security {
        Security::Open | Security::OpenOweTransition => return Ok(Outcome::NotApplicable(say("wifi-na-open"))),
        Security::Wep => return Ok(Outcome::NotApplicable(say("wifi-na-wep"))),
        Security::Unrecognised | Security::Wapi => return Ok(protection.undecided(vec![about("wifi-unrecognised")])),
        Security::WpaPersonal | Security::WpaEnterprise => {
            return Ok(protection.failing(&CHECK, fail(vec![about("wifi-tkip-wpa1")])));
        }
        _ => {}
    }
    let own_tkip = protection.pairwise.contains(&Cipher::Tkip);
    if own_tkip && protection.pairwise.len() == 1 {
        return Ok(protection.failing(&CHECK, fail(vec![about("wifi-tkip-pairwise")])));
    }
    if protection.group == Some(Cipher::Tkip) {
        let mut evidence = vec![about("wifi-tkip-group")];
        if own_tkip {
            evidence.push(about("wifi-tkip-perhaps"));
        }
        return Ok(protection.failing(&CHECK, fail(evidence).at(Severity::Medium)));
    }
    let mixed = matches!(protection.security, Security::WpaWpa2Personal | Security::WpaWpa2Enterprise);
    if own_tkip || mixed || (protection.group.is_none() && protection.basis == WifiBasis::Advertised) {
        return Ok(protection.undecided(vec![about("wifi-tkip-perhaps")]));
    }
    Ok(pass(about("wifi-tkip-pass")))
}
