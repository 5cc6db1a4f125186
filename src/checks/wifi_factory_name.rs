#![doc = include_str!("wifi_factory_name.md")]

use super::{Check, Outcome, Settle, Severity, Side, WhenUnknown, cite, fail, pass, say};
use crate::facts::{Basis, Facts, Missing, Reason, Thing};
use crate::guidance::Guidance;
use crate::inference::{place, wifi};
use crate::signatures::routers;

/// See the module text.
pub static CHECK: Check = Check {
    id: "wifi-factory-name",
    words: include_str!("wifi_factory_name.md"),
    citations: &[cite("safeonweb-home", "rename-network")],
    severity: Severity::Low,
    side: Side::Network,
    settle: Settle::seconds(60, 60),
    masked_by: &[],
    told_with: &[],
    unknown: WhenUnknown::Noted,
    basis: Basis::Advertised,
    rule,
};

fn rule(facts: &Facts, guidance: &Guidance) -> Result<Outcome, Missing> {
    let Some(protection) = wifi::protection(facts)? else {
        return Ok(Outcome::NotApplicable(say("wifi-na-unused")));
    };
    if protection.is_enterprise() {
        return Ok(Outcome::NotApplicable(say("wifi-factory-na-company")));
    }
    if matches!(place::is_public(facts, guidance), Ok(true)) {
        return Ok(Outcome::NotApplicable(say("wifi-factory-na-public")));
    }
    let ssid = &protection.association.bss.ssid;
    if ssid.0.is_empty() {
        return Err(Reason::NotAvailable { what: Thing::Nl80211 }.into());
    }
    let about = |key| say(key).with("ssid", protection.name());
    Ok(match routers::maker_of(&ssid.0) {
        Some(maker) => {
            fail(vec![about("wifi-factory-evidence").with("maker", maker).known(Basis::Advertised, "nl80211")]).into()
        }
        None => pass(about("wifi-factory-pass").known(Basis::Advertised, "nl80211")),
    })
}
