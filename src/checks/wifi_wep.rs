#![doc = include_str!("wifi_wep.md")]

use super::{Check, Outcome, Settle, Severity, Side, WhenUnknown, cite, fail, pass, say};
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;
use crate::inference::wifi::{self, Security, is_wep};

/// See the module text.
pub static CHECK: Check = Check {
    id: "wifi-wep",
    words: include_str!("wifi_wep.md"),
    citations: &[cite("pcpd-employees-2020", "E-6"), cite("hk-infosec-remote", "no-wep-or-wpa")],
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
    if protection.security == Security::Wep {
        return Ok(protection.failing(&CHECK, fail(vec![about("wifi-wep-evidence")])));
    }
    if protection.is_open() {
        return Ok(Outcome::NotApplicable(say("wifi-na-open")));
    }
    if protection.group.is_some_and(is_wep) {
        return Ok(protection.failing(&CHECK, fail(vec![about("wifi-wep-group")])));
    }
    if matches!(protection.security, Security::Unrecognised | Security::Wapi)
        || protection.pairwise.iter().copied().any(is_wep)
    {
        return Ok(protection.undecided(vec![about("wifi-unrecognised")]));
    }
    Ok(pass(protection.shows(say("wifi-wep-pass").with("ssid", protection.name()).with("class", protection.class()))))
}
