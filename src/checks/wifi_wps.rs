#![doc = include_str!("wifi_wps.md")]

use super::{Check, Outcome, Settle, Severity, Side, WhenUnknown, cite, fail, pass, say};
use crate::facts::{Basis, Facts, Missing, Reason, Thing};
use crate::guidance::Guidance;
use crate::inference::wifi::{self, Security};

/// Config methods by PIN: label 0x0004, display 0x0008, keypad 0x0100 (hostap's `wps_defs.h`).
const PIN_METHODS: u16 = 0x010c;
/// Device password id of a PIN.
const PIN_ID: u16 = 0;

/// See the module text.
pub static CHECK: Check = Check {
    id: "wifi-wps",
    words: include_str!("wifi_wps.md"),
    citations: &[cite("cis-telework", "disable-wps"), cite("safeonweb-home", "disable-wps")],
    severity: Severity::Low,
    side: Side::Network,
    settle: Settle::seconds(60, 60),
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
    // WPS hands out the network's password; where there is none, there is nothing to hand out.
    if protection.is_open() || protection.is_enterprise() || protection.security == Security::Owe {
        return Ok(Outcome::NotApplicable(say("wifi-wps-na-no-password")));
    }
    let bss = &protection.association.bss;
    if bss.bssid.is_empty() {
        return Err(Reason::NotAvailable { what: Thing::Nl80211 }.into());
    }
    let about = |key| say(key).with("ssid", protection.name()).known(Basis::Advertised, "nl80211");
    let Some(wps) = &bss.wps else { return Ok(pass(about("wifi-wps-off"))) };
    if wps.locked {
        return Ok(pass(about("wifi-wps-locked")));
    }
    let by_pin = wps.methods.is_some_and(|methods| methods & PIN_METHODS != 0) || wps.password_id == Some(PIN_ID);
    let mut evidence = vec![about(if by_pin {
        "wifi-wps-pin"
    } else if wps.methods.is_some() {
        "wifi-wps-button"
    } else {
        "wifi-wps-unsaid"
    })];
    if wps.registrar_selected {
        evidence.push(about("wifi-wps-joining"));
    }
    Ok(fail(evidence).at(if by_pin { Severity::Low } else { Severity::Info }).into())
}
