#![doc = include_str!("wifi_enterprise_unverified.md")]

use super::{Check, Outcome, Settle, Severity, Side, WhenUnknown, cite, fail, pass, say};
use crate::facts::{Basis, Facts, Missing};
use crate::guidance::Guidance;
use crate::inference::wifi;

/// EAP methods that prove both sides without a certificate of the server.
const WITHOUT_CERTIFICATE: &[&str] = &["pwd", "sim", "aka", "aka'", "psk", "eke", "sake"];

/// See the module text.
pub static CHECK: Check = Check {
    id: "wifi-enterprise-unverified",
    words: include_str!("wifi_enterprise_unverified.md"),
    citations: &[cite("good-practice", "verify-enterprise-server")],
    severity: Severity::High,
    side: Side::Laptop,
    settle: Settle::seconds(30, 30),
    masked_by: &[],
    told_with: &[],
    unknown: WhenUnknown::Noted,
    basis: Basis::Configured,
    rule,
};

fn rule(facts: &Facts, _guidance: &Guidance) -> Result<Outcome, Missing> {
    let Some(protection) = wifi::protection(facts)? else {
        return Ok(Outcome::NotApplicable(say("wifi-na-unused")));
    };
    if !protection.is_enterprise() {
        return Ok(Outcome::NotApplicable(say("wifi-enterprise-na")));
    }
    let (settings, source) = wifi::verification(facts, protection.interface, protection.association)?;
    let about = |key| say(key).with("ssid", protection.name()).known(Basis::Configured, source);
    let without = |method: &String| WITHOUT_CERTIFICATE.contains(&method.to_ascii_lowercase().as_str());
    if !settings.methods.is_empty() && settings.methods.iter().all(without) {
        return Ok(pass(about("wifi-enterprise-no-certificate")));
    }
    Ok(match (settings.ca_certificate, settings.system_ca, settings.name_checked) {
        (false, false, _) => fail(vec![about("wifi-enterprise-no-ca")]).into(),
        // Anyone can have a certificate that the system's authorities signed: for a name of their own.
        (_, true, false) => fail(vec![about("wifi-enterprise-any-name")]).into(),
        // An authority of the employer's own may sign only the employer's servers; it may be a public one.
        (true, false, false) => fail(vec![about("wifi-enterprise-name-open")]).at(Severity::Medium).into(),
        (_, _, true) => pass(about("wifi-enterprise-verified")),
    })
}
