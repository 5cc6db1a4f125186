#![doc = include_str!("wifi_auto_joins_open.md")]

use super::{Check, Outcome, Settle, Severity, Side, WhenUnknown, cite, fail, pass, say};
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;

/// Most networks named one by one.
const NAMED: usize = 5;

/// See the module text.
pub static CHECK: Check = Check {
    id: "wifi-auto-joins-open",
    words: include_str!("wifi_auto_joins_open.md"),
    citations: &[cite("hk-infosec-public-wifi", "no-auto-join"), cite("hkcert-home-office", "no-auto-join")],
    severity: Severity::Medium,
    side: Side::Laptop,
    settle: Settle::seconds(60, 60),
    masked_by: &[],
    told_with: &["wifi-unencrypted"],
    unknown: WhenUnknown::Noted,
    basis: Basis::Configured,
    rule,
};

fn rule(facts: &Facts, _guidance: &Guidance) -> Result<Outcome, Missing> {
    let profiles = match facts.profiles.get() {
        // Saved networks that can be read count even while the adapter is unplugged.
        Err(_) if facts.wifi.known().is_some_and(Option::is_none) => {
            return Ok(Outcome::NotApplicable(say("wifi-auto-na-adapter")));
        }
        profiles => profiles?,
    };
    if profiles.wifi.is_empty() {
        return Ok(Outcome::NotApplicable(say("wifi-auto-na-none")));
    }
    let open: Vec<_> =
        profiles.wifi.iter().filter(|profile| profile.autoconnect && profile.key_management.is_none()).collect();
    if open.is_empty() {
        let says = say("wifi-auto-pass").with("count", profiles.wifi.len());
        return Ok(pass(says.known(Basis::Configured, "networkmanager")));
    }
    let configured = |says: super::Message| says.known(Basis::Configured, "networkmanager");
    let mut evidence: Vec<_> = open
        .iter()
        .take(NAMED)
        .map(|profile| configured(say("wifi-auto-evidence").with("ssid", profile.ssid.to_text())))
        .collect();
    if open.len() > NAMED {
        evidence.push(configured(say("wifi-auto-more").with("count", open.len() - NAMED)));
    }
    Ok(fail(evidence).into())
}
