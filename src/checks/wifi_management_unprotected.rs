#![doc = include_str!("wifi_management_unprotected.md")]

use super::{Check, Outcome, Settle, Severity, Side, WhenUnknown, cite, fail, pass, say};
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;
use crate::inference::wifi::{self, Kind, Security};

/// See the module text.
pub static CHECK: Check = Check {
    id: "wifi-management-unprotected",
    words: include_str!("wifi_management_unprotected.md"),
    citations: &[cite("good-practice", "protect-management-frames")],
    severity: Severity::Low,
    side: Side::Network,
    settle: Settle::seconds(60, 60),
    masked_by: &[],
    told_with: &[],
    unknown: WhenUnknown::Noted,
    basis: Basis::Measured,
    rule,
};

fn rule(facts: &Facts, _guidance: &Guidance) -> Result<Outcome, Missing> {
    let Some(protection) = wifi::protection(facts)? else {
        return Ok(Outcome::NotApplicable(say("wifi-na-unused")));
    };
    match protection.security {
        Security::Open | Security::OpenOweTransition => return Ok(Outcome::NotApplicable(say("wifi-na-open"))),
        Security::Wep => return Ok(Outcome::NotApplicable(say("wifi-na-wep"))),
        Security::WpaPersonal | Security::WpaEnterprise => {
            return Ok(Outcome::NotApplicable(say("wifi-management-na-wpa1")));
        }
        _ => {}
    }
    let measured = |key| say(key).with("ssid", protection.name()).known(Basis::Measured, "nl80211");
    if *protection.association.management_protected.get()? {
        return Ok(pass(measured("wifi-management-protected")));
    }
    match protection.security {
        Security::Wpa3Personal | Security::Owe | Security::Wpa3Enterprise | Security::Wpa3Enterprise192 => {
            let why = protection.shows(say("wifi-management-required").with("class", protection.class()));
            Ok(fail(vec![measured("wifi-management-unprotected-evidence"), why]).at(Severity::High).into())
        }
        // Without knowing what was agreed on, it may be a mode that must have it.
        _ if protection.akms.iter().any(|&akm| matches!(Kind::of(akm), Kind::Sae | Kind::Enterprise192))
            || protection.security == Security::Unrecognised =>
        {
            Ok(protection.undecided(vec![measured("wifi-management-unprotected-evidence")]))
        }
        _ => Ok(pass(measured("wifi-management-optional"))),
    }
}
