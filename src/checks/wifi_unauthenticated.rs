#![doc = include_str!("wifi_unauthenticated.md")]

use super::{Check, Outcome, Settle, Severity, Side, WhenUnknown, cite, fail, pass, say};
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;
use crate::inference::wifi::{self, Security};

/// See the module text.
pub static CHECK: Check = Check {
    id: "wifi-unauthenticated",
    words: include_str!("wifi_unauthenticated.md"),
    citations: &[cite("good-practice", "authenticate-the-network")],
    severity: Severity::Medium,
    side: Side::Network,
    settle: Settle::seconds(10, 20),
    masked_by: &[],
    told_with: &[],
    unknown: WhenUnknown::Noted,
    basis: Basis::Advertised,
    rule,
};

fn rule(facts: &Facts, _guidance: &Guidance) -> Result<Outcome, Missing> {
    let Some(protection) = wifi::protection(facts)? else {
        return Ok(Outcome::NotApplicable(say("wifi-na-unused")));
    };
    let about = |key| protection.shows(say(key).with("ssid", protection.name()).with("class", protection.class()));
    Ok(match protection.security {
        Security::Open | Security::OpenOweTransition => Outcome::NotApplicable(say("wifi-na-open")),
        Security::Wep => Outcome::NotApplicable(say("wifi-na-wep")),
        Security::Unrecognised | Security::Wapi => protection.undecided(vec![about("wifi-unrecognised")]),
        Security::Owe => protection.failing(&CHECK, fail(vec![about("wifi-unauthenticated-evidence")])),
        _ => pass(about("wifi-unauthenticated-pass")),
    })
}
